import { brands } from './brands.js';
import { isKnownDomain } from './known-domains.js';
import type { UrlFacts } from './url-facts.js';
import type { WordUse } from './word-use.js';
import { type ReasonGroup, urlFeatures } from './url-features.js';

/**
 * What a group of features says of a URL, as a clause. Each is true whether it spoke for or against the address, so
 * that every contribution has words.
 */
const sentences: Readonly<Record<ReasonGroup, (facts: UrlFacts) => string>> = {
  address: describeAddress,
  'brand-owner': describeOwner,
  'brand-in-host': describeBrandInHost,
  'brand-look-alike': describeLookAlike,
  'brand-elsewhere': describeBrandElsewhere,
  'foreign-letters': describeForeignLetters,
  disguise: describeDisguise,
  userinfo: ({ url }) =>
    url.userinfo === null
      ? 'nothing stands in front of the host'
      : `"${shorten(url.userinfo)}@" stands in front of the real host ${url.host}`,
  port: ({ url }) => (url.port === null ? 'the port is the usual one' : `the port is ${url.port}`),
  suffix: describeSuffix,
  hosting: describeHosting,
  'host-size': ({ url, longestLabel }) =>
    `the host has ${count(url.bareHost.length, 'character')}, ${longestLabel} in its longest label`,
  subdomains: describeSubdomains,
  'host-digits': ({ nameStats }) =>
    nameStats.digits === 0
      ? 'the host has no digits'
      : nameStats.digitRun > 2
        ? `${nameStats.digitRun} digits in a row in the host`
        : `${count(nameStats.digits, 'digit')} in the host`,
  'host-hyphens': ({ nameStats }) =>
    nameStats.hyphens === 0 ? 'the host has no hyphens' : `${count(nameStats.hyphens, 'hyphen')} in the host`,
  'host-letters': describeHostLetters,
  'host-words': ({ nameWords, name }) =>
    nameWords.places === 0
      ? 'the host has no words that ask for trust'
      : `the host has ${wordsOfTrust(nameWords)} (${shorten(name)})`,
  'path-size': ({ path }) =>
    path.text === ''
      ? 'the address has no path'
      : `the path has ${count(path.text.length, 'character')} in ${count(path.depth, 'segment')}`,
  'path-letters': describePathLetters,
  'path-words': ({ pathWords }) =>
    pathWords.places === 0
      ? 'the path has no words that ask for trust'
      : `the path has ${wordsOfTrust(pathWords)}`,
  'path-target': ({ path }) =>
    path.hasHost
      ? 'the path holds the name of another host'
      : path.hasEmail
        ? 'the path holds an e-mail address'
        : 'the path names no other host',
  'path-folder': ({ path }) =>
    path.isSystemFolder
      ? 'the page stands in a folder of the site’s software'
      : path.hasTilde
        ? 'the page stands in a user’s folder'
        : 'the page stands in no folder of the site’s software',
  extension: ({ path }) =>
    path.extension === 'none' || path.extension === 'other'
      ? 'the path has no known extension'
      : `the path ends like ${article(path.extension)} (${path.text.slice(path.text.lastIndexOf('.'))})`,
  'query-size': ({ query, url }) =>
    url.query === ''
      ? 'the address has no query'
      : `the query has ${count(url.query.length, 'character')} in ${count(query.parameters, 'parameter')}`,
  'query-words': ({ queryWords }) =>
    queryWords.places === 0
      ? 'the query has no words that ask for trust'
      : `the query has ${wordsOfTrust(queryWords)}`,
  'query-data': () => 'the query carries data',
  'host-identifiers': () => 'the host has an identifier',
  'path-identifiers': () => 'the path has an identifier',
  'path-date': () => 'the path has a date',
  'path-interface': () => 'the path is that of an interface for programs',
  'query-identifiers': () => 'the query has an identifier',
  'query-target': ({ query }) =>
    query.hasAddress
      ? 'the query holds another address'
      : query.hasEmail
        ? 'the query holds an e-mail address'
        : query.hasRedirect
          ? 'the query says where to go on to'
          : 'the query leads nowhere else',
  fragment: ({ url }) =>
    url.fragment === ''
      ? 'the address has no fragment'
      : url.fragment.includes('@')
        ? 'the fragment holds an e-mail address'
        : `the fragment has ${count(url.fragment.length, 'character')}`,
  marks: ({ url, reading }) =>
    reading.escapes > 0
      ? `${count(reading.escapes, 'escaped character')} in ${count(url.tail.length, 'character')} after the host`
      : url.tail === ''
        ? 'nothing stands after the host'
        : `${count(url.tail.length, 'character')} after the host`,
};

/** All groups, in the order in which features first name them. Contributions are added up within a group. */
export const reasonGroups: readonly ReasonGroup[] = [...new Set(urlFeatures.map((feature) => feature.group))];

/** The sentence for a group of features. */
export function describeReasonGroup(group: ReasonGroup, facts: UrlFacts): string {
  return sentences[group](facts);
}

/** The sentence for one feature: its group's. @param feature its place in `urlFeatures` */
export function describeUrlReason(feature: number, facts: UrlFacts): string {
  return describeReasonGroup(urlFeatures[feature].group, facts);
}

