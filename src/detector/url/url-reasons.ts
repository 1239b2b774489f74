import { domainToUnicode } from 'node:url';
import { parse } from 'tldts';
import type { Contributions } from '../../ml/learner.js';
import type { Reason } from '../kind.js';
import { letterLikelihood } from './bigrams.js';
import { brands } from './brands.js';
import { findIdentifiers, hexMark, keyMark } from './identifiers.js';
import { isKnownDomain } from './known-domains.js';
import { NgramHasher } from './ngrams.js';
import type { ExtensionKind } from './path-shape.js';
import { redirectParameter } from './query-shape.js';
import { readEscapes } from './read-text.js';
import { tellingStretches } from './spelling.js';
import { textStats } from './text-stats.js';
import type { UrlFacts } from './url-facts.js';
import { type ReasonGroup, urlFeatures } from './url-features.js';
import { wordsIn } from './word-use.js';
import { ordinaryWords } from './words.js';

/** What a group of features says of a URL, as a clause; null where it has nothing to say, as of what is not there. */
type Sentence = (facts: UrlFacts) => string | null;

/**
 * A group's sentences, by what it did to the score. Each is true of what a reader sees and names the part that it is
 * about; what would be no reason for the one direction has no sentence for it.
 */
interface Sentences {
  readonly threat: Sentence;
  readonly harmless: Sentence;
}

const silent: Sentence = () => null;

/** Of what speaks for a threat only. */
function warning(threat: Sentence): Sentences {
  return { threat, harmless: silent };
}

/** Of what may speak for either. */
function either(sentence: Sentence): Sentences {
  return { threat: sentence, harmless: sentence };
}

const sentences: Readonly<Record<ReasonGroup, Sentences>> = {
  address: either(describeAddress),
  'brand-owner': { threat: describeOpenDomain, harmless: describeOwner },
  'brand-in-host': warning(describeBrandInHost),
  'brand-look-alike': warning(describeLookAlike),
  'brand-elsewhere': warning(describeBrandElsewhere),
  'foreign-letters': warning(describeForeignLetters),
  disguise: warning(describeDisguise),
  userinfo: warning(({ url }) =>
    url.userinfo === null ? null : `"${shorten(url.userinfo)}@" stands in front of the real host ${url.host}`,
  ),
  port: warning(({ url }) => (url.port === null ? null : `the port is ${url.port}, not the usual one`)),
  suffix: { threat: describeSuffix, harmless: describeReservedSuffix },
  hosting: warning(describeHosting),
  'host-size': { threat: describeLongHost, harmless: silent },
  subdomains: warning(describeSubdomains),
  'host-digits': warning(describeHostDigits),
  'host-hyphens': warning(({ name, nameStats: { hyphens } }) =>
    hyphens === 0 ? null : `${count(hyphens, 'hyphen')} in the host (${quote(name)})`,
  ),
  'host-letters': { threat: describeRandomHost, harmless: describeReadableHost },
  'host-identifiers': either(describeHostIdentifier),
  'host-words': warning(({ name }) => trust('the host', name)),
  'path-size': warning(describePathSize),
  'path-letters': { threat: describePathLetters, harmless: describeReadablePath },
  'path-identifiers': either(({ url }) => identifier('the path', url.path)),
  'path-date': either(describeDate),
  'path-words': { threat: ({ path }) => trust('the path', path.text), harmless: describePlainWords },
  'path-target': warning(describePathTarget),
  'path-folder': { threat: describeFolder, harmless: describeUpload },
  'path-interface': either(({ path }) =>
    path.interfaceWords === 0 ? null : `the path is that of an interface for programs (${quote(path.text)})`,
  ),
  extension: either(describeExtension),
  'query-size': warning(({ query, url }) =>
    query.parameters > 3 || url.query.length >= longTail
      ? `the query has ${count(url.query.length, 'character')} in ${count(query.parameters, 'parameter')}`
      : null,
  ),
  'query-words': warning(({ reading }) => trust('the query', reading.query)),
  'query-data': warning(({ queryStats: { digits, length } }) =>
    digits * 3 < length || digits < 5 ? null : `${digits} of ${length} characters of the query are digits`,
  ),
  'query-identifiers': either(({ url }) => identifier('the query', url.query)),
  'query-target': warning(describeQueryTarget),
  fragment: warning(describeFragment),
  marks: { threat: describeMarks, harmless: silent },
};

