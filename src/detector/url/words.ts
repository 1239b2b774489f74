import { readWordList } from './word-list.js';

const word = /^[a-z]+$/;

/**
 * Words of everyday English and of the web. They say what a readable name looks like (`bigrams.ts`) and which names are
 * words in their own right though a brand is one letter away (`brand-imitation.ts`).
 */
export const ordinaryWords: readonly string[] = readWordList('ordinary-words.txt', word).flat();

/** Words with which phishing addresses ask for trust or haste. */
export const suspiciousWords: readonly string[] = readWordList('suspicious-words.txt', word).flat();
