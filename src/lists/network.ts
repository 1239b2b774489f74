/** An address of the internet protocol: one word of 32 bits (IPv4) or four (IPv6). */
export type Ip = readonly number[];

/** Addresses that share their first `length` bits. The bits behind them are 0. */
export interface Network {
  readonly ip: Ip;
  readonly length: number;
}

/**
 * Reads an address in dotted decimal or as IPv6, with or without brackets and zone; one that stands for an IPv4 address
 * (`::ffff:10.0.0.1`) is that.
 * @returns null where it is none
 */
export function parseIp(text: string): Ip | null {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): Ip | null {
  let [word, part, digits, parts] = [0, 0, 0, 0];
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 0x2e;
    if (code === 0x2e) {
      if (digits === 0 || part > 255 || ++parts > 4) return null;
      word = word * 256 + part;
      part = digits = 0;
    } else {
      if (code < 0x30 || code > 0x39 || ++digits > 3) return null;
      part = part * 10 + code - 0x30;
    }
  }
  return parts === 4 ? [word] : null;
}

function parseIpv6(text: string): Ip | null {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  const [front, back, ...more] = bare.replace(/%[\w.-]*$/, '').split('::');
  if (more.length > 0) return null;
  const [first, last] = [groupsOf(front), back === undefined ? [] : groupsOf(back)];
  if (!first || !last) return null;
  const missing = 8 - first.length - last.length;
  if (back === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...first, ...new Array<number>(missing).fill(0), ...last];
  const words = [0, 2, 4, 6].map((i) => groups[i] * 65536 + groups[i + 1]);
  const isMapped = words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
  return isMapped ? [words[3]] : words;
}

/** Numbers of 16 bits; null where a group is none. */
function groupsOf(text: string): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  for (const part of text.split(':')) {
    const v4 = part.includes('.') ? parseIpv4(part) : null;
    if (v4) groups.push(v4[0] >>> 16, v4[0] & 0xffff);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups.length > 8 ? null : groups;
}

/** In dotted decimal, or as RFC 5952 writes an IPv6 address, without brackets. */
export function ipText(ip: Ip): string {
  if (ip.length === 1) return [24, 16, 8, 0].map((shift) => (ip[0] >>> shift) & 255).join('.');
  const groups = ip.flatMap((word) => [word >>> 16, word & 0xffff]);
  return new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]/`).hostname.slice(1, -1);
}

export function bitsOf(ip: Ip): number {
  return ip.length * 32;
}

/** The network of these first bits around an address. */
export function networkOf(ip: Ip, length: number): Network {
  return { ip: ip.map((word, i) => masked(word, length - 32 * i)), length };
}

/** A word with all but its first `length` bits 0. */
export function masked(word: number, length: number): number {
  if (length >= 32) return word;
  return length <= 0 ? 0 : (word & (-1 << (32 - length))) >>> 0;
}

/** `10.0.0.0/8`, `2001:db8::/32`. */
export function networkText({ ip, length }: Network): string {
  return `${ipText(ip)}/${length}`;
}

/**
 * Reads a network: `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, or an address, which is a network of one. Bits behind the prefix
 * are left out: `10.1.2.3/8` is `10.0.0.0/8`.
 * @returns null where it is none
 */
export function parseNetwork(text: string): Network | null {
  const [address, prefix, ...more] = text.split('/');
  const ip = parseIp(address.trim());
  if (!ip || more.length > 0) return null;
  if (prefix === undefined) return { ip, length: bitsOf(ip) };
  // An IPv4 address that is written as IPv6 has 96 bits before its own.
  const bitsBefore = ip.length === 1 && address.includes(':') ? 96 : 0;
  const length = prefixLength(prefix.trim(), ip, bitsBefore);
  return length === null ? null : networkOf(ip, length);
}

function prefixLength(text: string, ip: Ip, bitsBefore: number): number | null {
  if (/^\d{1,3}$/.test(text)) {
    const length = Number(text) - bitsBefore;
    return length >= 0 && length <= bitsOf(ip) ? length : null;
  }
  const mask = ip.length === 1 ? parseIpv4(text)?.[0] : undefined;
  if (mask === undefined) return null;
  const length = Math.clz32(~mask);
  return masked(0xffffffff, length) === mask ? length : null;
}

/**
 * The fewest networks that make up the addresses from one to another, both included.
 * @returns null where the second comes before the first or is of the other protocol
 */
export function networksOfRange(from: Ip, to: Ip): Network[] | null {
  if (from.length !== to.length) return null;
  const bits = bitsOf(from);
  const last = toBigInt(to);
  let next = toBigInt(from);
  if (next > last) return null;
  const networks: Network[] = [];
  while (next <= last) {
    let free = 0;
    // As wide as the address is round, and as there is room up to the last one.
    while (free < bits && (next >> BigInt(free)) % 2n === 0n && next + (2n << BigInt(free)) - 1n <= last)
      free++;
    networks.push({ ip: fromBigInt(next, from.length), length: bits - free });
    next += 1n << BigInt(free);
  }
  return networks;
}

function toBigInt(ip: Ip): bigint {
  return ip.reduce((sum, word) => (sum << 32n) + BigInt(word), 0n);
}

function fromBigInt(value: bigint, words: number): Ip {
  return Array.from({ length: words }, (_, i) =>
    Number((value >> BigInt(32 * (words - 1 - i))) & 0xffffffffn),
  );
}
