/** What kind of name a top-level domain gives. */
export type SuffixKind = 'generic' | 'country' | 'new' | 'reserved';

/** Open to all since the domain name system's first decades (IANA root zone database, "generic" before 2012). */
const generic = new Set(
  'com net org info biz name pro mobi asia cat jobs tel travel coop aero museum post xxx arpa'.split(' '),
);

/** Given only to schools, states and treaty organisations (IANA root zone database, "sponsored"). */
const reserved = new Set(['edu', 'gov', 'mil', 'int']);

/** Second-level names that countries keep for the same: `gov.uk`, `ac.jp`, `gouv.fr`. */
const reservedSecondLevel = new Set(
  'gov gob gouv gub govt go ac edu mil gc admin nhs police sch school k12'.split(' '),
);

/**
 * Top-level domains that stood among the most abused in public yearly rankings by several watchers (Spamhaus,
 * Interisle's Phishing Landscape, SURBL, Palo Alto Unit 42; 2018 to 2024): free or nearly free to register.
 */
const abused: ReadonlySet<string> = new Set(
  (
    'tk ml ga cf gq pw cc ws top xyz icu cyou buzz rest monster cfd sbs bond quest click link live shop store online ' +
    'site website space fun club work loan men date bid win download stream review trade party science racing accountant ' +
    'faith cricket country kim gdn surf host press tokyo zip mov support help center lol vip wang ren life world today ' +
    'rocks digital email beauty hair skin makeup boats yachts autos motorcycles homes'
  ).split(' '),
);

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

/** Top-level domains that strangers to the web know as such: in the middle of a host they feign its end. */
export const familiarTops: ReadonlySet<string> = new Set(
  'com net org info gov edu co uk de fr it es nl pl ru br au ca us eu jp cn in'.split(' '),
);

/** Country suffixes whose registry checks little and asks little: a brand's name there proves nothing. */
const loose = new Set('tk ml ga cf gq pw cc ws tv co io me to la sh ai ly gg im vc fm am su'.split(' '));

/** Whether a suffix belongs to a country that hands out names with some care, as `de` or `co.uk`. */
export function isNationalSuffix(suffix: string): boolean {
  return suffixKind(suffix) === 'country' && !loose.has(suffix);
}

function topLevel(suffix: string): string {
  return suffix.slice(suffix.lastIndexOf('.') + 1);
}
