import { letterLikelihood } from './bigrams.js';
import { countCode, longestBetween, type TextStats, textStats } from './text-stats.js';

export type ExtensionKind =
  'none' | 'page' | 'php' | 'script' | 'program' | 'archive' | 'document' | 'media' | 'other';

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
  /** Longest run of letters, digits and hyphens. */
  readonly longestWord: number;
  /** Words that are folders of a content management system or of a page's parts. */
  readonly folderWords: number;
  readonly lastSegment: TextStats;
  /** In a folder of a content management system, where a page that someone broke into stands. */
  readonly isSystemFolder: boolean;
  /** In a folder into which a content management system puts what its users upload. */
  readonly isUpload: boolean;
  /** A day or a month, as archives and newspapers have it. */
  readonly hasDate: boolean;
  /** A number of a version of three parts or more. */
  readonly hasVersion: boolean;
  /** Segments that are words of interfaces for programs: maps, time tables, feeds. */
  readonly interfaceWords: number;
}

const extensions: ReadonlyMap<string, ExtensionKind> = new Map(
  (
    [
      ['page', 'html htm shtml xhtml mhtml'],
      ['php', 'php php3 php4 php5 php7 phtml'],
      ['script', 'asp aspx ashx jsp jspx jsf do cgi pl py cfm action'],
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
  /\/(?:wp-(?:content\/(?!uploads\/)|includes|admin|login)|cgi-bin|\.well-known|administrator|components|modules|plugins|themes|includes|vendor|media\/system|\.[a-z])/;
const uploadFolder = /\/(?:wp-content\/uploads|sites\/[a-z0-9.-]{1,40}\/files|(?:user)?uploads?|fileadmin)\//;
const dateInPath =
  /(?:^|[/_.-])(?:19|20)\d\d(?:[/_.-]?)(?:0[1-9]|1[0-2])(?:[/_.-]?(?:[0-2]\d|3[01]))?(?:[/_.-]|$)/;
const versionInPath = /\d\.\d{1,6}\.\d/;

/** @param text as it is read, identifiers as marks */
export function pathShape(text: string): PathShape {
  const { longestWord, folderWords, interfaceWords } = readWords(text);
  const stats = textStats(text);
  return {
    text,
    stats,
    depth: countCode(text, 0x2f),
    longestSegment: longestBetween(text, 0x2f),
    likelihood: letterLikelihood(text),
    doubleSlashes: countDoubleSlashes(text),
    underscores: countCode(text, 0x5f),
    extension: extensionKind(text),
    hasHost: text.length > 4 && hostInPath.test(text),
    hasEmail: text.includes('@') && emailInPath.test(text),
    hasTilde: text.includes('/~'),
    longestWord,
    folderWords,
    lastSegment: textStats(text.slice(text.lastIndexOf('/') + 1)),
    isSystemFolder: text.length > 4 && systemFolder.test(text),
    isUpload: text.length > 8 && uploadFolder.test(text),
    hasDate: stats.digits > 5 && dateInPath.test(text),
    hasVersion: stats.digits > 2 && stats.dots > 1 && versionInPath.test(text),
    interfaceWords,
  };
}

/** Where pages stand that someone put into a broken-into site. */
const folders: ReadonlySet<string> = new Set(
  (
    'wp-content wp-includes wp-admin plugins themes modules components templates cgi-bin images includes cache tmp ' +
    'administrator admin css js'
  ).split(' '),
);

/** What programs ask for, in the addresses of their interfaces. */
const interfaces: ReadonlySet<string> = new Set(
  (
    'api rest graphql odata oembed wp-json swagger openapi arcgis mapserver featureserver imageserver geoserver wms wfs ' +
    'wmts ows gtfs gbfs siri rss atom feed feeds sitemap oai dataset datasets v1 v2 v3 v4'
  ).split(' '),
);

/** Of the runs of letters, digits and hyphens. */
function readWords(text: string): { longestWord: number; folderWords: number; interfaceWords: number } {
  let longestWord = 0;
  let folderWords = 0;
  let interfaceWords = 0;
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && isWordMark(text.charCodeAt(i))) continue;
    const length = i - start;
    if (length > longestWord) longestWord = length;
    if (length > 1 && length < 14) {
      const word = text.slice(start, i);
      if (folders.has(word)) folderWords++;
      else if (interfaces.has(word)) interfaceWords++;
    }
    start = i + 1;
  }
  return { longestWord, folderWords, interfaceWords };
}

/** A lower-case letter, a digit or a hyphen. */
function isWordMark(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x2d;
}

function countDoubleSlashes(text: string): number {
  let found = 0;
  for (let at = text.indexOf('//'); at >= 0; at = text.indexOf('//', at + 2)) found++;
  return found;
}
