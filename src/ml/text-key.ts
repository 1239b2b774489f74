import { finish, mix } from './murmur.js';

/**
 * A number that stands for a text where groups are kept in a column: 53 bits of two murmur3 hashes of its UTF-16 code
 * units, the same on every machine. Two of a million different texts share a number once in 18,000 such sets; they
 * are then one group, which does no harm.
 */
export function textKey(text: string): number {
  const [low, high] = [hashText(text, 0), hashText(text, 0x9747b28c)];
  return (high & 0x1fffff) * 2 ** 32 + low;
}

function hashText(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = mix(hash, text.charCodeAt(i));
  return finish(hash ^ (text.length * 4));
}
