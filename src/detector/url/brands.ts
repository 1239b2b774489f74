import { readWordList } from './word-list.js';

/** A name that phishing pages borrow, and where its owner really lives. */
export interface Brand {
  /** Lower-case letters and digits, as it stands in host names. */
  readonly name: string;
  /** Registered domains of its owner, none of which the public suffix list knows as a suffix: those belong to tenants. */
  readonly domains: readonly string[];
  /** The owner has its name under practically every country's suffix, as `google.de`. */
  readonly isNational: boolean;
  /**
   * The name is also a word or part of words: it counts only where it stands alone between marks, and a name one letter
   * away is no look-alike.
   */
  readonly isWord: boolean;
}

export const brands: readonly Brand[] = readWordList(
  'brands.txt',
  /^[a-z0-9]+( [a-z0-9-]+(\.[a-z0-9-]+)+)+( \*)?( ~)?$/,
).map(([name, ...rest]) => ({
  name,
  domains: rest.filter((field) => field.includes('.')),
  isNational: rest.includes('*'),
  isWord: rest.includes('~'),
}));
