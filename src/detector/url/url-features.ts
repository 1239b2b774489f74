import type { CanonicalUrl } from './canonical-url.js';
import { countIdentifiers } from './identifiers.js';
import { isKnownDomain } from './known-domains.js';
import type { ExtensionKind } from './path-shape.js';
import type { UrlFacts } from './url-facts.js';

/** Which sentence a feature's contribution belongs to; see `url-reasons.ts`. */
export type ReasonGroup =
  | 'address'
  | 'brand-in-host'
  | 'brand-look-alike'
  | 'brand-elsewhere'
  | 'brand-owner'
  | 'foreign-letters'
  | 'disguise'
  | 'userinfo'
  | 'port'
  | 'suffix'
  | 'hosting'
  | 'host-size'
  | 'subdomains'
  | 'host-digits'
  | 'host-hyphens'
  | 'host-letters'
  | 'host-identifiers'
  | 'host-words'
  | 'path-size'
  | 'path-letters'
  | 'path-identifiers'
  | 'path-date'
  | 'path-words'
  | 'path-target'
  | 'path-folder'
  | 'path-interface'
  | 'extension'
  | 'query-size'
  | 'query-words'
  | 'query-data'
  | 'query-identifiers'
  | 'query-target'
  | 'fragment'
  | 'marks';

export interface UrlFeature {
  readonly name: string;
  readonly type: 'number' | 'integer';
  readonly group: ReasonGroup;
  readonly meaning: string;
  readonly value: (facts: UrlFacts) => number;
}

type Value = UrlFeature['value'];

function integer(group: ReasonGroup, name: string, meaning: string, value: Value): UrlFeature {
  return { name, type: 'integer', group, meaning, value };
}

function real(group: ReasonGroup, name: string, meaning: string, value: Value): UrlFeature {
  return { name, type: 'number', group, meaning, value };
}

/** 1 where it holds, 0 where not. */
function flag(
  group: ReasonGroup,
  name: string,
  meaning: string,
  holds: (facts: UrlFacts) => boolean,
): UrlFeature {
  return integer(group, name, meaning, (facts) => (holds(facts) ? 1 : 0));
}

/** Share of vowels among the letters of words; letters that are none of Latin's count as so many. */
const ordinaryVowelShare = 0.4;

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

