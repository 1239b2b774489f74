import { brands } from './brands.js';
import type { CanonicalUrl } from './canonical-url.js';
import { mergedLetters, skeleton } from './confusables.js';
import { editDistance } from './edit-distance.js';
import { isNationalSuffix } from './suffixes.js';
import { WordMatcher } from './word-matcher.js';
import { ordinaryWords, suspiciousWords } from './words.js';

/** What an address has to do with known brands. Brands are numbers, places in `brands`; -1 is none. */
export interface BrandUse {
  /** Whose own domain this is. Such a host imitates nobody. */
  readonly owner: number;
  /** The name that someone else registered as it is: `paypal.xyz`. */
  readonly registered: number;
  /** A name within the registered label, beside other letters: `paypal-login.com`. */
  readonly inDomain: number;
  /** A name in front of a domain that is not its owner's: `paypal.com.evil.tld`. */
  readonly inSubdomain: number;
  /** A name that a label or part of it misses by one or two letters: `paypall`. */
  readonly misspelt: number;
  /** By how many letters; 0 without one. */
  readonly misspeltBy: number;
  /** A name written with other letters that look the same: `paypa1`, `arnazon`. */
  readonly confusable: number;
  /** A name in path, query or fragment that is not the owner's. */
  readonly inTail: number;
  /** A name in front of the `@`. */
  readonly inUserinfo: number;
}

const none = -1;
/** Shorter names are parts of too many words to mean anything within one. */
const shortestInside = 5;

const names = brands.map((brand) => brand.name);
const mustStandAlone = brands.map(({ name, isWord }) => name.length < shortestInside || isWord);
const ownerOfDomain = new Map<string, number>();
brands.forEach((brand, index) => {
  for (const domain of brand.domains) if (!ownerOfDomain.has(domain)) ownerOfDomain.set(domain, index);
});
const nationalBrands = new Map<string, number>();
brands.forEach((brand, index) => {
  if (brand.isNational) nationalBrands.set(brand.name, index);
});
const brandOfName = new Map(names.map((name, index) => [name, index]));
const plainNames = new WordMatcher(names);
const skeletonNames = new WordMatcher(names.map(skeleton), mergedLetters);
const words: ReadonlySet<string> = new Set([...ordinaryWords, ...suspiciousWords]);

/** Whose own domain this is; -1 for nobody's. */
function ownerOf({ registeredDomain, publicSuffix, hostKind }: CanonicalUrl): number {
  if (hostKind !== 'name') return none;
  const owner = ownerOfDomain.get(registeredDomain);
  if (owner !== undefined) return owner;
  if (!isNationalSuffix(publicSuffix)) return none;
  return nationalBrands.get(registeredDomain.slice(0, -publicSuffix.length - 1)) ?? none;
}

export function findBrands(url: CanonicalUrl): BrandUse {
  const owner = ownerOf(url);
  const label = registeredLabel(url);
  const { registered, inDomain, inSubdomain, confusable } =
    owner >= 0 || url.hostKind !== 'name' ? nobody : findInHost(url, label);
  const isNamed =
    owner >= 0 || url.hostKind !== 'name' || registered >= 0 || inDomain >= 0 || inSubdomain >= 0;
  const near = isNamed || confusable >= 0 ? nothingNear : nearestName(url.subdomain, label);
  return {
    owner,
    registered,
    inDomain,
    inSubdomain,
    confusable,
    misspelt: near.brand,
    misspeltBy: near.distance,
    inTail: findInTail(url, owner),
    inUserinfo: url.userinfo === null ? none : findInUserinfo(url.userinfo.toLowerCase()),
  };
}

/** What the registrant chose: the registered domain without its suffix. */
export function registeredLabel({ registeredDomain, publicSuffix }: CanonicalUrl): string {
  const end = registeredDomain.length - publicSuffix.length - 1;
  return end <= 0 || publicSuffix === '' ? registeredDomain : registeredDomain.slice(0, end);
}

interface InHost {
  registered: number;
  inDomain: number;
  inSubdomain: number;
  confusable: number;
}

const nobody: Readonly<InHost> = { registered: none, inDomain: none, inSubdomain: none, confusable: none };

