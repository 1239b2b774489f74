const alphabet = 36;

/** By character code below 128: 0 to 35 for lower-case letters and digits, -1 for marks. */
const plainSymbols = new Int8Array(128).fill(-1);
for (let i = 0; i < 26; i++) plainSymbols[0x61 + i] = i;
for (let i = 0; i < 10; i++) plainSymbols[0x30 + i] = 26 + i;

/** Called for each word found: its index in the list and where it stands, `text[from, to)`. */
export type OnMatch = (word: number, from: number, to: number) => void;

/** Finds all words of a list in a text in one pass (Aho and Corasick, 1975). Marks end what a word may span. */
export class WordMatcher {
  /** The state after `symbol` in `state` at `state * alphabet + symbol`. */
  private readonly next: Uint16Array;
  /** The word that ends in a state, or -1. */
  private readonly word: Int16Array;
  /** The nearest state on the way of failures in which a shorter word ends, or 0. */
  private readonly shorter: Uint16Array;

  /** The symbol of a character. */
  private readonly symbols: Int8Array;

  /**
   * @param words of lower-case letters and digits, all different, at most 65,534 of these together
   * @param sameAs characters that are read as another one
   * @throws RangeError on other words
   */
  constructor(
    readonly words: readonly string[],
    sameAs: Readonly<Record<string, string>> = {},
  ) {
    const bad = words.find((word) => !/^[a-z0-9]+$/.test(word));
    if (bad !== undefined) throw new RangeError(`word matcher: ${JSON.stringify(bad)} is no word`);
    const most = words.reduce((sum, word) => sum + word.length, 1);
    if (most > 65_535) throw new RangeError(`word matcher: ${most - 1} characters are too many`);
    this.symbols = plainSymbols.slice();
    for (const [char, same] of Object.entries(sameAs)) {
      this.symbols[char.charCodeAt(0)] = plainSymbols[same.charCodeAt(0)];
    }
    this.next = new Uint16Array(most * alphabet);
    this.word = new Int16Array(most).fill(-1);
    this.shorter = new Uint16Array(most);
    this.plant();
    this.link(most);
  }

  /** Calls back for each word in `text`, which is in lower case, by where they end, the longer first. */
  find(text: string, onMatch: OnMatch): void {
    const { next, word, shorter, words, symbols } = this;
    let state = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      const symbol = code < 128 ? symbols[code] : -1;
      if (symbol < 0) {
        state = 0;
        continue;
      }
      state = next[state * alphabet + symbol];
      for (let end = word[state] >= 0 ? state : shorter[state]; end > 0; end = shorter[end]) {
        onMatch(word[end], i + 1 - words[word[end]].length, i + 1);
      }
    }
  }

  /** The tree of all words. */
  private plant(): void {
    let states = 1;
    this.words.forEach((word, index) => {
      let state = 0;
      for (let i = 0; i < word.length; i++) {
        const at = state * alphabet + this.symbols[word.charCodeAt(i)];
        if (this.next[at] === 0) this.next[at] = states++;
        state = this.next[at];
      }
      this.word[state] = index;
    });
  }

  /** Breadth first: where a state has no way on, that of its longest proper ending. */
  private link(states: number): void {
    const { next, word, shorter } = this;
    const failure = new Uint16Array(states);
    const queue = [0];
    for (const state of queue) {
      for (let symbol = 0; symbol < alphabet; symbol++) {
        const at = state * alphabet + symbol;
        const fallback = state === 0 ? 0 : next[failure[state] * alphabet + symbol];
        const child = next[at];
        if (child === 0) {
          next[at] = fallback;
          continue;
        }
        failure[child] = fallback;
        shorter[child] = word[fallback] >= 0 ? fallback : shorter[fallback];
        queue.push(child);
      }
    }
  }
}
