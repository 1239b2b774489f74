import { type BrandUse, findBrands, registeredLabel } from './brand-imitation.js';
import { letterLikelihood } from './bigrams.js';
import type { CanonicalUrl } from './canonical-url.js';
import { countConfusables, hasMixedScripts } from './confusables.js';
import { type HostingKind, hostingKind } from './hosting.js';
import { readQuery, type QueryShape } from './query-shape.js';
import { familiarTops, isOftenAbused, type SuffixKind, suffixKind } from './suffixes.js';
import { suspiciousWords } from './suspicious-words.js';
import { type TextStats, textStats } from './text-stats.js';
import { WordMatcher } from './word-matcher.js';

export type ExtensionKind =
  'none' | 'page' | 'script' | 'program' | 'archive' | 'document' | 'media' | 'other';

/** All that is worked out of a URL once, for features and for sentences. */
export interface UrlFacts {
  readonly url: CanonicalUrl;
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
  readonly confusables: number;
  readonly hasMixedScripts: boolean;
  readonly brands: BrandUse;
  readonly nameWords: number;
  readonly pathWords: number;
  readonly queryWords: number;
  readonly path: PathShape;
  readonly query: QueryShape;
  readonly queryStats: TextStats;
  readonly escapes: number;
}

export interface PathShape {
  readonly text: string;
  readonly stats: TextStats;
  readonly depth: number;
  readonly longestSegment: number;
  readonly likelihood: number;
  readonly doubleSlashes: number;
  readonly underscores: number;
  readonly extension: ExtensionKind;
  /** A host name or a whole address within the path. */
  readonly hasHost: boolean;
  readonly hasEmail: boolean;
  readonly hasTilde: boolean;
  /** In a folder of a content management system, where a page that someone broke into stands. */
  readonly isSystemFolder: boolean;
}

const wordMatcher = new WordMatcher(suspiciousWords);

export function urlFacts(url: CanonicalUrl): UrlFacts {
  const isName = url.hostKind === 'name';
  const label = registeredLabel(url);
  const isBare = url.subdomain === '';
  const name = isBare ? label : `${url.subdomain}.${label}`;
  const labelStats = textStats(label);
  const labelLikelihood = isName ? letterLikelihood(label) : 0;
  const path = url.tail.slice(0, url.path.length);
  const query = url.query === '' ? '' : url.tail.slice(path.length + 1, path.length + 1 + url.query.length);
  return {
    url,
    name,
    nameStats: isBare ? labelStats : textStats(name),
    label,
    labelStats,
    nameLikelihood: isBare || !isName ? labelLikelihood : letterLikelihood(name),
    labelLikelihood,
    longestLabel: longestBetween(url.bareHost, 0x2e),
    subdomainLabels: url.subdomain === '' ? 0 : count(url.subdomain, 0x2e) + 1,
    feignedEnds: countFeignedEnds(url.subdomain),
    suffix: isName && url.publicSuffix !== '' ? suffixKind(url.publicSuffix) : 'none',
    isSuffixAbused: isName && isOftenAbused(url.publicSuffix),
    hosting: isName ? hostingKind(url.bareHost) : 'own',
    confusables: countConfusables(url.hostUnicode),
    hasMixedScripts: hasMixedScripts(url.hostUnicode),
    brands: findBrands(url),
    nameWords: countWords(name),
    pathWords: countWords(path),
    queryWords: countWords(url.tail.slice(path.length)),
    path: pathShape(path),
    query: readQuery(query),
    queryStats: textStats(query),
    escapes: count(url.tail, 0x25),
  };
}

/** Distinct places that hold a word; a word within a longer one found there counts once. */
function countWords(text: string): number {
  let found = 0;
  let end = 0;
  if (text.length < 3) return 0;
  wordMatcher.find(text, (_word, from, to) => {
    if (from >= end) found++;
    if (to > end) end = to;
  });
  return found;
}

function countFeignedEnds(subdomain: string): number {
  if (subdomain === '') return 0;
  return subdomain.split('.', 12).filter((label) => familiarTops.has(label)).length;
}

function count(text: string, code: number): number {
  let found = 0;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) === code) found++;
  return found;
}

function longestBetween(text: string, mark: number): number {
  let longest = 0;
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && text.charCodeAt(i) !== mark) continue;
    if (i - start > longest) longest = i - start;
    start = i + 1;
  }
  return longest;
}

const extensions: ReadonlyMap<string, ExtensionKind> = new Map(
  (
    [
      ['page', 'html htm shtml xhtml mhtml'],
      ['script', 'php php3 php4 php5 php7 phtml asp aspx ashx jsp jspx jsf do cgi pl py cfm action'],
      [
        'program',
        'exe msi apk scr bat cmd com dll jar js vbs ps1 hta dmg pkg deb bin sh lnk iso img elf arm mips x86',
      ],
      ['archive', 'zip rar 7z gz tgz tar bz2 xz cab'],
      ['document', 'pdf doc docx docm xls xlsx xlsm ppt pptx rtf odt txt csv xml json rss'],
      ['media', 'jpg jpeg png gif svg webp ico bmp mp3 mp4 avi mov wav swf css woff woff2 ttf'],
    ] as const
  ).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind] as const)),
);

function extensionKind(path: string): ExtensionKind {
  const dot = path.lastIndexOf('.');
  if (dot <= path.lastIndexOf('/') || dot === path.length - 1) return 'none';
  if (path.length - dot > 8) return 'other';
  return extensions.get(path.slice(dot + 1)) ?? 'other';
}

// None of these can backtrack further than a few characters, whatever the path.
const hostInPath = /https?:|ftp:|www\.|[a-z0-9]\.(?:com|net|org|co|info|gov|edu|io|ru|de|uk|fr)(?:[/.]|$)/;
const emailInPath = /[a-z0-9_-]@[a-z0-9-]{1,63}\./;
const systemFolder =
  /\/(?:wp-(?:content|includes|admin|login|json)|cgi-bin|\.well-known|administrator|components|modules|plugins|themes|includes|vendor|sites\/default|media\/system|\.[a-z])/;

function pathShape(text: string): PathShape {
  return {
    text,
    stats: textStats(text),
    depth: count(text, 0x2f),
    longestSegment: longestBetween(text, 0x2f),
    likelihood: letterLikelihood(text),
    doubleSlashes: countDoubleSlashes(text),
    underscores: count(text, 0x5f),
    extension: extensionKind(text),
    hasHost: text.length > 4 && hostInPath.test(text),
    hasEmail: text.includes('@') && emailInPath.test(text),
    hasTilde: text.includes('/~'),
    isSystemFolder: text.length > 4 && systemFolder.test(text),
  };
}

function countDoubleSlashes(text: string): number {
  let found = 0;
  for (let at = text.indexOf('//'); at >= 0; at = text.indexOf('//', at + 2)) found++;
  return found;
}
