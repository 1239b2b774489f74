import { type Brand, brands } from './brands.js';
import type { CanonicalUrl } from './canonical-url.js';
import { mergedLetters, skeleton } from './confusables.js';
import { hostingKind, isForTenants } from './hosting.js';
import { isMuchLinked } from './known-domains.js';
import { NearNames } from './near-names.js';
import { domainOwner, type Owner } from './owners.js';
import { isNationalSuffix } from './suffixes.js';
import { readWordList } from './word-list.js';
import { WordMatcher } from './word-matcher.js';
import { wordUse } from './word-use.js';
import { ordinaryWords, suspiciousWords } from './words.js';

/** What an address has to do with known brands. Brands are numbers, places in `brands()`; -1 is none. */
export interface BrandUse {
  /** Who has this domain, where somebody is known to. Such a host imitates nobody. */
  readonly owner: Owner | undefined;
  /** A name that someone else registered as it is: `paypal.xyz`. */
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
  /** What of the address was taken for the name: `paypa1` */
  readonly part: string;
}

const none = -1;
/** Shorter names are parts of too many words to mean anything within one, or at its end. */
const shortestInside = 8;
const shortestAtEnd = 6;
/** Shorter names stand for too many things to mean anything where nothing asks for trust. */
const shortestAlone = 4;
/** Shorter names look like too many others: `gis` is not `gls`. */
const shortestAlike = 5;
/** Shorter names are made of too common parts to be found across hyphens: `web-de`. */
const shortestHyphenated = 7;

/** What is glued to a name to make it look like a page of its owner's: `appleid`, `chaseonline`. */
const glue: ReadonlySet<string> = new Set([
  ...suspiciousWords,
  ...'app apps bank card care center centre club com desk gov help home id in info live my net new now official one'.split(
    ' ',
  ),
  ...'page pages pay personal portal pro promo register shop site store team the top track uk us user vip web www your'.split(
    ' ',
  ),
]);

interface Tables {
  readonly all: readonly Brand[];
  readonly names: readonly string[];
  readonly byName: ReadonlyMap<string, number>;
  /** Of all but further names. */
  readonly plain: WordMatcher;
  readonly alike: WordMatcher;
  readonly near: NearNames;
  /** Words, and names of others, that contain a name or come near one. */
  readonly real: ReadonlySet<string>;
}

let made: Tables | undefined;

/** Made at first use: what starts without scoring an address needs none of it. */
function tables(): Tables {
  return (made ??= makeTables());
}

function makeTables(): Tables {
  const all = brands();
  const names = all.map(({ name }) => name);
  const real = new Set([
    ...readWordList('real-names.txt', /^[a-z0-9]+$/).flat(),
    ...ordinaryWords,
    ...suspiciousWords,
  ]);
  return {
    all,
    names,
    byName: new Map(names.map((name, index) => [name, index])),
    plain: new WordMatcher(names.slice(0, all.filter(({ isFurther }) => !isFurther).length)),
    alike: new WordMatcher(names.map(skeleton), mergedLetters),
    near: new NearNames(all),
    real,
  };
}

export function findBrands(url: CanonicalUrl): BrandUse {
  const isName = url.hostKind === 'name';
  const owner = isName ? domainOwner(url.registeredDomain) : undefined;
  const host = owner ?? (url.privateSuffix ? domainOwner(lastTwoLabels(url.publicSuffix)) : undefined);
  const isTrusted =
    isName &&
    !url.privateSuffix &&
    (owner !== undefined || isMuchLinked(url.registeredDomain)) &&
    hostingKind(url.bareHost) === 'own' &&
    !isForTenants(url.subdomain) &&
    !url.path.includes('/~');
  const found = new Finder(url, host);
  if (isName && !isTrusted) found.searchHost();
  if (!isTrusted) found.searchTail();
  if (url.userinfo !== null) found.searchUserinfo(url.userinfo.toLowerCase());
  return found.use(owner);
}

function lastTwoLabels(suffix: string): string {
  return suffix.slice(suffix.lastIndexOf('.', suffix.lastIndexOf('.') - 1) + 1);
}

/** What the registrant chose: the registered domain without its suffix. */
export function registeredLabel({ registeredDomain, publicSuffix }: CanonicalUrl): string {
  const end = registeredDomain.length - publicSuffix.length - 1;
  return end <= 0 || publicSuffix === '' ? registeredDomain : registeredDomain.slice(0, end);
}

/** One search through an address. */
class Finder {
  private readonly tables = tables();
  private readonly label: string;
  /** The host before its public suffix. */
  private readonly name: string;
  private readonly places = {
    registered: none,
    inDomain: none,
    inSubdomain: none,
    confusable: none,
    misspelt: none,
    inTail: none,
    inUserinfo: none,
  };
  private misspeltBy = 0;
  private part = '';
  private isAsking: boolean | undefined;

  /** @param host who has the domain or hands out names below it, where somebody is known to */
  constructor(
    private readonly url: CanonicalUrl,
    private readonly host: Owner | undefined,
  ) {
    this.label = registeredLabel(url);
    this.name = url.subdomain === '' ? this.label : `${url.subdomain}.${this.label}`;
  }

