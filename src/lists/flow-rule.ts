import { ipText, type Network, networkText, parseNetwork } from './network.js';

/** Which flows an entry covers; null where it does not say. */
export interface FlowRule {
  readonly source: Network | null;
  readonly target: Network | null;
  readonly port: number | null;
  readonly proto: string | null;
}

/** A pair's two hosts: `192.168.1.9 > 203.0.113.4`; networks and `*` for any will do. Null for what is none. */
export function parsePair(text: string): FlowRule | null {
  const ends = text.split(/\s*(?:->|>|→)\s*|\s+/).map((end) => end.trim());
  if (ends.length !== 2) return null;
  const [source, target] = ends.map(parseEnd);
  if (source === undefined || target === undefined || (source === null && target === null)) return null;
  return { source, target, port: null, proto: null };
}

/** `*` as null; undefined for what is no end. */
function parseEnd(text: string): Network | null | undefined {
  return text === '*' ? null : (parseNetwork(text.replace(/^\[(.*)\]$/, '$1')) ?? undefined);
}

/** A service: `192.168.1.9:53/udp`, `[2001:db8::1]:443`, `10.0.0.0/8:22`, `53/udp`, `*:53`. */
export function parseService(text: string): FlowRule | null {
  const [, protoBefore, host = '*', port, protoBehind] =
    /^(?:(tcp|udp|icmp|sctp)\/)?(?:(.*):)?(\d{1,5})(?:\/(tcp|udp|icmp|sctp))?$/i.exec(text.trim()) ?? [];
  // Without brackets nobody could tell where an IPv6 address ends.
  const isOpen = host.includes(':') && !host.startsWith('[');
  const target = port === undefined || isOpen ? undefined : parseEnd(host.trim());
  if (target === undefined || Number(port) > 65535) return null;
  const proto = (protoBehind ?? protoBefore)?.toLowerCase() ?? null;
  return { source: null, target, port: Number(port), proto };
}

/** Its canonical spelling, which `parsePair` or `parseService` reads again. */
export function ruleText({ source, target, port, proto }: FlowRule): string {
  if (port === null) return `${endText(source)} > ${endText(target)}`;
  const host = endText(target);
  return `${host.includes(':') ? `[${host}]` : host}:${port}${proto === null ? '' : `/${proto}`}`;
}

function endText(end: Network | null): string {
  if (end === null) return '*';
  return end.length === end.ip.length * 32 ? ipText(end.ip) : networkText(end);
}