/** Names in the host before its public suffix; of several the longest. */
function findInHost(url: CanonicalUrl, label: string): InHost {
  const found: InHost = {
    registered: brandOfName.get(label) ?? none,
    inDomain: none,
    inSubdomain: none,
    confusable: none,
  };
  const name = url.subdomain === '' ? label : `${url.subdomain}.${label}`;
  const domainAt = name.length - label.length;
  skeletonNames.find(name, (brand, from, to) => {
    if (mustStandAlone[brand] && !standsAlone(name, from, to)) return;
    if (!name.startsWith(names[brand], from)) found.confusable = longerLookAlike(found.confusable, brand);
    else if (from < domainAt) found.inSubdomain = longer(found.inSubdomain, brand);
    else if (found.registered < 0) found.inDomain = longer(found.inDomain, brand);
  });
  const shown =
    url.hostUnicode === url.host ? name : url.hostUnicode.slice(0, url.hostUnicode.lastIndexOf('.'));
  const form = skeleton(shown);
  if (form !== name) {
    skeletonNames.find(form, (brand, from, to) => {
      if (mustStandAlone[brand] && !standsAlone(form, from, to)) return;
      if (!shown.includes(names[brand])) found.confusable = longerLookAlike(found.confusable, brand);
    });
  }
  return found;
}

function findInTail({ tail, registeredDomain }: CanonicalUrl, owner: number): number {
  let found = none;
  plainNames.find(tail, (brand, from, to) => {
    if (mustStandAlone[brand] && !standsAlone(tail, from, to)) return;
    const isOwn = owner === brand || (owner >= 0 && brands[brand].domains.includes(registeredDomain));
    if (!isOwn) found = longer(found, brand);
  });
  return found;
}

function findInUserinfo(userinfo: string): number {
  let found = none;
  plainNames.find(userinfo, (brand, from, to) => {
    if (!mustStandAlone[brand] || standsAlone(userinfo, from, to)) found = longer(found, brand);
  });
  return found;
}

/** The brand with the longer name, the first of equals. */
function longer(found: number, brand: number): number {
  return found >= 0 && names[brand].length <= names[found].length ? found : brand;
}

function standsAlone(text: string, from: number, to: number): boolean {
  return !isLetterOrDigit(text.charCodeAt(from - 1)) && !isLetterOrDigit(text.charCodeAt(to));
}

/** Of either case; NaN, as beyond the ends of a text, is none. */
function isLetterOrDigit(code: number): boolean {
  const lower = code | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || (code >= 0x30 && code <= 0x39) || code > 127;
}

/** The same without names of three letters, which look like too many others: `gis` is not `gls`. */
function longerLookAlike(found: number, brand: number): number {
  return names[brand].length > 3 ? longer(found, brand) : found;
}

interface Near {
  readonly brand: number;
  readonly distance: number;
}

const nothingNear: Near = { brand: none, distance: 0 };

/** Each name's letters as bits: names whose bits differ in more places than letters may differ need no look. */
const letterBits = names.map(bitsOf);

function bitsOf(name: string): number {
  let bits = 0;
  for (let i = 0; i < name.length; i++) bits |= 1 << (name.charCodeAt(i) & 31);
  return bits;
}

/** Brands that may be missed by a letter, by the length of their names. */
const misspellable: readonly (readonly number[])[] = Array.from({ length: 24 }, (_, length) =>
  names.flatMap((name, brand) => (name.length === length && !mustStandAlone[brand] ? [brand] : [])),
);

/** Letters that may be wrong: one in short names, two in long ones. */
function tolerance(length: number): number {
  return length >= 9 ? 2 : 1;
}

/** The brand that the registered label, the labels before it or parts of them between hyphens come nearest to. */
function nearestName(subdomain: string, label: string): Near {
  let best = nothingNear;
  const seen = subdomain === '' ? [label] : [label, ...subdomain.split('.', 6)];
  for (const name of seen) {
    const parts = name.includes('-') ? [name, ...name.split('-', 6)] : [name];
    for (const part of parts) {
      const near = nearest(part);
      if (near.distance > 0 && (best.distance === 0 || near.distance < best.distance)) best = near;
    }
  }
  return best;
}

function nearest(part: string): Near {
  if (part.length < shortestInside || part.length > 20 || words.has(part)) return nothingNear;
  const bits = bitsOf(part);
  let best = nothingNear;
  for (let length = part.length - 2; length <= part.length + 2; length++) {
    for (const brand of misspellable[length]) {
      const limit = tolerance(length);
      if (Math.abs(length - part.length) > limit || differences(bits ^ letterBits[brand]) > 2 * limit)
        continue;
      const distance = editDistance(part, names[brand], limit);
      if (distance <= limit && (best.distance === 0 || distance < best.distance)) best = { brand, distance };
    }
  }
  return best;
}

/** How many bits are set, up to 5. */
function differences(bits: number): number {
  let rest = bits;
  let count = 0;
  while (rest !== 0 && count < 5) {
    rest &= rest - 1;
    count++;
  }
  return count;
}
