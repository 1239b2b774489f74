import type { ListEntry } from './list-entry.schema.js';
import { type Held, HeldChains } from './held-entry.js';
import { bitsOf, type Ip, masked, type Network } from './network.js';

/** A prefix as a key: a number for IPv4, text for IPv6. */
type Prefix = number | string;

/**
 * Entries by network. One table a length of prefix: an address is looked for once a length that entries have, from the
 * longest on, however many entries there are.
 */
export class NetworkIndex {
  /** By protocol and length, the longest first; those without entries are left out. */
  private readonly tables = new Map<number, { length: number; chains: HeldChains<Prefix> }[]>();

  get isEmpty(): boolean {
    return this.tables.size === 0;
  }

  put({ ip, length }: Network, entry: ListEntry): void {
    const tables = this.tables.get(ip.length) ?? [];
    this.tables.set(ip.length, tables);
    let table = tables.find((one) => one.length === length);
    if (!table) {
      table = { length, chains: new HeldChains() };
      tables.push(table);
      tables.sort((a, b) => b.length - a.length);
    }
    table.chains.put(prefixKey(ip, length), entry);
  }

  remove({ ip, length }: Network, entry: ListEntry): void {
    const tables = this.tables.get(ip.length) ?? [];
    const at = tables.findIndex((one) => one.length === length);
    if (at < 0 || !tables[at].chains.remove(prefixKey(ip, length), entry)) return;
    if (tables[at].chains.isEmpty) tables.splice(at, 1);
    if (tables.length === 0) this.tables.delete(ip.length);
  }

  /** What `choose` finds first among the entries that cover an address, those of the longest prefix first. */
  find(ip: Ip, choose: (chain: Held) => Held | null): Held | null {
    for (const { length, chains } of this.tables.get(ip.length) ?? []) {
      const chain = chains.get(prefixKey(ip, length));
      const found = chain && choose(chain);
      if (found) return found;
    }
    return null;
  }
}

export function prefixKey(ip: Ip, length: number): Prefix {
  if (ip.length === 1) return masked(ip[0], length);
  return ip.map((word, i) => masked(word, length - 32 * i)).join(':');
}

/** The network that an address is by itself. */
export function hostNetwork(ip: Ip): Network {
  return { ip, length: bitsOf(ip) };
}
