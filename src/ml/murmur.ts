// Taken out once: in a VM context, as tests run in, looking up a global costs more than the multiplication itself.
const { imul } = Math;

/** One round of murmur3's 32-bit hash (Appleby 2011) over a 32-bit word. */
export function mix(hash: number, word: number): number {
  return stir(hash, scramble(word));
}

/** The half of a round that looks at the word alone: for words that come again, worked out once. */
export function scramble(word: number): number {
  const k = imul(word, 0xcc9e2d51);
  return imul((k << 15) | (k >>> 17), 0x1b873593);
}

/** The other half. @param scrambled a word that {@link scramble} has been through */
export function stir(hash: number, scrambled: number): number {
  const h = hash ^ scrambled;
  return (imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

/** Its finish, after the length in bytes went in by exclusive or; an unsigned 32-bit integer. */
export function finish(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
