import { WordMatcher } from './word-matcher.js';
import { suspiciousWords } from './words.js';

/** How a text uses words of trust or haste. */
export interface WordUse {
  /** Distinct places that hold one; a word within a longer one found there counts once. */
  readonly places: number;
  /** All of them, also within each other. */
  readonly hits: number;
  /** Those with marks on both sides: `login`, not `loginpage`. */
  readonly whole: number;
}

const none: WordUse = { places: 0, hits: 0, whole: 0 };
const shortest = Math.min(...suspiciousWords.map(({ length }) => length));
const matcher = new WordMatcher(suspiciousWords);

/** @param text in lower case */
export function wordUse(text: string): WordUse {
  if (text.length < shortest) return none;
  let places = 0;
  let hits = 0;
  let whole = 0;
  let end = 0;
  matcher.find(text, (_word, from, to) => {
    hits++;
    if (from >= end) places++;
    if (to > end) end = to;
    if (!isWordCode(text.charCodeAt(from - 1)) && !isWordCode(text.charCodeAt(to))) whole++;
  });
  return hits === 0 ? none : { places, hits, whole };
}

/** The words themselves, each once, without those within a longer one. @param text in lower case */
export function wordsIn(text: string): string[] {
  const found: { from: number; to: number }[] = [];
  matcher.find(text, (_word, from, to) => {
    while (found.length > 0 && found[found.length - 1].from >= from) found.pop();
    const last = found[found.length - 1];
    if (last === undefined || last.to < to) found.push({ from, to });
  });
  return [...new Set(found.map(({ from, to }) => text.slice(from, to)))];
}

/** Runs of 3 to 12 letters and nothing else between marks. */
export function countPlainWords(text: string): number {
  let found = 0;
  let start = 0;
  let hasDigit = false;
  for (let i = 0; i <= text.length; i++) {
    const code = text.charCodeAt(i);
    if (isWordCode(code)) {
      if (code < 0x61) hasDigit = true;
      continue;
    }
    const length = i - start;
    if (!hasDigit && length >= 3 && length <= 12) found++;
    start = i + 1;
    hasDigit = false;
  }
  return found;
}

/** A lower-case letter or a digit; not the end of a text. */
function isWordCode(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
}
