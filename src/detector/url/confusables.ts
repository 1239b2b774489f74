import { readWordList } from './word-list.js';

/** Letters of other scripts that look like a Latin letter, and that letter. */
const latinFor: ReadonlyMap<string, string> = new Map(
  readWordList('confusables.txt', /^[a-z]( [0-9a-f]{4,5})+$/).flatMap(([latin, ...codes]) =>
    codes.map((code) => [String.fromCodePoint(Number.parseInt(code, 16)), latin] as const),
  ),
);

/** Digits that stand for letters, and letters that only close reading tells apart, by the one that stands for both. */
export const mergedLetters: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  i: 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '9': 'g',
};

const beyondAscii = /[^\0-\x7f]/;

/**
 * A host name with look-alikes of other scripts as Latin letters, without accents, and `rn`, `vv` and `cl` as the letter
 * that they look like together. With `mergedLetters` read as one it is the form that all names which look like this one
 * share (UTS #39, "skeleton"); to be compared with other skeletons only.
 */
export function skeleton(name: string): string {
  const latin = beyondAscii.test(name) ? toLatin(name) : name;
  return digraph.test(latin) ? latin.replace(digraphs, (pair) => digraphLetters[pair]) : latin;
}

const digraph = /rn|vv|cl/;
const digraphs = /rn|vv|cl/g;
const digraphLetters: Readonly<Record<string, string>> = { rn: 'm', vv: 'w', cl: 'd' };

/** The name with look-alikes of other scripts as Latin letters, and without accents. */
export function toLatin(name: string): string {
  return [...name.normalize('NFKD').replace(/\p{M}+/gu, '')]
    .map((char) => latinFor.get(char) ?? char)
    .join('');
}

/** How many characters are of another script and look like a Latin letter. */
export function countConfusables(name: string): number {
  if (!beyondAscii.test(name)) return 0;
  let count = 0;
  for (const char of name) if (latinFor.has(char)) count++;
  return count;
}

const scripts = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Hebrew}/u,
];

/** Whether a label has letters of two of the scripts that look alike, which no honest name has (UTS #39, section 5). */
export function hasMixedScripts(host: string): boolean {
  if (!beyondAscii.test(host)) return false;
  return host.split('.').some((label) => scripts.filter((script) => script.test(label)).length > 1);
}
