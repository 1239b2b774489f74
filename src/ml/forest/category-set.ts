import { type Bins, missingCode } from '../bins.js';

/** Words of 32 bits that make a set of codes. */
export const setWords = 8;

/** Adds a code from 0 to 255 to the set that begins at word `at` of `words`. */
export function addCode(words: Uint32Array, code: number, at = 0): void {
  words[at + (code >>> 5)] |= 1 << (code & 31);
}

/** Whether a code from 0 to 255 is in the set that begins at word `at` of `words`. */
export function hasCode(words: Uint32Array, code: number, at = 0): boolean {
  return ((words[at + (code >>> 5)] >>> (code & 31)) & 1) === 1;
}

/** The code that a set is asked for: the value's own from 0 to 254, `missingCode` for all that is none. */
export function codeOfValue(value: number): number {
  return value >>> 0 === value && value < missingCode ? value : missingCode;
}

/**
 * The category codes that go left where the bins of `set` do. Codes that the column never had in training go
 * where missing values go, so that whoever walks the tree need not know which ones those are.
 */
export function categoriesOf(
  bins: Bins,
  column: number,
  set: Uint32Array,
  missingLeft: boolean,
): Uint32Array {
  const left = new Uint32Array(setWords).fill(missingLeft ? 0xffffffff : 0);
  bins.categories[column]!.forEach((category, bin) => {
    const word = category >>> 5;
    const bit = 1 << (category & 31);
    left[word] = hasCode(set, bin) ? left[word] | bit : left[word] & ~bit;
  });
  return left;
}
