import type { CanonicalUrl } from './canonical-url.js';

/** What a host is that no one on the internet can put a page on. */
export interface OwnNetwork {
  /** Whether it may be a machine of the reader's own; else it belongs to nobody. */
  readonly isOwn: boolean;
  /** The host's kind, as a clause with the host as its subject. */
  readonly text: string;
}

/** Ranges by kind, from the registries of special-purpose addresses (RFC 6890; IANA, 2025-05). */
const ranges: readonly (readonly [isOwn: boolean, kind: string, ...blocks: string[]])[] = [
  [true, 'is the machine itself', '127.0.0.0/8', '0.0.0.0/8', '::1/128', '::/128'],
  [true, 'is a private address', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fec0::/10'],
  [true, 'is a link-local address, of the same cable or radio', '169.254.0.0/16', 'fe80::/10'],
  [true, 'is an address within a provider’s network', '100.64.0.0/10'],
  [true, 'is a multicast address, of a group in the same network', '224.0.0.0/4', 'ff00::/8'],
  [true, 'is the broadcast address of the same network', '255.255.255.255/32'],
  [true, 'is a local translation prefix', '64:ff9b:1::/48'],
  [
    false,
    'is an address for documentation',
    ...['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20'],
  ],
  [false, 'is an address for measurements', '198.18.0.0/15', '2001:2::/48'],
  [
    false,
    'is a reserved address',
    ...['192.0.0.0/24', '192.88.99.0/24', '240.0.0.0/4', '100::/64', '2001:10::/28', '5f00::/16'],
  ],
];

interface Block extends OwnNetwork {
  readonly first: bigint;
  readonly bits: bigint;
}

const ipv4Width = 32;
const ipv6Width = 128;

const blocks: Readonly<Record<'ipv4' | 'ipv6', readonly Block[]>> = {
  ipv4: blocksOf('.'),
  ipv6: blocksOf(':'),
};

/** The most particular first. */
function blocksOf(mark: string): Block[] {
  const found = ranges.flatMap(([isOwn, text, ...members]) =>
    members
      .filter((block) => block.includes(mark))
      .map((block): Block => {
        const [address, bits] = block.split('/');
        return { isOwn, text, first: valueOf(address), bits: BigInt(bits) };
      }),
  );
  return found.sort((a, b) => Number(b.bits - a.bits));
}

/** An address as a number. @param address dotted decimal, or IPv6 without brackets in its canonical form */
function valueOf(address: string): bigint {
  if (!address.includes(':'))
    return BigInt(address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0));
  const [head, tail] = address.split('::');
  const groups = (text: string | undefined): string[] => (text ? text.split(':') : []);
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [
    ...groups(head),
    ...Array<string>(tail === undefined ? 0 : missing).fill('0'),
    ...groups(tail),
  ];
  return all.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
}

/**
 * Names that the public domain name system never holds: RFC 6761 (localhost, test, invalid), RFC 6762 (local and, in
 * appendix G, those that private networks use), RFC 8375 (home.arpa), and what ICANN set aside (internal, 2024).
 * `example` is left out: it stands for strangers wherever it is written.
 */
const suffixes: ReadonlyMap<string, OwnNetwork> = new Map([
  ['localhost', { isOwn: true, text: 'is the machine itself' }],
  ...['local', 'internal', 'intranet', 'private', 'corp', 'home', 'lan', 'localdomain', 'home.arpa'].map(
    (name) =>
      [name, { isOwn: true, text: `is a name under .${name}, which only private networks have` }] as const,
  ),
  ['test', { isOwn: false, text: 'is a name for tests' }],
  ['invalid', { isOwn: false, text: 'is a name that is never given to anybody' }],
]);

const singleLabel: OwnNetwork = {
  isOwn: true,
  text: 'is a name without a dot, which only private networks have',
};

/** What is known of a host by its range or its suffix alone; null of hosts on the internet. */
export function ownNetwork({ bareHost, hostKind }: CanonicalUrl): OwnNetwork | null {
  if (hostKind !== 'name') return blockOf(bareHost, hostKind);
  const dot = bareHost.lastIndexOf('.');
  if (dot < 0)
    return bareHost === 'localhost' ? suffixes.get(bareHost)! : bareHost.length > 2 ? singleLabel : null;
  const top = bareHost.slice(dot + 1);
  if (top !== 'arpa') return suffixes.get(top) ?? null;
  return /(?:^|\.)home\.arpa$/.test(bareHost) ? suffixes.get('home.arpa')! : null;
}

function blockOf(host: string, kind: 'ipv4' | 'ipv6'): OwnNetwork | null {
  const width = BigInt(kind === 'ipv4' ? ipv4Width : ipv6Width);
  const value = valueOf(kind === 'ipv4' ? host : host.slice(1, -1));
  return blocks[kind].find(({ first, bits }) => value >> (width - bits) === first >> (width - bits)) ?? null;
}
