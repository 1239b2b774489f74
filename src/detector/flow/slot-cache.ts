/** Places among which the one used longest ago is given away. */
const ways = 8;

/**
 * Hands out the places 0 to capacity - 1 to keys of 64 bits, as a processor's cache does: a key may stand in eight of
 * them, and takes the one whose key was not asked for the longest. Numbers only, so that it makes no garbage and its
 * memory does not depend on what comes by.
 */
export class SlotCache {
  private readonly sets: number;
  private readonly high: Int32Array;
  private readonly low: Int32Array;
  /** When each place was last asked for; 0 never. */
  private readonly usedAt: Float64Array;
  private clock = 0;
  private fresh = false;

  /** @param capacity a power of two, at least 8 */
  constructor(readonly capacity: number) {
    if (capacity < ways || Math.log2(capacity) % 1 !== 0) throw new RangeError(`capacity is ${capacity}`);
    this.sets = capacity / ways;
    this.high = new Int32Array(capacity);
    this.low = new Int32Array(capacity);
    this.usedAt = new Float64Array(capacity);
  }

  /** Whether the place that `claim` gave last was not its key's before. */
  get wasNew(): boolean {
    return this.fresh;
  }

  /** The place of a key, a new one where it has none. What stood there is then the former key's. */
  claim(high: number, low: number): number {
    const found = this.find(high, low);
    this.fresh = found < 0;
    const slot = this.fresh ? this.oldest(low) : found;
    this.high[slot] = high;
    this.low[slot] = low;
    this.usedAt[slot] = ++this.clock;
    return slot;
  }

  /** The place of a key, -1 when it has none. */
  find(high: number, low: number): number {
    const first = this.firstOf(low);
    for (let slot = first; slot < first + ways; slot++) {
      if (this.low[slot] === low && this.high[slot] === high && this.usedAt[slot] > 0) return slot;
    }
    return -1;
  }

  private oldest(low: number): number {
    const first = this.firstOf(low);
    let oldest = first;
    for (let slot = first + 1; slot < first + ways; slot++) {
      if (this.usedAt[slot] < this.usedAt[oldest]) oldest = slot;
    }
    return oldest;
  }

  private firstOf(low: number): number {
    return ((low ^ (low >>> 15)) & (this.sets - 1)) * ways;
  }
}
