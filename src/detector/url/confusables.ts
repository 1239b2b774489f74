/**
 * Letters of other scripts that look like a Latin letter, by that letter: the part of Unicode's confusables (UTS #39,
 * section 4) that turns up in imitated names. Lower case, as hosts are.
 */
const lookalikes: Readonly<Record<string, string>> = {
  a: '\u0430\u0251\u03b1',
  b: '\u042c\u044c\u0184\u0253',
  c: '\u0441\u03f2\u1d04\u2ca5',
  d: '\u0501\u0257\u0256',
  e: '\u0435\u04bd\u212e\u0454',
  f: '\u0192\u017f\u03dd',
  g: '\u0261\u0581\u0260',
  h: '\u04bb\u0570\u0266',
  i: '\u0456\u0131\u03b9\u0269\u0457\u04cf',
  j: '\u0458\u03f3',
  k: '\u043a\u03ba\u0199\u0138',
  l: '\u01c0\u0627\u05d5\u0142\u026b',
  m: '\u043c\u028d',
  n: '\u043f\u0578\u057c\u03b7\u0272\u0273',
  o: '\u043e\u03bf\u0585\u00f8\u03c3\u06f0\u0665',
  p: '\u0440\u03c1\u03f1\u2ca3',
  q: '\u051b\u0563\u0566',
  r: '\u0433\u0280\u027d\u1d26',
  s: '\u0455\ua731\u0282',
  t: '\u0442\u03c4\u01ad',
  u: '\u03c5\u057d\u028b\u1d1c\u0446',
  v: '\u03bd\u0475\u05d8\u1d20',
  w: '\u0461\u051d\u0561\u026f\u1d21\u03c9\u0448',
  x: '\u0445\u03c7\u04b3',
  y: '\u0443\u03b3\u04af\u1d8c\u028f',
  z: '\u0290\u1d22\u0225',
};

const latinFor = new Map<string, string>(
  Object.entries(lookalikes).flatMap(([latin, others]) =>
    [...others].map((other) => [other, latin] as const),
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
