import { createHash } from 'node:crypto';
import { type CanonicalUrl, isUrlFault, parseUrl } from '../detector/url/canonical-url.js';
import { findingKinds } from '../detector/flow/host-finding.js';
import { parsePair, parseService, ruleText } from './flow-rule.js';
import type { ListEntry, MatchKind } from './list-entry.schema.js';
import { bitsOf, ipText, networkText, parseIp, parseNetwork } from './network.js';

/** What an entry covers, in canonical spelling. */
export type Covered = Pick<ListEntry, 'match' | 'value'>;

/** What a value comes to, or why it cannot be one of its kind. */
export type ListValue = Covered | { readonly message: string };

/** Kinds of findings that entries may be about: each, or all scans. */
export const findingScopes: readonly string[] = [...findingKinds, 'scan'];

/** Reads what someone typed for an entry; a value that would cover something else than it seems to is refused. */
export function readListValue(match: MatchKind, text: string): ListValue {
  switch (match) {
    case 'network':
      return networkValue(text);
    case 'pair':
    case 'service':
      return ruleValue(match, text);
    case 'finding':
      return findingValue(text);
    case 'brand':
      return brandValue(text);
    case 'url':
    case 'host':
    case 'domain':
    case 'suffix':
      return addressValue(match, text);
  }
}

/** The `_id` of an entry: the first 96 bits of a sha256, in hex. What allows and what denies the same has the same one. */
export function listEntryId({
  list,
  match,
  value,
  finding,
}: Pick<ListEntry, 'list' | 'match' | 'value' | 'finding'>): string {
  const covered = match === 'brand' ? [match, value.toLowerCase()] : [match, value];
  const scope = [...(finding === null ? [] : [finding]), ...(list === 'suppress' ? [list] : [])];
  return createHash('sha256')
    .update(JSON.stringify([...covered, ...scope]))
    .digest('hex')
    .slice(0, 24);
}

/** The host of an IP address as an entry has it: IPv6 in brackets, as in URLs. */
export function hostValue(ip: readonly number[]): Covered {
  return { match: 'host', value: ip.length === 1 ? ipText(ip) : `[${ipText(ip)}]` };
}

function addressValue(match: 'url' | 'host' | 'domain' | 'suffix', text: string): ListValue {
  const ip = match === 'url' ? null : parseIp(text.trim());
  if (ip) {
    return match === 'host' ? hostValue(ip) : { message: "is an IP address; use the match 'host'" };
  }
  const url = parseUrl(match === 'suffix' ? text.trim().replace(/^\*?\./, '') : text);
  if (isUrlFault(url)) return url;
  if (match === 'url') return { match, value: withoutUserinfo(url) };
  if (url.tail !== '' || url.userinfo !== null || url.port !== null) {
    return {
      message: "has more than a host; for one address use the match 'url', for a port of a host 'service'",
    };
  }
  if (match === 'domain') return domainOf(url);
  // `www.` is left out of hosts, but all below it is less than all below the domain.
  if (match === 'suffix')
    return url.hostKind === 'name'
      ? { match, value: url.host }
      : { message: "is an IP address; use the match 'host'" };
  return { match, value: url.bareHost };
}

/** Somebody's password has no place in a list. */
function withoutUserinfo({ text, userinfo }: CanonicalUrl): string {
  return userinfo === null ? text : text.slice(`//${userinfo}@`.length);
}

function domainOf({ hostKind, bareHost, registeredDomain, publicSuffix }: CanonicalUrl): ListValue {
  if (hostKind !== 'name') return { message: "is an IP address; use the match 'host'" };
  if (bareHost === publicSuffix)
    return { message: "is a public suffix, which no one registers; use the match 'suffix'" };
  if (bareHost === registeredDomain) return { match: 'domain', value: registeredDomain };
  return {
    message: `is below the registered domain ${registeredDomain}; name that, or use the match 'host' or 'suffix'`,
  };
}

function networkValue(text: string): ListValue {
  const network = parseNetwork(text.trim());
  if (!network) return { message: 'is no network such as 10.0.0.0/8 or 2001:db8::/32' };
  return network.length === bitsOf(network.ip)
    ? hostValue(network.ip)
    : { match: 'network', value: networkText(network) };
}

function ruleValue(match: 'pair' | 'service', text: string): ListValue {
  const rule = match === 'pair' ? parsePair(text.trim()) : parseService(text);
  if (rule) return { match, value: ruleText(rule) };
  if (match === 'pair') return { message: 'is no pair of hosts such as 192.168.1.9 > 203.0.113.4' };
  const url = parseUrl(text);
  const isNamed = !isUrlFault(url) && url.hostKind === 'name' && url.tail === '' && url.port !== null;
  if (isNamed) return { match, value: `${url.bareHost}:${url.port}` };
  return {
    message: 'is no service such as 192.168.1.9:53/udp, [2001:db8::1]:443, shop.example:8080 or 53/udp',
  };
}

function findingValue(text: string): ListValue {
  const value = text.trim().toLowerCase();
  if (findingScopes.includes(value)) return { match: 'finding', value };
  return { message: `is no kind of finding; there are ${findingScopes.join(', ')}` };
}

/** The name as people write it; look-alikes are looked for of its letters and digits. */
function brandValue(text: string): ListValue {
  const value = text.trim().replace(/\s+/g, ' ');
  const letters = value.replace(/[^\p{L}\p{N}]/gu, '').length;
  if (letters < 3) return { message: 'has fewer than three letters, which too many names have in them' };
  return letters > 40
    ? { message: 'is longer than 40 letters; name the part that stands in addresses' }
    : { match: 'brand', value };
}
