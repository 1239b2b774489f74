import { gradientOf, hessianOf } from './log-loss.js';

/** Rows of each code at a node, where a cut must leave at least `least` on both sides. */
export interface RowCounts {
  readonly byCode: Int32Array;
  /** Rows that are on the left whatever the cut, and rows that there are to share out. */
  readonly start: number;
  readonly all: number;
  readonly least: number;
}

/**
 * Tries a cut after each of the codes and returns the best one's, or -1 where none has a score above `best`. With
 * sums of gradients G and Hessians H on both sides the score is G_left^2 / (H_left + l2) + G_right^2 / (H_right +
 * l2) (Chen and Guestrin 2016, equation 7).
 *
 * @param sums packed sum of each code, from `at`
 * @param start packed sum that is on the left whatever the cut
 * @param sum packed sum of the node
 * @param result takes the cut's score and the packed sum of its left side
 */
export function scanCuts(
  sums: Float64Array,
  at: number,
  values: number,
  start: number,
  sum: number,
  l2: number,
  minHessian: number,
  best: number,
  result: Float64Array,
  counts?: RowCounts,
): number {
  const gradientSum = gradientOf(sum);
  const hessianSum = hessianOf(sum);
  let left = start;
  let rows = counts ? counts.start : 0;
  let bestCode = -1;
  for (let code = 0; code < values; code++) {
    left += sums[at + code];
    const gradient = gradientOf(left);
    const hessian = hessianOf(left);
    const hessianRight = hessianSum - hessian;
    if (counts) {
      rows += counts.byCode[code];
      if (rows < counts.least || counts.all - rows < counts.least) continue;
    }
    if (hessian < minHessian) continue;
    if (hessianRight < minHessian) break;
    const gradientRight = gradientSum - gradient;
    // One fraction for both sides' G^2 / (H + l2), as a division takes longer than the rest together.
    const below = hessian + l2;
    const belowRight = hessianRight + l2;
    const above = gradient * gradient * belowRight + gradientRight * gradientRight * below;
    const score = above / (below * belowRight);
    if (score > best) {
      best = score;
      bestCode = code;
      result[0] = score;
      result[1] = left;
    }
  }
  return bestCode;
}
