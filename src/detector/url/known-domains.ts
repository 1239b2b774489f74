import { domainOwner, owners } from './owners.js';
import { readWordList } from './word-list.js';

const domain = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/;

let known: ReadonlySet<string> | undefined;

/** Read at first use, as the owners are. */
function linkedOrNamed(): ReadonlySet<string> {
  return (known ??= new Set(
    ['known-domains.txt', 'much-linked.txt'].flatMap((file) => readWordList(file, domain).flat()),
  ));
}

/**
 * Registered domains that many people know and whose pages their owners make. Collections of good addresses hold too few
 * of their home and login pages to learn from.
 */
export function knownDomains(): readonly string[] {
  const foremost = owners()
    .filter(({ brands }) => brands.some(({ isMinor }) => !isMinor))
    .map(({ domains }) => domains[0]);
  return [...new Set([...readWordList('known-domains.txt', domain).flat(), ...foremost])];
}

/**
 * Whether very many domains link to a domain, or someone has it whose names others borrow.
 * @param domain a registered domain
 */
export function isKnownDomain(domain: string): boolean {
  return isMuchLinked(domain) || hasBrands(domain);
}

/**
 * Whether very many domains link to a domain, whoever has it.
 * @param domain a registered domain
 */
export function isMuchLinked(domain: string): boolean {
  return linkedOrNamed().has(domain);
}

function hasBrands(domain: string): boolean {
  const owner = domainOwner(domain);
  return owner !== undefined && owner.brands.length > 0;
}
