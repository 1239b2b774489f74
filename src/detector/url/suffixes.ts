import { readWordList } from './word-list.js';

/** What kind of name a top-level domain gives. */
export type SuffixKind = 'generic' | 'country' | 'new' | 'reserved';

type SuffixTag = 'generic' | 'reserved' | 'second-level' | 'abused' | 'familiar' | 'loose';

const labels = readWordList(
  'suffixes.txt',
  /^[a-z0-9-]+( (generic|reserved|second-level|abused|familiar|loose))+$/,
);

function tagged(tag: SuffixTag): ReadonlySet<string> {
  return new Set(labels.flatMap(([label, ...tags]) => (tags.includes(tag) ? [label] : [])));
}

const generic = tagged('generic');
/** Top-level domains given only to schools, states and treaty organisations. */
const reserved = tagged('reserved');
/** Second-level names that countries keep for the same: `gov.uk`, `ac.jp`, `gouv.fr`. */
const reservedSecondLevel = tagged('second-level');
const abused = tagged('abused');
/** Country suffixes whose registry checks little and asks little: a brand's name there proves nothing. */
const loose = tagged('loose');

/** Top-level domains that strangers to the web know as such: in the middle of a host they feign its end. */
export const familiarTops = tagged('familiar');

/** @param suffix a public suffix, such as `co.uk`; its last label decides */
export function suffixKind(suffix: string): SuffixKind {
  const top = topLevel(suffix);
  if (reserved.has(top)) return 'reserved';
  if (generic.has(top)) return 'generic';
  if (top.length !== 2 && !top.startsWith('xn--')) return 'new';
  const second = suffix.slice(0, -top.length - 1);
  return reservedSecondLevel.has(topLevel(second)) ? 'reserved' : 'country';
}

export function isOftenAbused(suffix: string): boolean {
  return abused.has(topLevel(suffix));
}

/** Whether a suffix belongs to a country that hands out names with some care, as `de` or `co.uk`. */
export function isNationalSuffix(suffix: string): boolean {
  return suffixKind(suffix) === 'country' && !loose.has(suffix);
}

function topLevel(suffix: string): string {
  return suffix.slice(suffix.lastIndexOf('.') + 1);
}