/** All groups, in the order in which features first name them. Contributions are added up within a group. */
export const reasonGroups: readonly ReasonGroup[] = [...new Set(urlFeatures.map((feature) => feature.group))];

/** The clause for a group of features; null where it has nothing to say. @param isFor whether it spoke for a threat */
export function describeReasonGroup(group: ReasonGroup, facts: UrlFacts, isFor: boolean): string | null {
  return sentences[group][isFor ? 'threat' : 'harmless'](facts);
}

const hasher = new NgramHasher();

/** Log-odds below which a group of features did too little to be a reason. */
const slight = 0.1;

/** All that there is to say of an address's score. @param isFlagged whether the score is more than benign */
export function urlReasons(facts: UrlFacts, contributions: Contributions, isFlagged: boolean): Reason[] {
  const spelling = spellingReason(facts, contributions);
  const groups = groupReasons(facts, contributions);
  const reasons = isPlainName(facts) && !isFlagged ? [] : groups;
  const speaks = ({ contribution, place }: Reason): boolean =>
    place === 'first' || contribution > 0 === isFlagged;
  if (!reasons.some(speaks)) reasons.push(plainReason(facts, reasons.length > 0, isFlagged));
  return spelling === null ? reasons : [...reasons, spelling];
}

function groupReasons(facts: UrlFacts, { values }: Contributions): Reason[] {
  const isName = facts.url.hostKind === 'name';
  const sums = new Map<ReasonGroup, number>();
  urlFeatures.forEach(({ group }, j) => {
    // Digits and letters of an IP address are none of a name's.
    const own = !isName && group.startsWith('host-') ? 'address' : group;
    sums.set(own, (sums.get(own) ?? 0) + values[j]);
  });
  return [...sums].flatMap(([group, contribution]): Reason[] => {
    const text = describeReasonGroup(group, facts, contribution > 0);
    const isFirst = group === 'address' && facts.url.hidden.obfuscatedIp;
    if (text === null || (Math.abs(contribution) < slight && !isFirst)) return [];
    return [{ feature: group, value: null, contribution, text, ...(isFirst && { place: 'first' as const }) }];
  });
}

/** A name like any other, and nothing behind it: its letters may be like words, which says nothing of its owner. */
function isPlainName({ url, brands: use, nameStats, suffix, isSuffixAbused, ...facts }: UrlFacts): boolean {
  const isBare = url.tail === '' && url.port === null && url.userinfo === null && url.subdomain === '';
  const isOrdinary = suffix === 'generic' || (suffix === 'country' && !isSuffixAbused);
  const isNobodys =
    use.owner === undefined && !isKnownDomain(url.registeredDomain) && facts.hosting === 'own';
  return isBare && isOrdinary && isNobodys && !url.privateSuffix && nameStats.digits === 0;
}

/** Last of all, for letters and their neighbours say least to a reader. */
function spellingReason({ reading, url }: UrlFacts, { ngrams, ngramValues }: Contributions): Reason | null {
  if (ngrams === undefined || Math.abs(ngrams) < slight) return null;
  const isFor = ngrams > 0;
  const shown = `${url.hostUnicode}${url.tail} ${readEscapes(url.tail)} ${url.userinfo ?? ''}`.toLowerCase();
  const stretches = tellingStretches(hasher, reading, ngramValues ?? [], isFor ? 1 : -1)
    .filter((stretch) => shown.includes(stretch))
    .map((stretch) => quote(stretch));
  const where = stretches.length === 0 ? '' : `, most of all in ${list(stretches)}`;
  const text = `the spelling is like that of ${isFor ? 'malicious' : 'harmless'} addresses${where}`;
  return { feature: 'spelling', value: null, contribution: ngrams, text, place: 'last' };
}

/** Where nothing that could be named speaks in the score's direction. @param isOpposed whether something does in the other */
function plainReason({ url }: UrlFacts, isOpposed: boolean, isFlagged: boolean): Reason {
  const host = inUnicode(url.bareHost);
  const what = url.tail === '' ? `the bare name ${host}` : `the address of ${host}`;
  const text = isFlagged
    ? `no single part of ${what} stands out: as a whole it is like malicious ones`
    : isOpposed
      ? `too little in ${what} speaks for a threat`
      : `nothing in ${what} speaks for or against it`;
  return { feature: 'text', value: null, contribution: 0, text, place: 'first' };
}

