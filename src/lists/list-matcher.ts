import { type CanonicalUrl, isUrlFault, parseUrl } from '../detector/url/canonical-url.js';
import { addressKey, fragmentKey, orderlessKey } from './address-key.js';
import { type FlowRule, parsePair, parseService } from './flow-rule.js';
import { counting, type Held, HeldChains, type HeldEntry } from './held-entry.js';
import type { ListEntry } from './list-entry.schema.js';
import { type Ip, parseIp, parseNetwork } from './network.js';
import { hostNetwork, NetworkIndex } from './network-index.js';
import { type Ends, RuleIndex } from './rule-index.js';

/** A flow or what a host was found to do, as far as entries may cover it. Hosts are IP addresses. */
export interface FlowEnds {
  readonly source: string | null;
  readonly target: string | null;
  readonly port: number | null;
  readonly proto: string | null;
}

/** An entry that decides on a flow. */
export interface FlowMatch {
  readonly entry: HeldEntry;
  /** Whether it covers all that the flow's source does, so that findings about that do not count. */
  readonly isOfSource: boolean;
}

/**
 * The entries of a list, or of two that speak against each other, ready to be compared with addresses and flows. Of
 * those that cover the same thing the one that covers least decides, whichever list it is on; of two that cover as much,
 * the one that denies.
 */
export class ListMatcher {
  /** By the address, the address with its fragment, and the address with its parameters in order of the alphabet. */
  private readonly addresses = new HeldChains<string>();
  private readonly orderless = new HeldChains<string>();
  /** By `host:port`. */
  private readonly services = new HeldChains<string>();
  private readonly hosts = new HeldChains<string>();
  /** Of domains and suffixes: both cover all hosts that end so. */
  private readonly suffixes = new HeldChains<string>();
  private readonly networks = new NetworkIndex();
  private readonly rules = new RuleIndex();
  private readonly findings = new HeldChains<string>();

  /** Takes in an entry as it now stands: new, changed or removed. */
  put(entry: ListEntry): void {
    if (entry.removedAt) return this.remove(entry);
    const { match, value } = entry;
    switch (match) {
      case 'url':
        return this.putAddress(entry);
      case 'host':
      case 'domain':
      case 'network':
      case 'suffix': {
        const network = networkOfEntry(entry);
        if (network) this.networks.put(network, entry);
        else (match === 'host' ? this.hosts : this.suffixes).put(value, entry);
        return;
      }
      case 'finding':
        return this.findings.put(value, entry);
      case 'pair':
      case 'service':
      case 'brand': {
        const rule = ruleOf(entry);
        if (rule) this.rules.put(rule, entry);
        else this.services.put(value, entry);
      }
    }
  }

  /**
   * The entry that decides on an address, and on what leads to it; null where none does. A link of the chain that is
   * denied denies the whole. Otherwise what the chain leads to has to be allowed itself, for whoever allows a redirector
   * allows nothing behind it; only an entry of one whole address covers what stands within that address.
   * What was parsed out of an address counts, never its text: `example.com.evil.test` and `example.com@evil.test` belong
   * to `evil.test`.
   * @param chain the address, then what it leads to, link by link
   */
  find(chain: readonly CanonicalUrl[], now: Date): HeldEntry | null {
    let allowed: Held | null = null;
    for (let i = chain.length - 1; i >= 0; i--) {
      const held = this.decidingOn(chain[i], now.getTime());
      if (held?.list === 'deny') return held.entry();
      if (held && (i === chain.length - 1 || held.isAddress)) allowed ??= held;
    }
    return allowed?.entry() ?? null;
  }

  /**
   * The entry that decides on a flow: of its pair of hosts, of its service, or of one of its hosts. A host that is denied
   * denies its flows; one that is allowed allows those that it begins and those that lead to it.
   */
  findFlow(flow: FlowEnds, now: Date): FlowMatch | null {
    if (this.networks.isEmpty && this.rules.isEmpty) return null;
    const ends = endsOf(flow);
    const choose = (chain: Held): Held | null => counting(chain, now.getTime(), isWhole);
    const rule = this.rules.find(ends, choose);
    if (rule) return { entry: rule.entry(), isOfSource: true };
    const source = ends.source && this.networks.find(ends.source, choose);
    const target = ends.target && this.networks.find(ends.target, choose);
    if (source?.list !== 'deny' && target?.list === 'deny')
      return { entry: target.entry(), isOfSource: false };
    if (source) return { entry: source.entry(), isOfSource: true };
    return target ? { entry: target.entry(), isOfSource: false } : null;
  }

  /**
   * The entry that decides whether a finding counts: of the host that it names, of the pair, of the service, or of its
   * kind; null where none does.
   */
  findFinding(kind: string, flow: FlowEnds, now: Date): HeldEntry | null {
    const ends = endsOf(flow);
    const isMeant = ({ finding }: Held): boolean => finding === null || isOfKind(kind, finding);
    const choose = (chain: Held | undefined): Held | null => counting(chain, now.getTime(), isMeant);
    const held =
      this.rules.find(ends, choose) ??
      (ends.source && this.networks.find(ends.source, choose)) ??
      choose(this.findings.get(kind)) ??
      (isOfKind(kind, 'scan') ? choose(this.findings.get('scan')) : null);
    return held?.entry() ?? null;
  }

