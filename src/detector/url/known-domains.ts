import { brands } from './brands.js';
import { readWordList } from './word-list.js';

const known: ReadonlySet<string> = new Set([
  ...readWordList('known-domains.txt', /^[a-z0-9-]+(\.[a-z0-9-]+)+$/).flat(),
  ...brands.flatMap(({ domains }) => domains),
]);

/**
 * Registered domains that many people know and whose pages their owners make, brands' own among them. Collections of
 * good addresses hold too few of their home and login pages to learn from.
 */
export const knownDomains: readonly string[] = [...known];

/** @param domain a registered domain */
export function isKnownDomain(domain: string): boolean {
  return known.has(domain);
}
