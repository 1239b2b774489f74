const { imul } = Math;

/** 64 bits by which hosts, and pairs of them, are distinguished. */
export interface Key {
  readonly high: number;
  readonly low: number;
}

/** Any other than 0, which the lower halves have. */
const highSeed = 0x5bd1e995;

export function keyOf(text: string): Key {
  return { high: hashText(text, highSeed), low: hashText(text) };
}

/** The key of both; their order matters. */
export function joinKeys(a: Key, b: Key): Key {
  return { high: mixHashes(a.high, b.high), low: mixHashes(a.low, b.low) };
}

/** A key with a number to it, such as a port. */
export function withNumber({ high, low }: Key, number: number): Key {
  return { high: mixHashes(high, number), low: mixHashes(low, number) };
}

/** FNV-1a over UTF-16 units, 32 bits. */
export function hashText(text: string, seed = 0): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i++) hash = imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0;
}

/** One hash of two, by the last steps of MurmurHash3. */
function mixHashes(a: number, b: number): number {
  let hash = imul(a, 0xcc9e2d51) ^ b;
  hash = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