  private putAddress(entry: ListEntry): void {
    const url = parseUrl(entry.value);
    if (isUrlFault(url)) return;
    this.removeAddress(url, entry);
    if (entry.anyOrder) this.orderless.put(orderlessKey(url), entry);
    else this.addresses.put(fragmentKey(url) ?? addressKey(url), entry);
  }

  private remove(entry: ListEntry): void {
    const { match, value } = entry;
    if (match === 'url') {
      const url = parseUrl(value);
      if (!isUrlFault(url)) this.removeAddress(url, entry);
      return;
    }
    const network = networkOfEntry(entry);
    if (network) return this.networks.remove(network, entry);
    const rule = ruleOf(entry);
    if (rule) return this.rules.remove(rule, entry);
    const chains = { host: this.hosts, domain: this.suffixes, suffix: this.suffixes, finding: this.findings };
    (chains[match as keyof typeof chains] ?? this.services).remove(value, entry);
  }

  /** In whichever order its parameters were before. */
  private removeAddress(url: CanonicalUrl, entry: ListEntry): void {
    if (!this.orderless.isEmpty) this.orderless.remove(orderlessKey(url), entry);
    this.addresses.remove(fragmentKey(url) ?? addressKey(url), entry);
  }

  /** The most particular entry that covers an address by itself. */
  private decidingOn(url: CanonicalUrl, now: number): Held | null {
    const choose = (chain: Held | undefined): Held | null => counting(chain, now, isWhole);
    return (
      this.ofAddress(url, choose) ??
      this.ofService(url, choose) ??
      (url.hostKind === 'name' ? this.ofName(url, choose) : this.ofIp(url, choose))
    );
  }

  private ofAddress(url: CanonicalUrl, choose: Choose): Held | null {
    const fragment = this.addresses.isEmpty ? null : fragmentKey(url);
    const particular = fragment === null ? null : choose(this.addresses.get(fragment));
    if (particular) return particular;
    const exact = this.addresses.isEmpty ? null : choose(this.addresses.get(addressKey(url)));
    const ordered = this.orderless.isEmpty ? null : choose(this.orderless.get(orderlessKey(url)));
    return exact?.list === 'deny' ? exact : (ordered ?? exact);
  }

  private ofService({ bareHost, hostKind, port, scheme }: CanonicalUrl, choose: Choose): Held | null {
    if (hostKind === 'name' ? this.services.isEmpty : this.rules.isEmpty) return null;
    const ports = port === null ? [scheme === 'http' ? 0 : 443, scheme === 'https' ? 0 : 80] : [port];
    for (const one of ports.filter((number) => number > 0)) {
      const held =
        hostKind === 'name'
          ? choose(this.services.get(`${bareHost}:${one}`))
          : this.rules.find({ source: null, target: parseIp(bareHost), port: one, proto: 'tcp' }, choose);
      if (held) return held;
    }
    return null;
  }

  private ofIp({ bareHost }: CanonicalUrl, choose: Choose): Held | null {
    const ip = this.networks.isEmpty ? null : parseIp(bareHost);
    return ip && this.networks.find(ip, choose);
  }

  private ofName({ bareHost, host }: CanonicalUrl, choose: Choose): Held | null {
    const held = choose(this.hosts.get(bareHost));
    if (held || this.suffixes.isEmpty) return held;
    for (let at = 0; at >= 0;) {
      const found = choose(this.suffixes.get(at === 0 ? host : host.slice(at)));
      if (found) return found;
      const dot = host.indexOf('.', at);
      at = dot < 0 ? -1 : dot + 1;
    }
    return null;
  }
}

type Choose = (chain: Held | undefined) => Held | null;

/** Whether an entry is about all that it covers, and not about a kind of finding alone. */
function isWhole({ finding }: Held): boolean {
  return finding === null;
}

function isOfKind(kind: string, scope: string): boolean {
  return kind === scope || (scope === 'scan' && kind.endsWith('-scan'));
}

/** The network of an entry of IP addresses; null for others. */
function networkOfEntry({ match, value }: ListEntry): ReturnType<typeof parseNetwork> {
  if (match === 'network') return parseNetwork(value);
  const ip = match === 'host' || match === 'domain' ? parseIp(value) : null;
  return ip && hostNetwork(ip);
}

function ruleOf({ match, value }: ListEntry): FlowRule | null {
  if (match === 'pair') return parsePair(value);
  return match === 'service' ? parseService(value) : null;
}

function endsOf({ source, target, port, proto }: FlowEnds): Ends {
  return { source: ipOf(source), target: ipOf(target), port, proto };
}

function ipOf(text: string | null): Ip | null {
  return text === null ? null : parseIp(text);
}
