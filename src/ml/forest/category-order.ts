import type { Random } from '../random.js';

/**
 * Sorts the first `count` codes of `present` by their share of threats, ties by code. Of all ways to send
 * categories left and right, a cut in this order is the best for two classes and any concave impurity, so for
 * Gini and entropy (Breiman, Friedman, Olshen and Stone 1984, theorem 4.5).
 *
 * @param sums benign and threat weight of each code, interleaved
 */
export function sortByThreatShare(present: Uint8Array, count: number, sums: Float64Array): void {
  for (let i = 1; i < count; i++) {
    const code = present[i];
    const benign = sums[2 * code];
    const threat = sums[2 * code + 1];
    let at = i;
    for (; at > 0; at--) {
      const other = present[at - 1];
      // Shares compared without dividing.
      const difference = sums[2 * other + 1] * benign - threat * sums[2 * other];
      if (difference < 0 || (difference === 0 && other < code)) break;
      present[at] = other;
    }
    present[at] = code;
  }
}

/**
 * Draws a subset of the first `count` codes of `present`, neither empty nor all of them, every such one equally
 * likely, and moves it to the front.
 * @param count at least 2
 * @returns how many codes were drawn
 */
export function drawSubset(present: Uint8Array, count: number, random: Random): number {
  for (;;) {
    let drawn = 0;
    for (let i = 0; i < count; i++) {
      if (random.float() < 0.5) continue;
      const code = present[i];
      present[i] = present[drawn];
      present[drawn++] = code;
    }
    if (drawn > 0 && drawn < count) return drawn;
  }
}
