import { ordinaryWords } from './words.js';

const letters = 26;
/** Letters, and one place for the end of a word at either side. */
const symbols = letters + 1;
/** Any letter beyond ASCII. */
const foreign = symbols;

/** log2 P(second | first) of two neighbouring letters in `ordinaryWords`, each pair counted once more (Laplace). */
const logLikelihoods = fitBigrams(ordinaryWords);

/** What a pair with a letter beyond ASCII counts as, of which nothing is known: as much as one in a word, in the mean. */
const ordinaryPair = letterLikelihood(ordinaryWords.join(' '));

function fitBigrams(words: readonly string[]): Float64Array {
  const counts = new Float64Array(symbols * symbols).fill(1);
  for (const word of words) {
    let previous = letters;
    for (const char of word) {
      const letter = char.charCodeAt(0) - 0x61;
      counts[previous * symbols + letter]++;
      previous = letter;
    }
    counts[previous * symbols + letters]++;
  }
  for (let first = 0; first < symbols; first++) {
    const row = counts.subarray(first * symbols, (first + 1) * symbols);
    const total = row.reduce((sum, count) => sum + count, 0);
    row.forEach((count, second) => (row[second] = Math.log2(count / total)));
  }
  return counts;
}

/**
 * How readable the letters of a text are: the mean of log2 P(letter | letter before) in English words, in
 * bits; about -3.5 for words, below -5 for random letters. Letters of other scripts are as readable as words. Marks and digits end a word and count for nothing
 * themselves. 0 where fewer than `fewest` pairs are there to go by.
 */
export function letterLikelihood(text: string, fewest = 4): number {
  let sum = 0;
  let pairs = 0;
  let previous = letters;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const place = (code | 0x20) - 0x61;
    const letter = code > 127 ? foreign : place >= 0 && place < letters ? place : letters;
    if (letter !== letters && previous !== letters) {
      sum +=
        letter === foreign || previous === foreign
          ? ordinaryPair
          : logLikelihoods[previous * symbols + letter];
      pairs++;
    }
    previous = letter;
  }
  return pairs < fewest ? 0 : sum / pairs;
}