/** Of a domain that many know and whose pages need not be its owner's. */
function describeOpenDomain({ brands: use, url, isOwners, hosting }: UrlFacts): string | null {
  const { registeredDomain: domain } = url;
  if (isOwners || (use.owner === undefined && !isKnownDomain(domain))) return null;
  const isPassage = hosting === 'shortener' || hosting === 'tracker';
  return `${domain} is widely known, but ${isPassage ? 'leads to pages of anyone' : 'anyone may have pages there'}`;
}

function describeOwner({ brands: use, url, isOwners }: UrlFacts): string | null {
  const { registeredDomain: domain } = url;
  if (!isOwners || (use.owner === undefined && !isKnownDomain(domain))) return null;
  return use.owner !== undefined
    ? `${domain} belongs to ${use.owner.name}`
    : `${domain} is a domain that many know`;
}

function describeBrandInHost({ brands: use, url }: UrlFacts): string | null {
  if (use.registered >= 0)
    return `${url.registeredDomain} has the name of ${home(use.registered)} but is not its domain`;
  if (use.inDomain >= 0) return `${url.registeredDomain} borrows the name of ${home(use.inDomain)}`;
  if (use.inSubdomain >= 0)
    return `the host imitates ${home(use.inSubdomain)} but belongs to ${url.registeredDomain}`;
  return null;
}

function describeLookAlike({ brands: use, url }: UrlFacts): string | null {
  const shown = url.hostUnicode === url.host ? '' : `, shown as ${url.hostUnicode}`;
  if (use.confusable >= 0)
    return `the host imitates ${home(use.confusable)} with letters that look alike (${shorten(use.part)}${shown})`;
  if (use.misspelt < 0) return null;
  return `the host imitates ${home(use.misspelt)}, ${count(use.misspeltBy, 'letter')} off (${shorten(use.part)})`;
}

function describeBrandElsewhere({ brands: use, url }: UrlFacts): string | null {
  if (use.inUserinfo >= 0)
    return `the name of ${home(use.inUserinfo)} stands before the @, the host is ${url.host}`;
  if (use.inTail >= 0)
    return `the name of ${home(use.inTail)} stands in an address of ${url.registeredDomain}`;
  return null;
}

/** Where a brand is at home, and with whom where the name does not say it. */
function home(brand: number): string {
  const { home: domain, name, owner } = brands()[brand];
  const isNamed = squeeze(owner.name).includes(name) || name.includes(squeeze(owner.name));
  return isNamed || domain.includes(squeeze(owner.name)) ? domain : `${domain} (${owner.name})`;
}

