import type { NgramHasher, SpelledPiece } from './ngrams.js';
import type { Reading } from './reading.js';

const mostStretches = 3;
const longestStretch = 24;
const shortestStretch = 3;

/**
 * The stretches of an address whose n-grams spoke most strongly in one direction, the strongest first.
 * @param values one a distinct n-gram of the address, in the hasher's order
 * @param sign 1 for stretches whose values are above 0, -1 for those below
 */
export function tellingStretches(
  hasher: NgramHasher,
  reading: Reading,
  values: ArrayLike<number>,
  sign: 1 | -1,
): string[] {
  const stretches = hasher.spread(reading, values).flatMap((piece) => stretchesOf(piece, sign));
  stretches.sort((a, b) => b.sum - a.sum);
  const shown: string[] = [];
  for (const { text } of stretches) {
    if (!shown.some((other) => other.includes(text) || text.includes(other))) shown.push(text);
  }
  return shown.slice(0, mostStretches);
}

interface Stretch {
  readonly text: string;
  readonly sum: number;
}

/** Runs of characters that speak more strongly than half of what those of the piece do in the mean. */
function stretchesOf({ text, sums }: SpelledPiece, sign: 1 | -1): Stretch[] {
  const speaking = sums.filter((value) => value * sign > 0);
  const bar = speaking.reduce((sum, value) => sum + value * sign, 0) / Math.max(speaking.length * 2, 1);
  const found: Stretch[] = [];
  let from = 0;
  let sum = 0;
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && isSeen(text, at) && sums[at] * sign > bar) {
      sum += sums[at] * sign;
      continue;
    }
    if (at - from >= shortestStretch) {
      const whole = text.slice(wordEnd(text, from, -1), wordEnd(text, at - 1, 1) + 1);
      if (whole.length <= longestStretch) found.push({ text: whole, sum });
    }
    from = at + 1;
    sum = 0;
  }
  return found;
}

/** Letters by which a stretch is made longer to end where its word does. */
const mostAdded = 3;

/** Where the word ends that has a letter or digit at `at`; `at` itself where that is too far. */
function wordEnd(text: string, at: number, step: 1 | -1): number {
  const isWord = (place: number): boolean => /[a-z0-9]/.test(text[place] ?? '');
  if (!isWord(at)) return at;
  let end = at;
  while (isWord(end + step)) end += step;
  return Math.abs(end - at) <= mostAdded ? end : at;
}

/** Neither the mark of an identifier nor a letter of an encoding that is not known. */
function isSeen(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code > 0x20 && code !== 0xfffd;
}
