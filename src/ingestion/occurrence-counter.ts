/**
 * Counts how often each 48-bit key was seen: an open-addressing hash table in two typed arrays, 12 bytes a
 * slot (24 to 48 bytes a different row). Two rows that
 * share 48 bits of sha256 share a count; their ids still differ and stay the same on every push.
 */
export class OccurrenceCounter {
  private keys = new Float64Array(1024).fill(-1);
  private counts = new Uint32Array(1024);
  private used = 0;

  /** How often `key` (0 <= key < 2^48) was seen before, and counts this one. */
  next(key: number): number {
    if (this.used * 2 >= this.keys.length) this.grow();
    const slot = this.slotOf(key);
    if (this.keys[slot] !== key) {
      this.keys[slot] = key;
      this.used++;
    }
    return this.counts[slot]++;
  }

  private slotOf(key: number): number {
    const mask = this.keys.length - 1;
    let slot = key % this.keys.length;
    while (this.keys[slot] !== -1 && this.keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { keys, counts } = this;
    this.keys = new Float64Array(keys.length * 2).fill(-1);
    this.counts = new Uint32Array(keys.length * 2);
    keys.forEach((key, i) => {
      if (key === -1) return;
      const slot = this.slotOf(key);
      this.keys[slot] = key;
      this.counts[slot] = counts[i]!;
    });
  }
}
