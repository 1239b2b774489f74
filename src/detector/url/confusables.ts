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

/** Letters that look like a Latin letter to a stranger and are an ordinary one in a language written in Latin letters. */
const ownLetters: ReadonlySet<string> = new Set('øłı');

/**
 * How many letters of a host pass for Latin ones. Where a label cannot be read as Latin, as most names of another script,
 * its letters pass for nothing; nor do those below a top-level domain of another script, whose readers read it.
 */
export function countConfusables(host: string): number {
  if (!beyondAscii.test(host) || beyondAscii.test(host.slice(host.lastIndexOf('.')))) return 0;
  let count = 0;
  for (const label of host.split('.'))
    if (passesForLatin(label)) for (const char of label) if (isAlike(char)) count++;
  return count;
}

function isAlike(char: string): boolean {
  return latinFor.has(char) && !ownLetters.has(char);
}

/** Whether its letters are Latin or look it, or are mixed as in no name of another script. */
function passesForLatin(label: string): boolean {
  if (!beyondAscii.test(label)) return false;
  const others = [...label].filter((char) => !isAlike(char) && /\p{L}/u.test(char));
  return others.every((char) => /\p{Script=Latin}/u.test(char)) || isMixed(label);
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
  return beyondAscii.test(host) && host.split('.').some(isMixed);
}

function isMixed(label: string): boolean {
  return scripts.filter((script) => script.test(label)).length > 1;
}
