/** What the characters of a piece of text are like. */
export interface TextStats {
  readonly length: number;
  readonly digits: number;
  /** Of any script. */
  readonly letters: number;
  /** Of Latin letters. */
  readonly vowels: number;
  /** Letters beyond ASCII, of which nothing else is known here. */
  readonly foreign: number;
  readonly hyphens: number;
  readonly dots: number;
  /** Longest runs of digits, of consonants, and of hexadecimal digits that are not all letters or all digits. */
  readonly digitRun: number;
  readonly consonantRun: number;
  readonly hexRun: number;
  /** How often a letter follows a digit or a digit a letter. */
  readonly switches: number;
  /** Shannon's, of the characters, in bits. */
  readonly entropy: number;
}

const other = 0;
const digit = 1;
const vowel = 2;
const consonant = 3;
const hyphen = 4;
const dot = 5;
const foreign = 6;

const kinds = new Uint8Array(128);
for (let code = 0x61; code <= 0x7a; code++) kinds[code] = consonant;
for (const char of 'aeiouy') kinds[char.charCodeAt(0)] = vowel;
for (const char of '0123456789') kinds[char.charCodeAt(0)] = digit;
kinds[0x2d] = hyphen;
kinds[0x2e] = dot;

const empty: TextStats = {
  length: 0,
  digits: 0,
  letters: 0,
  vowels: 0,
  foreign: 0,
  hyphens: 0,
  dots: 0,
  digitRun: 0,
  consonantRun: 0,
  hexRun: 0,
  switches: 0,
  entropy: 0,
};

/** n * log2 n, of the counts that are common. */
const plogs = Float64Array.from({ length: 512 }, (_, n) => (n === 0 ? 0 : n * Math.log2(n)));
const counts = new Uint16Array(128);

/** The statistics of a text in lower case; all that is beyond ASCII is a letter. */
export function textStats(text: string): TextStats {
  const length = text.length;
  if (length === 0) return empty;
  let digits = 0;
  let vowels = 0;
  let foreigners = 0;
  let consonants = 0;
  let hyphens = 0;
  let dots = 0;
  let digitRun = 0;
  let digitsNow = 0;
  let consonantRun = 0;
  let consonantsNow = 0;
  let hexRun = 0;
  let hexNow = 0;
  let hexKinds = 0;
  let switches = 0;
  let before = other;
  let wasLetter = false;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    const kind = code < 128 ? kinds[code] : foreign;
    counts[code & 127]++;
    digitsNow = kind === digit ? digitsNow + 1 : 0;
    consonantsNow = kind === consonant ? consonantsNow + 1 : 0;
    if (digitsNow > digitRun) digitRun = digitsNow;
    if (consonantsNow > consonantRun) consonantRun = consonantsNow;
    const isLetter = kind === vowel || kind === consonant || kind === foreign;
    if (kind === digit) digits++;
    else if (kind === vowel) vowels++;
    else if (kind === consonant) consonants++;
    else if (kind === hyphen) hyphens++;
    else if (kind === dot) dots++;
    else if (kind === foreign) foreigners++;
    if (kind === digit ? wasLetter : isLetter && before === digit) switches++;
    if (kind === digit || (isLetter && code <= 0x66)) {
      hexNow++;
      hexKinds |= isLetter ? 2 : 1;
      if (hexKinds === 3 && hexNow > hexRun) hexRun = hexNow;
    } else {
      hexNow = 0;
      hexKinds = 0;
    }
    before = kind;
    wasLetter = isLetter;
  }
  const entropy = drainEntropy(text);
  const letters = vowels + consonants + foreigners;
  return {
    length,
    digits,
    letters,
    vowels,
    foreign: foreigners,
    hyphens,
    dots,
    digitRun,
    consonantRun,
    hexRun,
    switches,
    entropy,
  };
}

/** log2 n - sum(c log2 c) / n of the counts of n characters, which are set back to 0. */
function drainEntropy(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i) & 127;
    sum += plog(counts[code]);
    counts[code] = 0;
  }
  return Math.max(0, (plog(text.length) - sum) / text.length);
}

function plog(n: number): number {
  return n < plogs.length ? plogs[n] : n * Math.log2(n);
}

/** How often a character stands in a text. */
export function countCode(text: string, code: number): number {
  let found = 0;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) === code) found++;
  return found;
}

/** Characters of the longest piece between marks. */
export function longestBetween(text: string, mark: number): number {
  let longest = 0;
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && text.charCodeAt(i) !== mark) continue;
    if (i - start > longest) longest = i - start;
    start = i + 1;
  }
  return longest;
}