const hostFeatures: readonly UrlFeature[] = [
  flag('address', 'hostIsIpv4', 'the host is an IPv4 address', (f) => f.url.hostKind === 'ipv4'),
  flag('address', 'hostIsIpv6', 'the host is an IPv6 address', (f) => f.url.hostKind === 'ipv6'),
  flag(
    'address',
    'ipObfuscated',
    'the address is written to be hard to read',
    (f) => f.url.hidden.obfuscatedIp,
  ),
  flag('address', 'hostIsSingleLabel', 'the host is a name without a dot', (f) => isSingleLabel(f.url)),
  integer('host-size', 'hostLength', 'characters of the host', (f) => f.reading.host.length),
  integer('host-size', 'domainLabelLength', 'characters of the registered label', (f) => f.label.length),
  integer('host-size', 'longestHostLabel', 'characters of its longest label', (f) => f.longestLabel),
  integer('subdomains', 'subdomainLabels', 'labels before the registered domain', (f) => f.subdomainLabels),
  integer('subdomains', 'subdomainLength', 'characters before it', (f) => f.reading.subdomain.length),
  integer('subdomains', 'feignedEnds', 'labels before it that are top-level domains', (f) => f.feignedEnds),
  integer('host-digits', 'hostDigits', 'digits in the name', (f) => f.nameStats.digits),
  real('host-digits', 'hostDigitShare', 'their share', (f) => share(f.nameStats.digits, f.name.length)),
  integer('host-digits', 'hostDigitRun', 'most digits in a row', (f) => f.nameStats.digitRun),
  integer('host-digits', 'domainDigits', 'digits in the registered label', (f) => f.labelStats.digits),
  integer('host-digits', 'hostSwitches', 'changes between letters and digits', (f) => f.nameStats.switches),
  integer('host-hyphens', 'hostHyphens', 'hyphens in the name', (f) => f.nameStats.hyphens),
  integer('host-hyphens', 'domainHyphens', 'hyphens in the registered label', (f) => f.labelStats.hyphens),
  real('host-letters', 'hostEntropy', 'bits a character of the name', (f) => f.nameStats.entropy),
  real(
    'host-letters',
    'domainEntropy',
    'bits a character of the registered label',
    (f) => f.labelStats.entropy,
  ),
  real('host-letters', 'hostVowelShare', 'vowels among letters', (f) =>
    share(f.nameStats.vowels + ordinaryVowelShare * f.nameStats.foreign, f.nameStats.letters),
  ),
  integer('host-letters', 'hostConsonantRun', 'most consonants in a row', (f) => f.nameStats.consonantRun),
  integer('host-letters', 'hostHexRun', 'longest run of hexadecimal digits', (f) => f.nameStats.hexRun),
  real('host-letters', 'hostLikelihood', 'log2 likelihood of its letters, as words', (f) => f.nameLikelihood),
  real('host-letters', 'domainLikelihood', 'the same of the registered label', (f) => f.labelLikelihood),
  integer(
    'host-identifiers',
    'subdomainIdentifiers',
    'identifiers before the domain',
    (f) => f.reading.subdomainIdentifiers,
  ),
  integer(
    'host-identifiers',
    'tenantIdentifiers',
    "identifiers in a customer's name",
    (f) => f.reading.tenantIdentifiers,
  ),
  integer('host-words', 'hostWords', 'words of trust or haste in the name', (f) => f.nameWords.places),
  integer('host-words', 'domainWordHits', 'all in the registered label', (f) => f.labelWords.hits),
  integer('host-words', 'subdomainWordHits', 'all before it', (f) => f.nameWords.hits - f.labelWords.hits),
  flag(
    'userinfo',
    'hasUserinfo',
    'something stands before an @ in front of the host',
    (f) => f.url.userinfo !== null,
  ),
  flag('userinfo', 'userinfoIsHost', 'it looks like a host', (f) => f.url.userinfo?.includes('.') ?? false),
  flag('port', 'hasPort', 'a port other than 80 and 443', (f) => f.url.port !== null),
  flag('port', 'portIsHigh', 'one above 1023 other than 8080 and 8443', (f) => isHighPort(f.url.port)),
  flag('suffix', 'suffixIsGeneric', 'com, net, org and their peers', (f) => f.suffix === 'generic'),
  flag('suffix', 'suffixIsCountry', 'a country', (f) => f.suffix === 'country'),
  flag('suffix', 'suffixIsNew', 'a top-level domain opened since 2012', (f) => f.suffix === 'new'),
  flag('suffix', 'suffixIsReserved', 'for schools, states and treaties', (f) => f.suffix === 'reserved'),
  flag('suffix', 'suffixIsAbused', 'one widely reported as abused', (f) => f.isSuffixAbused),
  flag('hosting', 'isShortener', 'a service that redirects', (f) => f.hosting === 'shortener'),
  flag('hosting', 'isFreeHosting', 'free hosting or a site builder', (f) => f.hosting === 'free'),
  flag('hosting', 'isDynamicName', 'a dynamic name or a tunnel', (f) => f.hosting === 'dynamic'),
  flag(
    'hosting',
    'isSharedContent',
    'a host of documents and forms of anyone',
    (f) => f.hosting === 'shared',
  ),
  flag(
    'hosting',
    'hasPrivateSuffix',
    'a company hands out names below the suffix',
    (f) => f.url.privateSuffix,
  ),
  integer('foreign-letters', 'confusableLetters', 'letters that pass for Latin ones', (f) => f.confusables),
  flag('foreign-letters', 'hasMixedScripts', 'a label of several scripts', (f) => f.hasMixedScripts),
];

const brandFeatures: readonly UrlFeature[] = [
  flag(
    'brand-owner',
    'isBrandDomain',
    "a known brand's own page",
    (f) => f.isOwners && (f.brands.owner?.brands.length ?? 0) > 0,
  ),
  flag(
    'brand-owner',
    'isKnownDomain',
    "a domain that many know, the page its owner's",
    (f) => f.isOwners && isKnownDomain(f.url.registeredDomain),
  ),
  flag(
    'brand-in-host',
    'brandRegistered',
    "a brand's name under another suffix",
    (f) => f.brands.registered >= 0,
  ),
  flag('brand-in-host', 'brandInDomain', 'a name within the registered label', (f) => f.brands.inDomain >= 0),
  flag('brand-in-host', 'brandInSubdomain', 'a name before it', (f) => f.brands.inSubdomain >= 0),
  integer('brand-look-alike', 'brandMisspelt', '2 for one letter off, 1 for two, 0 else', (f) =>
    misspeltScore(f),
  ),
  flag(
    'brand-look-alike',
    'brandConfusable',
    'a name in letters that look the same',
    (f) => f.brands.confusable >= 0,
  ),
  flag('brand-elsewhere', 'brandInTail', "someone else's name in path or query", (f) => f.brands.inTail >= 0),
  flag('brand-elsewhere', 'brandInUserinfo', 'a name before the @', (f) => f.brands.inUserinfo >= 0),
];

