import { gradientOf, hessianOf } from './log-loss.js';

/**
 * Categories with fewer rows than this at a node, by their Hessian, are not ranked: their mean gradient says little.
 * They go right. The number, also added to the Hessian below, is scikit-learn's `MIN_CAT_SUPPORT`.
 */
const leastSupport = 10;

/** The categories of a node in the order in which a cut between them is sought. */
export class CategoryRanking {
  /** The first `count` entries: bins, the one with the lowest gradient for its Hessian first. */
  readonly bins = new Uint8Array(256);
  count = 0;
  private readonly ratios = new Float64Array(256);

  /**
   * Ranks categories by gradient / (Hessian + 10), in rows of mean Hessian: with two classes the best cut is one of
   * that order (Fisher 1958; Ke et al. 2017).
   *
   * @param sums packed sum of each of `values` bins, from `at`
   * @param sum packed sum of the node
   */
  rank(sums: Float64Array, at: number, values: number, sum: number, rows: number): void {
    const support = rows / hessianOf(sum);
    this.count = 0;
    for (let bin = 0; bin < values; bin++) {
      const hessian = hessianOf(sums[at + bin]) * support;
      if (!(hessian >= leastSupport)) continue;
      this.ratios[bin] = gradientOf(sums[at + bin]) / (hessian + leastSupport);
      this.insert(bin);
    }
  }

  reverse(): void {
    this.bins.subarray(0, this.count).reverse();
  }

  private insert(bin: number): void {
    const { bins, ratios } = this;
    let at = this.count++;
    for (; at > 0 && ratios[bins[at - 1]] > ratios[bin]; at--) bins[at] = bins[at - 1];
    bins[at] = bin;
  }
}