function squeeze(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function describeAddress({ url }: UrlFacts): string | null {
  if (url.hostKind === 'name') {
    return url.bareHost.includes('.') ? null : `the host ${quote(url.bareHost)} is a single word`;
  }
  if (!url.hidden.obfuscatedIp) return `the host is the bare IP address ${url.host}`;
  return `the host ${quote(url.writtenHost)} is the IP address ${url.host}, written in ${notation(url.writtenHost)}`;
}

/** How an IPv4 address is written that is not four decimal numbers. */
function notation(written: string): string {
  if (/0x/i.test(written)) return 'hexadecimal';
  if (/(?:^|\.)0[0-7]/.test(written)) return 'octal';
  return /^\d+$/.test(written) ? 'one decimal number' : 'another form than the usual';
}

function describeForeignLetters({ url, confusables, hasMixedScripts }: UrlFacts): string | null {
  if (hasMixedScripts) return `the host mixes letters of several scripts (${url.hostUnicode})`;
  if (confusables === 0) return null;
  return `${count(confusables, 'letter')} of the host only ${confusables === 1 ? 'looks' : 'look'} Latin (${url.hostUnicode})`;
}

function describeDisguise({ url: { hidden } }: UrlFacts): string | null {
  if (hidden.encodedHost) return 'the host was written with escapes';
  if (hidden.invisible) return 'the address holds characters that cannot be seen';
  if (hidden.backslash) return 'the address has backslashes for slashes';
  return hidden.doubleEncoded ? 'parts of the address are escaped twice' : null;
}

function describeSuffix({ url, suffix, isSuffixAbused }: UrlFacts): string | null {
  const shown = quote(`.${url.hostUnicode.slice(url.hostUnicode.lastIndexOf('.') + 1)}`);
  if (suffix === 'none' || url.privateSuffix || !parse(url.host).isIcann) return null;
  if (isSuffixAbused) return `${shown} is a top-level domain that is often abused`;
  return suffix === 'new' ? `${shown} is one of the newer top-level domains` : null;
}

function describeReservedSuffix({ url, suffix }: UrlFacts): string | null {
  return suffix === 'reserved' ? `".${url.publicSuffix}" is given only to schools, states or treaties` : null;
}

function describeHosting({ url, hosting, suffix }: UrlFacts): string | null {
  switch (hosting) {
    case 'shortener':
      return `${url.registeredDomain} shortens addresses: it does not show where it leads`;
    case 'tracker':
      return `${url.registeredDomain} counts clicks for many senders: it does not show where it leads`;
    case 'free':
      return `${url.host} is free hosting that anyone can have`;
    case 'dynamic':
      return `${url.host} is a dynamic name or tunnel that anyone can have`;
    case 'shared':
      return `${url.host} shows documents that anyone can put there`;
    case 'own':
      return url.privateSuffix && suffix !== 'reserved'
        ? `".${url.publicSuffix}" gives names to its customers`
        : null;
  }
}

const longHost = 30;
const longLabel = 20;
const longTail = 60;

function describeLongHost({ url, longestLabel }: UrlFacts): string | null {
  const { length } = url.hostUnicode;
  if (url.hostKind !== 'name' || (length < longHost && longestLabel < longLabel)) return null;
  return length < longHost
    ? `a label of the host is ${longestLabel} characters long (${quote(url.hostUnicode)})`
    : `the host is ${length} characters long`;
}

function describeSubdomains({ url, subdomainLabels, feignedEnds }: UrlFacts): string | null {
  const before = quote(inUnicode(url.subdomain));
  const domain = inUnicode(url.registeredDomain);
  if (feignedEnds > 0) return `${before} stands before ${domain}, as if the host ended with it`;
  return subdomainLabels < 2
    ? null
    : `${subdomainLabels} labels (${before}) stand before the domain ${domain}`;
}

function describeHostDigits({ name, nameStats: { digits, digitRun } }: UrlFacts): string | null {
  if (digits === 0) return null;
  return digitRun > 2
    ? `${digitRun} digits in a row in the host (${quote(longestDigits(name))})`
    : `${count(digits, 'digit')} in the host (${quote(name)})`;
}

function longestDigits(text: string): string {
  return (text.match(/\d+/g) ?? []).reduce(
    (longest, run) => (run.length > longest.length ? run : longest),
    '',
  );
}

/** Mean bits below which letters read as random in any language of Latin letters; English words come to about -3.5. */
const random = -5.6;
/** Above which they read as words. */
const readable = -4.3;
const fewestLetters = 7;

function describeRandomHost({ url, name }: UrlFacts): string | null {
  const part = url.hostKind === 'name' ? name.split(/[.-]/).find(looksRandom) : undefined;
  return part === undefined ? null : `the letters of ${quote(part)} in the host look random`;
}

function describeReadableHost({ label, labelStats, labelLikelihood }: UrlFacts): string | null {
  const isReadable = labelStats.foreign === 0 && labelLikelihood !== 0 && labelLikelihood > readable;
  return isReadable ? `the letters of the host read like words (${quote(label)})` : null;
}

/** Whether nobody would read a word in it: names in other languages and abbreviations beside words are none of these. */
function looksRandom(part: string): boolean {
  const { letters, vowels, foreign } = textStats(part);
  if (letters < fewestLetters || foreign > 0 || vowels * 5 >= letters) return false;
  return (
    letterLikelihood(part) < random && !ordinaryWords.some((word) => word.length > 3 && part.includes(word))
  );
}

function describeHostIdentifier({ url }: UrlFacts): string | null {
  return identifier('the host', url.hostUnicode.slice(0, -url.publicSuffix.length - 1));
}

/** The first identifier of a text. */
function identifier(where: string, text: string): string | null {
  let found: string | null = null;
  findIdentifiers(text.toLowerCase(), (kind, from, to) => {
    const what = kind === 'uuid' ? 'a UUID' : kind === 'hex' ? 'a hexadecimal identifier' : 'an identifier';
    found ??= `${where} has ${what} (${quote(text.slice(from, to))})`;
  });
  return found;
}

function trust(where: string, text: string): string | null {
  const words = wordsIn(text).slice(0, 3).map(quote);
  return words.length === 0 ? null : `${where} asks for trust or haste with ${list(words)}`;
}

function describePathSize({ path, url }: UrlFacts): string | null {
  if (path.doubleSlashes > 0) return 'the path has an empty segment ("//")';
  return url.path.length < longTail && path.depth < 6
    ? null
    : `the path has ${count(url.path.length, 'character')} in ${count(path.depth, 'segment')}`;
}

function describePathLetters({ path }: UrlFacts): string | null {
  const part = path.text.split(/[^a-z0-9]/).find(looksRandom);
  if (part !== undefined) return `the letters of ${quote(part)} in the path look random`;
  if (path.stats.digitRun < 5) return null;
  return `${path.stats.digitRun} digits in a row in the path (${quote(longestDigits(path.text))})`;
}

function describeReadablePath({ path }: UrlFacts): string | null {
  const isReadable = path.stats.foreign === 0 && path.likelihood !== 0 && path.likelihood > readable;
  return isReadable ? `the path reads like words (${quote(path.text)})` : null;
}

function isPlainWord(word: string): boolean {
  return /^[a-z]{4,12}$/.test(word) && letterLikelihood(word, 3) > readable;
}

function describePlainWords({ plainWords, reading }: UrlFacts): string | null {
  const words = reading.tail.split(/[^a-z0-9]+/).filter(isPlainWord);
  if (plainWords < 3 || words.length < 2) return null;
  return `plain words stand behind the host (${list([...new Set(words)].slice(0, 3).map(quote))})`;
}

const datePart = /(?:19|20)\d\d[/_.-]?(?:0[1-9]|1[0-2])(?:[/_.-]?(?:[0-2]\d|3[01]))?/;
const versionPart = /(?<!\d)\d+\.\d+\.\d[\d.]*/;

function describeDate({ path }: UrlFacts): string | null {
  if (path.hasDate) return `the path has a date (${quote(datePart.exec(path.text)?.[0] ?? '')})`;
  return path.hasVersion ? `the path has a version (${quote(versionPart.exec(path.text)?.[0] ?? '')})` : null;
}

function describePathTarget({ path }: UrlFacts): string | null {
  if (path.hasHost) return 'the path holds the name of another host';
  return path.hasEmail ? 'the path holds an e-mail address' : null;
}

function describeFolder({ path }: UrlFacts): string | null {
  if (path.isSystemFolder) return `the page stands in a folder of the site’s software (${quote(path.text)})`;
  return path.hasTilde ? `the page stands in a user’s folder (${quote(path.text)})` : null;
}

function describeUpload({ path }: UrlFacts): string | null {
  return path.isUpload ? `the path is that of an upload (${quote(path.text)})` : null;
}

const extensionNames: Readonly<Record<Exclude<ExtensionKind, 'none' | 'other'>, string>> = {
  page: 'a page',
  php: 'a script',
  script: 'a script',
  program: 'a program',
  archive: 'an archive',
  document: 'a document',
  media: 'a picture, sound or style',
};

function describeExtension({ path: { extension, text } }: UrlFacts): string | null {
  if (extension === 'none' || extension === 'other') return null;
  return `the path ends like ${extensionNames[extension]} (${quote(text.slice(text.lastIndexOf('.')))})`;
}

function describeQueryTarget({ query, reading }: UrlFacts): string | null {
  if (query.hasAddress) return 'the query holds another address';
  if (query.hasEmail) return 'the query holds an e-mail address';
  const name = redirectParameter(reading.query);
  return name === undefined ? null : `the parameter ${quote(name)} says where to go on to`;
}

function describeFragment({ url }: UrlFacts): string | null {
  if (url.fragment === '') return null;
  return url.fragment.includes('@')
    ? `the fragment holds an e-mail address (${quote(url.fragment)})`
    : `the fragment has ${count(url.fragment.length, 'character')}`;
}

function describeMarks({ url, reading: { escapes } }: UrlFacts): string | null {
  if (escapes > 0) return `${count(escapes, 'escaped character')} after the host`;
  return url.tail.length < longTail ? null : `${url.tail.length} characters after the host`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function list(items: readonly string[]): string {
  return items.length < 2
    ? items.join('')
    : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}

/** A name or some of its labels as a reader sees them. */
function inUnicode(name: string): string {
  return name.includes('xn--') ? domainToUnicode(name) || name : name;
}

/** What stands in the address, without marks for identifiers. */
function quote(text: string): string {
  return `"${shorten(text.replaceAll(hexMark, '…').replaceAll(keyMark, '…'))}"`;
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