  use(owner: Owner | undefined): BrandUse {
    return { owner, ...this.places, misspeltBy: this.misspeltBy, part: this.part };
  }

  searchHost(): void {
    const { name } = this;
    this.tables.alike.find(name, (brand, from, to) => {
      if (name.startsWith(this.tables.names[brand], from)) this.foundPlain(brand, from, to);
      else this.foundAlike(brand, name, from, to);
    });
    this.searchShown();
    if (name.includes('-')) this.searchAcrossHyphens();
    const { registered, inDomain, inSubdomain, confusable } = this.places;
    if (registered < 0 && inDomain < 0 && inSubdomain < 0 && confusable < 0) this.searchNear();
  }

  /** Names in the host as a reader sees it, with letters of other scripts and pairs that look like one letter. */
  private searchShown(): void {
    const { names, alike } = this.tables;
    const { host, hostUnicode } = this.url;
    const shown = hostUnicode === host ? this.name : hostUnicode.slice(0, hostUnicode.lastIndexOf('.'));
    const form = skeleton(shown);
    if (form === this.name) return;
    alike.find(form, (brand, from, to) => {
      if (!shown.includes(names[brand])) this.foundAlike(brand, form, from, to);
    });
  }

  private foundPlain(brand: number, from: number, to: number): void {
    const { isFurther, isShared, isMinor, owner } = this.tables.all[brand];
    if (isFurther || owner === this.host || !this.isMeant(brand, this.name, from, to)) return;
    const { publicSuffix } = this.url;
    if (
      isShared &&
      wordUse(this.name.slice(0, from) + this.name.slice(to).replaceAll('bank', '')).places === 0 &&
      owner.domains.some((domain) => domain.endsWith(`.${publicSuffix}`))
    )
      return;
    const domainAt = this.name.length - this.label.length;
    if (from < domainAt) this.note('inSubdomain', brand, from, to);
    else if (to - from < this.label.length) this.note('inDomain', brand, from, to);
    else if (
      !(isNationalSuffix(publicSuffix) || (isMinor && isOld.test(publicSuffix))) ||
      this.asksBeside(this.name, from, to)
    )
      this.note('registered', brand, from, to);
  }

  /** Whether a name that stands in a text is the brand's there, and not part of something else. */
  private isMeant(brand: number, text: string, from: number, to: number): boolean {
    const start = tokenStart(text, from);
    const end = tokenEnd(text, to);
    const { name, isWord, isPart, isMinor } = this.tables.all[brand];
    const isWhole = start === from && end === to;
    if (isWhole) return (!isWord && name.length >= shortestAlone) || this.asksBeside(text, from, to);
    if (this.tables.real.has(text.slice(start, end))) return false;
    if (isGlue(text, start, from) && isGlue(text, to, end))
      return name.length >= (isWord ? shortestAlike : shortestAlone);
    if (isWord || isPart || isMinor || text !== this.name) return false;
    return name.length >= (start === from || end === to ? shortestAtEnd : shortestInside);
  }

  private foundAlike(brand: number, text: string, from: number, to: number): void {
    const { name, owner } = this.tables.all[brand];
    if (name.length < shortestAlike || owner === this.host) return;

    const start = tokenStart(text, from);
    const end = tokenEnd(text, to);
    const token = text.slice(start, end);
    if (this.tables.real.has(token) && !this.tables.byName.has(token)) return;
    const isApart = isGlue(text, start, from) && isGlue(text, to, end);
    const isPartly = start === from || end === to;
    if (!isApart && !(isPartly && name.length >= shortestAtEnd && /[0-9]/.test(text.slice(from, to)))) return;
    if (isBetter(this.tables.all, this.places.confusable, brand)) {
      this.places.confusable = brand;
      this.part = text.slice(from, to);
    }
  }

  /** Names that stand across hyphens: `royal-mail`, `bank-of-america`. */
  private searchAcrossHyphens(): void {
    const { byName, all } = this.tables;
    let at = 0;
    for (const label of this.name.split('.', 8)) {
      const pieces = label.includes('-') ? label.split('-', 8) : [];
      let from = at;
      pieces.forEach((piece, first) => {
        let joined = piece;
        let to = from + piece.length;
        for (const next of pieces.slice(first + 1)) {
          joined += next;
          to += next.length + 1;
          const brand = joined.length < shortestHyphenated ? undefined : byName.get(joined);
          if (brand !== undefined && !all[brand].isWord) this.foundPlain(brand, from, to);
        }
        from += piece.length + 1;
      });
      at += label.length + 1;
    }
  }

  private searchNear(): void {
    const { near, real, byName } = this.tables;
    for (const label of this.name.split('.', 7)) {
      for (const part of label.includes('-') ? [label, ...label.split('-', 7)] : [label]) {
        if (part.length < 5 || part.length > 24) continue;
        const [brand, distance] = near.find(part);
        if (brand < 0 || (this.misspeltBy > 0 && distance >= this.misspeltBy)) continue;
        if (real.has(part) || byName.has(part)) continue;
        if (this.tables.all[brand].owner === this.host) continue;
        if (this.tables.names[brand].length < shortestAtEnd && !this.asks()) continue;
        this.places.misspelt = brand;
        this.misspeltBy = distance;
        this.part = part;
      }
    }
  }