function describeOwner({ brands: use, url, isOwners }: UrlFacts): string {
  const { registeredDomain: domain } = url;
  if (use.owner === undefined && !isKnownDomain(domain)) return 'the domain is no widely known one';
  if (!isOwners) return `${domain} is widely known, but anyone may have pages there`;
  return use.owner !== undefined
    ? `${domain} belongs to ${use.owner.name}`
    : `${domain} is a domain that many know`;
}

function describeAddress({ url }: UrlFacts): string {
  if (url.hostKind === 'name')
    return url.bareHost.includes('.') ? 'the host has a name' : 'the host is a single word';
  const written = url.hidden.obfuscatedIp ? ` (written as ${shorten(url.writtenHost)})` : '';
  return `the address is a bare IP${written}`;
}

function describeBrandInHost({ brands: use, url }: UrlFacts): string {
  if (use.registered >= 0)
    return `${url.registeredDomain} has the name of ${home(use.registered)} but is not its domain`;
  if (use.inDomain >= 0) return `${url.registeredDomain} borrows the name of ${home(use.inDomain)}`;
  if (use.inSubdomain >= 0)
    return `the host imitates ${home(use.inSubdomain)} but belongs to ${url.registeredDomain}`;
  return 'the host borrows no known brand’s name';
}

function describeLookAlike({ brands: use, url }: UrlFacts): string {
  const shown = url.hostUnicode === url.host ? '' : `, shown as ${url.hostUnicode}`;
  if (use.confusable >= 0)
    return `the host imitates ${home(use.confusable)} with letters that look alike (${shorten(use.part)}${shown})`;
  if (use.misspelt < 0) return 'the host looks like no known brand’s';
  return `the host imitates ${home(use.misspelt)}, ${count(use.misspeltBy, 'letter')} off (${shorten(use.part)})`;
}

function describeBrandElsewhere({ brands: use, url }: UrlFacts): string {
  if (use.inUserinfo >= 0)
    return `the name of ${home(use.inUserinfo)} stands before the @, the host is ${url.host}`;
  if (use.inTail >= 0)
    return `the name of ${home(use.inTail)} stands in an address of ${url.registeredDomain}`;
  return 'path and query borrow no known brand’s name';
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

function describeForeignLetters({ url, confusables, hasMixedScripts }: UrlFacts): string {
  if (hasMixedScripts) return `the host mixes letters of several scripts (${url.hostUnicode})`;
  if (confusables > 0)
    return `${count(confusables, 'letter')} of the host only look Latin (${url.hostUnicode})`;
  return url.host.includes('xn--')
    ? `the host is an international name (${url.hostUnicode})`
    : 'the host is plain ASCII';
}

function describeDisguise({ url: { hidden } }: UrlFacts): string {
  if (hidden.encodedHost) return 'the host was written with escapes';
  if (hidden.invisible) return 'the address holds characters that cannot be seen';
  if (hidden.backslash) return 'the address has backslashes for slashes';
  if (hidden.doubleEncoded) return 'parts of the address are escaped twice';
  return 'nothing in the address is disguised';
}

function describeSuffix({ url, suffix, isSuffixAbused }: UrlFacts): string {
  if (url.publicSuffix === '') return 'the host has no public suffix';
  if (isSuffixAbused) return `.${url.publicSuffix} is a suffix that is often abused`;
  if (suffix === 'reserved') return `.${url.publicSuffix} is reserved for schools or states`;
  return `the suffix is .${url.publicSuffix}`;
}

function describeHosting({ url, hosting }: UrlFacts): string {
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
      return url.privateSuffix
        ? `.${url.publicSuffix} hands out names to anyone`
        : 'the host is on a domain of its own';
  }
}

function describeSubdomains({ url, subdomainLabels, feignedEnds }: UrlFacts): string {
  if (subdomainLabels === 0) return 'the host has no subdomain';
  const feigned = feignedEnds > 0 ? ', made to look like the end of a host' : '';
  return `${count(subdomainLabels, 'label')} before ${url.registeredDomain}${feigned}`;
}

/** Mean bits below which letters read as random; English words come to about -3.5. */
const random = -5;

function describeHostLetters({ name, nameStats, labelLikelihood, nameLikelihood }: UrlFacts): string {
  const isRandom =
    Math.min(labelLikelihood, nameLikelihood) < random || nameStats.consonantRun > 5 || nameStats.hexRun > 9;
  return isRandom
    ? `the letters of the host look random (${shorten(name)})`
    : 'the letters of the host read like words';
}

function describePathLetters({ path }: UrlFacts): string {
  if (path.text === '') return 'the address has no path';
  if (path.stats.hexRun >= 16) return `${path.stats.hexRun} hexadecimal digits in a row in the path`;
  if (path.stats.digitRun > 4) return `${path.stats.digitRun} digits in a row in the path`;
  return path.likelihood < random
    ? 'the letters of the path look random'
    : 'the letters of the path read like words';
}

function wordsOfTrust({ places }: WordUse): string {
  return places === 1 ? '1 word that asks for trust or haste' : `${places} words that ask for trust or haste`;
}

function article(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
