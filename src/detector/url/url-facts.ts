import { type BrandUse, findBrands } from './brand-imitation.js';
import { letterLikelihood } from './bigrams.js';
import type { CanonicalUrl } from './canonical-url.js';
import { countConfusables, hasMixedScripts } from './confusables.js';
import { type HostingKind, hostingKind, isForTenants } from './hosting.js';
import { type PathShape, pathShape } from './path-shape.js';
import { readQuery, type QueryShape } from './query-shape.js';
import { type Reading, readingOf } from './reading.js';
import { familiarTops, isOftenAbused, type SuffixKind, suffixKind } from './suffixes.js';
import { countCode, longestBetween, type TextStats, textStats } from './text-stats.js';
import { countPlainWords, type WordUse, wordUse } from './word-use.js';

/** All that is worked out of a URL once, for features and for sentences. */
export interface UrlFacts {
  readonly url: CanonicalUrl;
  /** What a person reads; all that follows and is about spelling is of this. */
  readonly reading: Reading;
  /** The host without `www.` and without its public suffix; of an address, all of it. */
  readonly name: string;
  readonly nameStats: TextStats;
  readonly label: string;
  readonly labelStats: TextStats;
  readonly nameLikelihood: number;
  readonly labelLikelihood: number;
  readonly longestLabel: number;
  readonly subdomainLabels: number;
  /** Labels before the registered domain that are top-level domains, as in `paypal.com.evil.tld`. */
  readonly feignedEnds: number;
  readonly suffix: SuffixKind | 'none';
  readonly isSuffixAbused: boolean;
  readonly hosting: HostingKind;
  /** Whether whoever registered the domain most likely made the page, and none of its customers or users. */
  readonly isOwners: boolean;
  readonly confusables: number;
  readonly hasMixedScripts: boolean;
  readonly brands: BrandUse;
  readonly nameWords: WordUse;
  readonly labelWords: WordUse;
  readonly pathWords: WordUse;
  /** Of query and fragment. */
  readonly queryWords: WordUse;
  /** Words of 3 to 12 letters after the host, whatever they say. */
  readonly plainWords: number;
  readonly path: PathShape;
  readonly query: QueryShape;
  readonly queryStats: TextStats;
}

export function urlFacts(url: CanonicalUrl): UrlFacts {
  const reading = readingOf(url);
  const { label, path, tail } = reading;
  const isName = url.hostKind === 'name';
  const isBare = url.subdomain === '';
  const name = isBare ? label : `${reading.subdomain}.${label}`;
  const labelStats = textStats(label);
  const labelLikelihood = isName ? letterLikelihood(label) : 0;
  const hosting = isName ? hostingKind(url.bareHost) : 'own';
  const labelWords = wordUse(label);
  return {
    url,
    reading,
    name,
    nameStats: isBare ? labelStats : textStats(name),
    label,
    labelStats,
    nameLikelihood: isBare || !isName ? labelLikelihood : letterLikelihood(name),
    labelLikelihood,
    longestLabel: longestBetween(reading.host, 0x2e),
    subdomainLabels: isBare ? 0 : countCode(url.subdomain, 0x2e) + 1,
    feignedEnds: countFeignedEnds(url.subdomain),
    suffix: isName && url.publicSuffix !== '' ? suffixKind(url.publicSuffix) : 'none',
    isSuffixAbused: isName && isOftenAbused(url.publicSuffix),
    hosting,
    isOwners: hosting === 'own' && !url.privateSuffix && !path.includes('/~') && !isForTenants(url.subdomain),
    confusables: countConfusables(url.hostUnicode),
    hasMixedScripts: hasMixedScripts(url.hostUnicode),
    brands: findBrands(url),
    nameWords: isBare ? labelWords : wordUse(name),
    labelWords,
    pathWords: wordUse(path),
    queryWords: wordUse(tail.slice(path.length)),
    plainWords: countPlainWords(tail),
    path: pathShape(path),
    query: readQuery(reading.query),
    queryStats: textStats(reading.query),
  };
}

function countFeignedEnds(subdomain: string): number {
  if (subdomain === '') return 0;
  return subdomain.split('.', 12).filter((label) => familiarTops.has(label)).length;
}