  searchTail(): void {
    const { tail, path } = this.url;
    if (tail === '' || (isNoPage(tail, path.length) && !this.asks())) return;
    this.tables.plain.find(tail, (brand, from, to) => {
      const { isFurther, isWord, name, owner } = this.tables.all[brand];
      if (
        isFurther ||
        owner === this.host ||
        !this.isMeant(brand, tail, from, to) ||
        isSourceNote(tail, from)
      )
        return;
      if (isWord && name.length < shortestAlike && wordUse(this.name).places === 0) return;
      if (isBetter(this.tables.all, this.places.inTail, brand)) this.places.inTail = brand;
    });
  }

  searchUserinfo(userinfo: string): void {
    this.tables.plain.find(userinfo, (brand, from, to) => {
      const { isFurther, isWord, name } = this.tables.all[brand];
      const isWhole = tokenStart(userinfo, from) === from && tokenEnd(userinfo, to) === to;
      if (isFurther || (!isWhole && (isWord || name.length < shortestAtEnd))) return;
      if (isBetter(this.tables.all, this.places.inUserinfo, brand)) this.places.inUserinfo = brand;
    });
  }

  private note(
    place: 'registered' | 'inDomain' | 'inSubdomain',
    brand: number,
    from: number,
    to: number,
  ): void {
    if (!isBetter(this.tables.all, this.places[place], brand)) return;
    this.places[place] = brand;
    this.part = this.name.slice(from, to);
  }

  /** Whether anything in the address beside a name asks for trust or haste. */
  private asksBeside(text: string, from: number, to: number): boolean {
    const isTail = text === this.url.tail;
    if (isTail ? wordUse(this.name).places > 0 : this.tailAsks()) return true;
    return wordUse(text.slice(0, from)).places > 0 || wordUse(text.slice(to)).places > 0;
  }

  private asks(): boolean {
    return this.tailAsks() || wordUse(this.name).places > 0;
  }

  private tailAsks(): boolean {
    return (this.isAsking ??= wordUse(this.url.tail).places > 0);
  }
}

/** Whether a brand says more than the one found before: no word is better than a word, then the longer name. */
function isBetter(all: readonly Brand[], found: number, brand: number): boolean {
  if (found < 0) return true;
  const [before, now] = [all[found], all[brand]];
  return before.isWord === now.isWord ? now.name.length > before.name.length : before.isWord;
}

function tokenStart(text: string, from: number): number {
  let start = from;
  while (start > 0 && isLetterOrDigit(text.charCodeAt(start - 1))) start--;
  return start;
}

function tokenEnd(text: string, to: number): number {
  let end = to;
  while (end < text.length && isLetterOrDigit(text.charCodeAt(end))) end++;
  return end;
}

/** Of either case. */
function isLetterOrDigit(code: number): boolean {
  const lower = code | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || (code >= 0x30 && code <= 0x39) || code > 127;
}

const isOld = /^(?:com|net|org)$/;

/** Whether what stands beside a name is nothing, numbers or words that go with names. */
function isGlue(text: string, from: number, to: number): boolean {
  let at = from;
  while (at < to && isDigit(text.charCodeAt(at))) at++;
  let end = to;
  while (end > at && isDigit(text.charCodeAt(end - 1))) end--;
  if (at === end) return true;
  if (end - at > 24) return false;
  if (glue.has(text.slice(at, end))) return true;
  for (let middle = at + 2; middle < end - 1; middle++) {
    if (glue.has(text.slice(at, middle)) && glue.has(text.slice(middle, end))) return true;
  }
  return false;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

const pages = /\.(?:[a-z]?html?|php\d?|aspx?|jspx?|cgi|do|action|cfm|pl)$/;

/** Whether a path leads to a file that is no page: files and their folders are named after what they are about. */
function isNoPage(tail: string, pathLength: number): boolean {
  const last = tail.slice(tail.lastIndexOf('/', pathLength - 1) + 1, pathLength);
  return /\.[a-z0-9]{1,5}$/.test(last) && !pages.test(last);
}

const sourceNames =
  /^(?:utm_[a-z]+|source|src|ref|referr?er|provider|via|share|network|medium|campaign|platform)$/;
const sourceFolders = /^(?:oauth2?|social|share|connect|callback|plugins?|icons?|images?|img|themes?)$/;

/** Whether a name only says whence someone comes, or through whom: `utm_source=facebook`, `/oauth/google`. */
function isSourceNote(tail: string, from: number): boolean {
  if (tail.charCodeAt(from - 1) === 0x3d) {
    let start = from - 1;
    while (start > 0 && !'?&#'.includes(tail[start - 1])) start--;
    return sourceNames.test(tail.slice(start, from - 1));
  }
  if (tail.charCodeAt(from - 1) !== 0x2f) return false;
  return sourceFolders.test(tail.slice(tail.lastIndexOf('/', from - 2) + 1, from - 1));
}