const tailFeatures: readonly UrlFeature[] = [
  integer('path-size', 'pathLength', 'characters of the path', (f) => f.path.text.length),
  integer('path-size', 'pathDepth', 'its segments', (f) => f.path.depth),
  integer('path-size', 'longestSegment', 'characters of the longest', (f) => f.path.longestSegment),
  integer('path-size', 'longestPathWord', 'characters of the longest word', (f) => f.path.longestWord),
  integer('path-size', 'lastSegmentLength', 'characters of the last', (f) => f.path.lastSegment.length),
  integer('path-size', 'pathDoubleSlashes', 'empty segments', (f) => f.path.doubleSlashes),
  integer('path-letters', 'pathDigits', 'digits in the path', (f) => f.path.stats.digits),
  real('path-letters', 'pathDigitShare', 'their share', (f) =>
    share(f.path.stats.digits, f.path.text.length),
  ),
  integer('path-letters', 'pathDigitRun', 'most digits in a row', (f) => f.path.stats.digitRun),
  integer('path-letters', 'pathHexRun', 'longest run of hexadecimal digits', (f) => f.path.stats.hexRun),
  integer('path-letters', 'pathConsonantRun', 'most consonants in a row', (f) => f.path.stats.consonantRun),
  integer('path-letters', 'pathSwitches', 'changes between letters and digits', (f) => f.path.stats.switches),
  real(
    'path-letters',
    'lastSegmentEntropy',
    'bits a character of the last segment',
    (f) => f.path.lastSegment.entropy,
  ),
  real('path-letters', 'pathEntropy', 'bits a character', (f) => f.path.stats.entropy),
  real(
    'path-letters',
    'pathLikelihood',
    'log2 likelihood of its letters, as words',
    (f) => f.path.likelihood,
  ),
  integer('path-identifiers', 'pathUuids', 'UUIDs in the path', (f) => f.reading.pathIdentifiers.uuids),
  integer('path-identifiers', 'pathHexes', 'hexadecimal identifiers', (f) => f.reading.pathIdentifiers.hexes),
  integer('path-identifiers', 'pathKeys', 'other identifiers', (f) => f.reading.pathIdentifiers.keys),
  integer(
    'path-identifiers',
    'longestPathIdentifier',
    'characters of the longest',
    (f) => f.reading.pathIdentifiers.longest,
  ),
  flag('path-date', 'pathHasDate', 'a day or a month in the path', (f) => f.path.hasDate),
  flag('path-date', 'pathHasVersion', "a version's number in it", (f) => f.path.hasVersion),
  integer('marks', 'pathHyphens', 'hyphens in the path', (f) => f.path.stats.hyphens),
  integer('marks', 'pathUnderscores', 'underscores in the path', (f) => f.path.underscores),
  integer('marks', 'pathDots', 'dots in the path', (f) => f.path.stats.dots),
  integer('marks', 'escapes', 'escaped characters after the host that are no text', (f) => f.reading.escapes),
  integer('path-words', 'pathWords', 'words of trust or haste in the path', (f) => f.pathWords.places),
  integer('path-words', 'pathWordHits', 'all, also within each other', (f) => f.pathWords.hits),
  integer(
    'path-words',
    'tailWordTokens',
    'those after the host that stand alone',
    (f) => f.pathWords.whole + f.queryWords.whole,
  ),
  integer('path-words', 'plainTailWords', 'words of letters alone after the host', (f) => f.plainWords),
  flag('path-target', 'pathHasHost', 'another host within the path', (f) => f.path.hasHost),
  flag('path-target', 'pathHasEmail', 'an e-mail address within the path', (f) => f.path.hasEmail),
  flag('path-folder', 'pathHasTilde', "a user's folder", (f) => f.path.hasTilde),
  flag('path-folder', 'isSystemFolder', "a content management system's folder", (f) => f.path.isSystemFolder),
  integer('path-folder', 'folderWords', 'words that are such folders', (f) => f.path.folderWords),
  flag('path-folder', 'isUpload', 'a folder of what users upload', (f) => f.path.isUpload),
  integer(
    'path-interface',
    'interfaceWords',
    'words of interfaces for programs',
    (f) => f.path.interfaceWords,
  ),
  ...(['page', 'php', 'script', 'program', 'archive', 'document', 'media'] as const).map(extensionFeature),
  integer('query-size', 'queryLength', 'characters of the query', (f) => f.reading.query.length),
  integer('query-size', 'queryParameters', 'its parameters', (f) => f.query.parameters),
  integer('query-size', 'longestName', 'characters of the longest name', (f) => f.query.longestName),
  integer('query-size', 'longestValue', 'characters of the longest value', (f) => f.query.longestValue),
  real('query-data', 'queryDigitShare', 'digits', (f) => share(f.queryStats.digits, f.queryStats.length)),
  real('query-data', 'queryEntropy', 'bits a character', (f) => f.queryStats.entropy),
  integer('query-identifiers', 'queryIdentifiers', 'identifiers in the query', (f) =>
    countIdentifiers(f.reading.queryIdentifiers),
  ),
  integer(
    'query-identifiers',
    'longestQueryIdentifier',
    'characters of the longest',
    (f) => f.reading.queryIdentifiers.longest,
  ),
  integer('query-words', 'queryWords', 'words of trust or haste after the path', (f) => f.queryWords.places),
  integer('query-words', 'queryWordHits', 'all, also within each other', (f) => f.queryWords.hits),
  flag('query-target', 'queryHasAddress', 'another address within the query', (f) => f.query.hasAddress),
  flag('query-target', 'queryHasEmail', 'an e-mail address within the query', (f) => f.query.hasEmail),
  flag('query-target', 'hasRedirect', 'a parameter that says where to go on to', (f) => f.query.hasRedirect),
  integer('fragment', 'fragmentLength', 'characters of the fragment', (f) => f.reading.fragment.length),
  flag('fragment', 'fragmentHasEmail', 'an e-mail address within it', (f) => f.url.fragment.includes('@')),
  integer('marks', 'tailLength', 'characters after the host', (f) => f.reading.tail.length),
];

