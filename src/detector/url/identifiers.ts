import { letterLikelihood } from './bigrams.js';

/** What stands in a text for an identifier: one character, so that learners see that one is there and not which. */
export const hexMark = '\x06';
export const keyMark = '\x07';

/** The identifiers of a text: names that machines give, in which no word is to be read. */
export interface Identifiers {
  /** Hexadecimal ones with the hyphens of a UUID (RFC 9562). */
  readonly uuids: number;
  /** Other hexadecimal ones: digests, commits, object ids. */
  readonly hexes: number;
  /** Letters and digits in no order that a word has: keys of documents, videos, sessions. */
  readonly keys: number;
  /** Characters of the longest of all. */
  readonly longest: number;
}

/** Called for each identifier found, `text[from, to)`, in order. */
export type OnIdentifier = (kind: 'uuid' | 'hex' | 'key', from: number, to: number) => void;

const shortestIdentifier = 8;
const hyphen = 0x2d;
const underscore = 0x5f;

/** Finds the identifiers of a text in lower case, in linear time. Words that name a place or a thing are left alone. */
export function findIdentifiers(text: string, onIdentifier: OnIdentifier): void {
  let start = 0;
  let hasDigit = false;
  for (let i = 0; i <= text.length; i++) {
    const code = text.charCodeAt(i);
    if (isPlain(code) || code === hyphen || code === underscore) {
      if (code < 0x3a && code !== hyphen) hasDigit = true;
      continue;
    }
    if (i - start >= shortestIdentifier && (hasDigit || i - start >= shortestLetters)) {
      readRun(text, start, i, onIdentifier);
    }
    start = i + 1;
    hasDigit = false;
  }
}

export const noIdentifiers: Identifiers = { uuids: 0, hexes: 0, keys: 0, longest: 0 };

export interface Masked {
  /** The text with a mark in place of each identifier. */
  readonly text: string;
  readonly identifiers: Identifiers;
}

/** The same text without its identifiers, and what they were. */
export function maskIdentifiers(text: string): Masked {
  let masked = '';
  let end = 0;
  let uuids = 0;
  let hexes = 0;
  let keys = 0;
  let longest = 0;
  findIdentifiers(text, (kind, from, to) => {
    masked += text.slice(end, from) + (kind === 'key' ? keyMark : hexMark);
    end = to;
    if (kind === 'uuid') uuids++;
    else if (kind === 'hex') hexes++;
    else keys++;
    if (to - from > longest) longest = to - from;
  });
  if (longest === 0) return { text, identifiers: noIdentifiers };
  return { text: masked + text.slice(end), identifiers: { uuids, hexes, keys, longest } };
}

export function countIdentifiers({ uuids, hexes, keys }: Identifiers): number {
  return uuids + hexes + keys;
}

/** Letters and digits, with the hyphens and underscores that keys have between them as well as words. */
function readRun(text: string, from: number, to: number, onIdentifier: OnIdentifier): void {
  if (isUuid(text, from, to)) {
    onIdentifier('uuid', from, to);
    return;
  }
  const found: { kind: 'hex' | 'key'; from: number; to: number }[] = [];
  let length = 0;
  let start = from;
  for (let i = from; i <= to; i++) {
    if (i < to && isPlain(text.charCodeAt(i))) continue;
    const kind = i - start < shortestIdentifier ? null : kindOf(text, start, i);
    if (kind !== null) {
      found.push({ kind, from: start, to: i });
      length += i - start;
    }
    start = i + 1;
  }
  if (found.length === 0) return;
  // What keys have between their marks need not look like one by itself.
  if (length * 2 > to - from && found.some(({ kind }) => kind === 'key')) onIdentifier('key', from, to);
  else for (const one of found) onIdentifier(one.kind, one.from, one.to);
}

/** Letters alone are an identifier only where there are many of them and no word has their like. */
const shortestLetters = 14;
/** Bits below which many letters are no word of any language in Latin letters; random ones come to about -6. */
const unreadable = -5.4;
/** The same of letters with digits among them. */
const hardlyReadable = -4.7;
const longKey = 16;

function kindOf(text: string, from: number, to: number): 'hex' | 'key' | null {
  let digits = 0;
  let switches = 0;
  let isHex = true;
  let wasDigit = false;
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    const isDigit = code < 0x3a;
    if (isDigit) digits++;
    else if (code > 0x66) isHex = false;
    if (i > from && isDigit !== wasDigit) switches++;
    wasDigit = isDigit;
  }
  const length = to - from;
  if (digits === length) return null;
  if (isHex && switches > 1) return 'hex';
  if (switches > 2 || (length >= longKey && switches > 1)) return 'key';
  if (digits === 0 ? length < shortestLetters : length < longKey) return null;
  return letterLikelihood(text.slice(from, to)) < (digits === 0 ? unreadable : hardlyReadable) ? 'key' : null;
}

function isUuid(text: string, from: number, to: number): boolean {
  if (to - from !== 36) return false;
  for (let i = 0; i < 36; i++) {
    const code = text.charCodeAt(from + i);
    const isMark = i === 8 || i === 13 || i === 18 || i === 23;
    if (isMark ? code !== hyphen : !isHexDigit(code)) return false;
  }
  return true;
}

/** A lower-case letter or a digit. */
function isPlain(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
}

function isHexDigit(code: number): boolean {
  return (code >= 0x61 && code <= 0x66) || (code >= 0x30 && code <= 0x39);
}
