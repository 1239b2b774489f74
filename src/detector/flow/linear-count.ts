import { SlotCache } from './slot-cache.js';
import type { Key } from './flow-hash.js';

/** The one of 64 bits that a hash sets. */
export function bitOf(hash: number): number {
  return (hash ^ (hash >>> 15) ^ (hash >>> 6)) & 63;
}

/**
 * About how many distinct hashes have set their bits in two words: linear counting of Whang, Vander-Zanden and Taylor
 * 1990. 266 where all are set.
 */
export function distinctOf(low: number, high: number): number {
  const empty = 64 - bitsOf(low) - bitsOf(high);
  return Math.round(64 * Math.log(64 / Math.max(1, empty)));
}

/** About how many distinct values each of many keys had lately: 24 bytes a key, of as many keys as there are places. */
export class LinearCounts {
  private readonly slots: SlotCache;
  private readonly words: Int32Array;

  /** @param capacity a power of two */
  constructor(capacity: number) {
    this.slots = new SlotCache(capacity);
    this.words = new Int32Array(2 * capacity);
  }

  add({ high, low }: Key, value: number): void {
    const slot = this.slots.claim(high, low);
    const at = 2 * slot;
    if (this.slots.wasNew) this.words[at] = this.words[at + 1] = 0;
    const bit = bitOf(value);
    this.words[at + (bit >> 5)] |= 1 << (bit & 31);
  }

  /** 0 of a key that is not there. */
  of({ high, low }: Key): number {
    const at = 2 * this.slots.find(high, low);
    return at < 0 ? 0 : distinctOf(this.words[at], this.words[at + 1]);
  }
}

function bitsOf(word: number): number {
  let rest = word - ((word >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