const disguiseFeatures: readonly UrlFeature[] = [
  flag('disguise', 'hasInvisible', 'characters that cannot be seen', (f) => f.url.hidden.invisible),
  flag('disguise', 'hasBackslash', 'backslashes in place of slashes', (f) => f.url.hidden.backslash),
  flag('disguise', 'isDoubleEncoded', 'escapes of escapes', (f) => f.url.hidden.doubleEncoded),
  flag('disguise', 'isHostEncoded', 'escapes within the host', (f) => f.url.hidden.encodedHost),
];

/**
 * What learners see of a URL beside its n-grams, in the order of the values. None sees scheme, `www.`, a slash at the
 * end or case, in which collections of good and of bad addresses differ by habit.
 */
export const urlFeatures: readonly UrlFeature[] = [
  ...hostFeatures,
  ...brandFeatures,
  ...tailFeatures,
  ...disguiseFeatures,
];

/** Writes the values of `urlFeatures` to `out` from `offset` on. */
export function featurizeUrl(facts: UrlFacts, out: Float64Array, offset = 0): void {
  for (let i = 0; i < urlFeatures.length; i++) out[offset + i] = urlFeatures[i].value(facts);
}

function isSingleLabel(url: CanonicalUrl): boolean {
  return url.hostKind === 'name' && !url.bareHost.includes('.');
}

function isHighPort(port: number | null): boolean {
  return port !== null && port > 1023 && port !== 8080 && port !== 8443;
}

function misspeltScore({ brands }: UrlFacts): number {
  return brands.misspelt < 0 ? 0 : 3 - brands.misspeltBy;
}

function extensionFeature(kind: ExtensionKind): UrlFeature {
  const name = `extensionIs${kind[0].toUpperCase()}${kind.slice(1)}`;
  return flag('extension', name, `the path ends like a ${kind}`, (f) => f.path.extension === kind);
}
