import { isIP } from 'node:net';
import { detectDelimiter } from './csv-delimiter.js';
import type { LineColumn } from './format.js';
import { readPreamble } from './preamble.js';
import type { Head } from './text-source.js';

/** Lines looked at. */
const lineCount = 50;
/** Of a list whose lines end with words by chance: as many, and they differ. */
const fewestLines = 4;

/**
 * Whether an input that names no column is a list of addresses, one a line. The others are tables that lack a header or
 * have one that nobody knows: read as a list, their labels would become parts of the addresses.
 */
export function isList(head: Head, { isLabel }: LineColumn): boolean {
  const lines = firstLines(readPreamble(head).rest);
  const [first, ...others] = lines;
  if (first === undefined) return true;
  const delimiter = detectDelimiter({ text: lines.join('\n'), complete: true });
  if (delimiter === '\t') return cellsOf(first, delimiter).some(looksLikeAddress);
  const cells = delimiter === null ? [first] : cellsOf(first, delimiter);
  if (!looksLikeAddress(cells[0])) {
    // A lone word is the name of a column above addresses, and that of a host among its like.
    const isWord = cells.length === 1 && !/\s/.test(first);
    return first.startsWith('|') || (isWord && (first === 'localhost' || !others.some(looksLikeAddress)));
  }
  return delimiter === null || !(isQuoted(first, delimiter) || endsWithLabels(lines, delimiter, isLabel));
}

/** The rows that a line of a list is: more than one where it is of a hosts file and names several. */
export function addressesOf(text: string): string[] {
  const line = text.trim();
  if (line.startsWith('#')) return [];
  // There is no blank within an address, so this begins no fragment.
  const bare = line.replace(/(?<!\s)\s+#.*$/, '');
  const quoted = /^"([^"]*)",?$/.exec(bare);
  if (quoted) return [quoted[1]];
  const [first, ...others] = bare.split(/\s+/);
  if (others.length > 0 && isIP(first.split('%')[0]) > 0 && others.every(isHost)) return others;
  if (!bare.includes('\t')) return [bare];
  const cells = bare.split('\t');
  return [cells.find(looksLikeAddress) ?? cells[0]];
}

/** Whether a text is written as addresses are, sound or not: the names of columns are not. */
export function looksLikeAddress(cell: string): boolean {
  const [word] = cell
    .trim()
    .replace(/^["'<(]+/, '')
    .split(/\s/);
  // A scheme or a port, a host that is left out, a host of one label with a path.
  if (/^[a-z][\w.+-]*(?:\[:\]|:)\S|^\/\/\S|^[a-z][\w-]*\/\S/i.test(word)) return true;
  const [host] = word.replace(/[[({](?:\.|dot)[\])}]/gi, '.').split(/[/?#]/);
  return isIP(host.replace(/^\[|\].*$|%.*$/g, '')) > 0 || isDotted(host.split(':', 1)[0]);
}

/** An IPv4 address, or labels with dots between, the last of which is no number: figures and dates are none. */
function isDotted(host: string): boolean {
  return isIP(host) > 0 || /^[^.]+(?:\.[^.]+)*\.(?!\d+$)[\p{L}\p{N}-]+\.?$/u.test(host);
}

function isHost(word: string): boolean {
  return /^[^/:@]+$/.test(word);
}

function firstLines({ text, complete }: Head): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (!complete && lines.length > 1) lines.pop();
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .slice(0, lineCount);
}

function cellsOf(line: string, delimiter: string): string[] {
  return line.split(delimiter).map((cell) => cell.trim());
}

/** As writers of CSV quote: each cell for itself. */
function isQuoted(line: string, delimiter: string): boolean {
  return line.startsWith('"') && new RegExp(`"\\s*\\${delimiter}\\s*\\S`).test(line);
}

/** Whether each line has a label behind its last delimiter. One number alone may be a part of the address. */
function endsWithLabels(
  lines: readonly string[],
  delimiter: string,
  isLabel: LineColumn['isLabel'],
): boolean {
  const ends = lines.map((line) => line.slice(line.lastIndexOf(delimiter) + 1).trim());
  if (!lines.every((line) => line.includes(delimiter))) return false;
  if (ends.every(isLabel)) return lines.length > 1 || !/^-?\d/.test(ends[0]);
  const isWord = (end: string): boolean => /^\p{L}[\p{L} _]{0,30}$/u.test(end);
  return lines.length >= fewestLines && ends.every(isWord) && new Set(ends).size * 2 <= lines.length;
}
