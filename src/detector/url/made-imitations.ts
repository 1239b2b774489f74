import { Random } from '../../ml/random.js';
import { textKey } from '../../ml/text-key.js';
import { madeTail, pick } from './address-tails.js';
import { type Brand, brands } from './brands.js';
import { isUrlFault, parseUrl } from './canonical-url.js';
import { ownerOf } from './owners.js';

/** Addresses made up for each brand. */
const addressesABrand = 8;

/** Letters that are written for others, because they look alike. */
const alike: Readonly<Record<string, string>> = {
  o: '0',
  l: '1',
  i: '1',
  e: '3',
  a: '4',
  s: '5',
  m: 'rn',
  w: 'vv',
  d: 'cl',
};

/** Cyrillic letters that are written for Latin ones. */
const cyrillic: Readonly<Record<string, string>> = {
  a: 'а',
  c: 'с',
  e: 'е',
  i: 'і',
  j: 'ј',
  l: 'ӏ',
  o: 'о',
  p: 'р',
  s: 'ѕ',
  x: 'х',
  y: 'у',
};

const suffixes = ['com', 'net', 'org', 'info', 'co', 'online', 'xyz', 'top', 'site', 'tk'];
const lures = [
  'login',
  'secure',
  'verify',
  'support',
  'account',
  'update',
  'billing',
  'alert',
  'id',
  'service',
];

/** Hosts as phishing pages of published analyses have them (Kintis et al. 2017, on combosquatting; Oest et al. 2018). */
const forms: readonly ((brand: Brand, random: Random) => string)[] = [
  ({ name }, random) => `${lookAlike(name, random)}.${pick(suffixes, random)}`,
  ({ name }, random) => `${lookAlike(name, random)}.com`,
  ({ name }, random) => `${misspelt(name, random)}.com`,
  ({ name }, random) => `${homograph(name, random)}.com`,
  ({ name }, random) => `${name}-${pick(lures, random)}.${pick(suffixes, random)}`,
  ({ name }, random) => `${pick(lures, random)}-${name}.${pick(suffixes, random)}`,
  ({ name }, random) => `${name}${pick(lures, random)}.${pick(suffixes, random)}`,
  ({ home }, random) => `${home}.${stranger(random)}`,
  ({ home }, random) => `${home}.${pick(lures, random)}-${stranger(random)}`,
  ({ home }, random) => `//${home}@${stranger(random)}`,
  ({ name }, random) => `${stranger(random)}/${name}`,
];

/**
 * Addresses that imitate brands, the same ones at each call: collections of bad addresses hold few of each form. What
 * stands behind their hosts is as at widely known domains, so that the host alone tells them apart.
 */
export function madeImitations(): string[] {
  return brands()
    .filter(({ name, isFurther, isMinor, isWord }) => name.length > 4 && !isFurther && !isMinor && !isWord)
    .flatMap((brand) => {
      const random = new Random(textKey(`imitation of ${brand.name}`));
      const made = Array.from(
        { length: addressesABrand },
        () => pick(forms, random)(brand, random) + madeTail(random),
      );
      return [...new Set(made)].filter(isStrangers);
    });
}

/** Owners register some of the names that imitate theirs. */
function isStrangers(address: string): boolean {
  const url = parseUrl(address);
  return !isUrlFault(url) && ownerOf(url.registeredDomain) === undefined;
}

/** The name with one letter, or two in a row, that look like the right one. */
function lookAlike(name: string, random: Random): string {
  const places = [...name].flatMap((letter, at) => (alike[letter] === undefined ? [] : [at]));
  if (places.length === 0) return misspelt(name, random);
  const at = pick(places, random);
  return name.slice(0, at) + alike[name[at]] + name.slice(at + 1);
}

/** The name with one or all letters of another script that look like the right ones. */
function homograph(name: string, random: Random): string {
  const letters = [...name].filter((letter) => cyrillic[letter] !== undefined);
  if (letters.length === 0) return lookAlike(name, random);
  const replaced = random.below(2) === 0 ? new Set(letters) : new Set([pick(letters, random)]);
  return [...name].map((letter) => (replaced.has(letter) ? cyrillic[letter] : letter)).join('');
}

/** The name with a letter doubled, left out or changed with the next. */
function misspelt(name: string, random: Random): string {
  const at = 1 + random.below(name.length - 2);
  const [before, after] = [name.slice(0, at), name.slice(at + 1)];
  const ways = [before + name[at] + name[at] + after, before + after];
  if (name[at] !== after[0]) ways.push(before + after[0] + name[at] + after.slice(1));
  return pick(ways, random);
}

/** A domain that nobody knows. */
function stranger(random: Random): string {
  const letters = Array.from(
    { length: 6 + random.below(8) },
    () => 'abcdefghijklmnopqrstuvwxyz'[random.below(26)],
  );
  return `${letters.join('')}.${pick(suffixes, random)}`;
}
