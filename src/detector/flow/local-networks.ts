import { isIP } from 'node:net';
import { addressClass } from './address-class.js';
import type { Flow } from './flow.js';

/** Which way a connection goes, seen from the network that is watched; `across` where neither end is known to be in it. */
export type Direction = 'out' | 'in' | 'within' | 'across';

interface Network {
  /** Bits of the address that count, 32 a word. */
  readonly words: readonly number[];
  readonly masks: readonly number[];
}

/** The networks that are watched: what an operator names, the private and link-local ranges where none are named. */
export class LocalNetworks {
  static readonly standard = new LocalNetworks([]);

  private readonly v4: readonly Network[];
  private readonly v6: readonly Network[];

  /** @param networks addresses, each with or without a prefix length. @throws RangeError naming what is none */
  constructor(networks: readonly string[]) {
    const parsed = networks.map(parseNetwork);
    this.v4 = parsed.filter(({ words }) => words.length === 1);
    this.v6 = parsed.filter(({ words }) => words.length === 4);
  }

  /** Whether an address is in one of the networks; what is no address is in none. */
  has(address: string): boolean {
    if (this.v4.length + this.v6.length === 0) return addressClass(address) === 'private';
    const isV6 = address.includes(':');
    const networks = isV6 ? this.v6 : this.v4;
    if (networks.length === 0) return false;
    const words = isV6 ? wordsOfV6(address) : wordsOfV4(address);
    return networks.some(({ words: own, masks }) => own.every((word, i) => (words[i] & masks[i]) === word));
  }

  /** What the sensor says counts as well: it may know of networks that nobody has named here. */
  directionOf({ id_orig_h: from, id_resp_h: to, local_orig, local_resp }: Flow): Direction {
    const fromHere = local_orig === true || this.has(from ?? '');
    const toHere = local_resp === true || this.has(to ?? '');
    if (fromHere) return toHere ? 'within' : 'out';
    return toHere ? 'in' : 'across';
  }
}

function parseNetwork(text: string): Network {
  const [address, length] = text.split('/', 2);
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  const bits = length === undefined ? most : /^\d{1,3}$/.test(length) ? Number(length) : NaN;
  if (version === 0 || address.includes('%') || !(bits <= most) || text.split('/').length > 2)
    throw new RangeError(`'${text}' is no network such as 10.0.0.0/8 or 2001:db8::/32`);
  const words = version === 4 ? wordsOfV4(address) : wordsOfV6(address);
  const masks = words.map((_, i) => maskOf(bits - 32 * i));
  return { words: words.map((word, i) => word & masks[i]), masks };
}

/** The first `bits` bits of a word. */
function maskOf(bits: number): number {
  return bits <= 0 ? 0 : bits >= 32 ? -1 : -1 << (32 - bits);
}

function wordsOfV4(address: string): number[] {
  let [word, part] = [0, 0];
  for (let i = 0; i <= address.length; i++) {
    const code = address.charCodeAt(i);
    if (code >= 48 && code <= 57) part = part * 10 + code - 48;
    else [word, part] = [(word << 8) | part, 0];
  }
  return [word];
}

function wordsOfV6(address: string): number[] {
  const tail = address.lastIndexOf(':') + 1;
  // The last 32 bits may stand as an IPv4 address.
  const [last] = address.includes('.') ? wordsOfV4(address.slice(tail)) : [null];
  const plain =
    last === null
      ? address
      : `${address.slice(0, tail)}${(last >>> 16).toString(16)}:${(last & 0xffff).toString(16)}`;
  const [head, rest] = plain.split('::', 2);
  const front = groupsOf(head);
  const back = groupsOf(rest ?? '');
  const gap = rest === undefined ? 0 : 8 - front.length - back.length;
  const groups = [...front, ...new Array<number>(Math.max(0, gap)).fill(0), ...back];
  return [0, 2, 4, 6].map((i) => (groups[i] << 16) | groups[i + 1]);
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => parseInt(group, 16));
}
