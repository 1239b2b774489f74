import { createHash } from 'node:crypto';
import { type CanonicalUrl, isUrlFault, parseUrl } from '../detector/url/canonical-url.js';
import type { MatchKind } from './list-entry.schema.js';

/** A value in canonical spelling, or why it cannot be one. */
export type ListValue = { readonly value: string } | { readonly message: string };

/** Reads what someone typed for an entry; a value that would cover something else than it seems to is refused. */
export function readListValue(match: MatchKind, text: string): ListValue {
  const url = parseUrl(match === 'suffix' ? text.trim().replace(/^\*?\./, '') : text);
  if (isUrlFault(url)) return url;
  if (match === 'url') return { value: url.text };
  if (url.tail !== '' || url.userinfo !== null || url.port !== null) {
    return { message: "has more than a host; for one address use the match 'url'" };
  }
  if (match === 'domain') return domainOf(url);
  if (match === 'suffix' && url.hostKind !== 'name') return { message: 'is an address; use the match host' };
  return { value: url.bareHost };
}

/** The `_id` of an entry: the first 96 bits of a sha256, in hex. */
export function listEntryId(match: MatchKind, value: string): string {
  return createHash('sha256')
    .update(JSON.stringify([match, value]))
    .digest('hex')
    .slice(0, 24);
}

function domainOf({ bareHost, registeredDomain, publicSuffix }: CanonicalUrl): ListValue {
  if (bareHost === publicSuffix)
    return { message: "is a public suffix, which no one registers; use the match 'suffix'" };
  if (bareHost === registeredDomain) return { value: registeredDomain };
  return {
    message: `is below the registered domain ${registeredDomain}; name that, or use the match 'host'`,
  };
}
