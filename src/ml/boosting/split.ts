import { type Bins, missingCode } from '../bins.js';
import { swap } from '../forest/split.js';
import type { Random } from '../random.js';
import type { BundledFeature, Bundles } from './bundles.js';
import { gradientOf, hessianOf, type LogLoss } from './log-loss.js';

export interface SplitOptions {
  /** Features tried at a node, a count. */
  readonly maxFeatures: number;
  readonly minSamplesLeaf: number;
  readonly minHessianToSplit: number;
  readonly l2Regularization: number;
}

/** Gain, in steps, that rounding alone can make: far below what a useful split has. */
const roundingGain = 1;

/**
 * Searches the split that lowers the loss most: with sums of gradients G and Hessians H on both sides,
 * G_left^2 / (H_left + l2) + G_right^2 / (H_right + l2) (Chen and Guestrin 2016, equation 7).
 *
 * The result of the last successful `find` stands in the public fields. Histograms do not count rows; for
 * `minSamplesLeaf` rows are only counted in the feature that would win, again and again until the winner holds.
 */
export class SplitFinder {
  /** Index into the bundles' features. */
  feature = -1;
  /** Value codes up to this one go left. */
  code = 0;
  missingLeft = false;
  /** Packed sum of the left side. */
  left = 0;
  /** How much the split lowers the loss. */
  gain = 0;

  private readonly order: Int32Array;
  /** Of each feature: its best score, the cut with its direction, and whether rows were counted for it. */
  private readonly scores: Float64Array;
  private readonly cuts: Uint8Array;
  private readonly directions: Uint8Array;
  private readonly lefts: Float64Array;
  private readonly counted: Uint8Array;
  /** Sums and rows of each code of one feature. */
  private readonly spread = new Float64Array(257);
  private readonly rowCounts = new Int32Array(256);

  // The node in hand and the round's options in steps.
  private sum = 0;
  private rows = 0;
  private minHessian = 1;
  private l2 = 0;
  private gainUnit = 0;

  constructor(
    private readonly bins: Bins,
    private readonly bundles: Bundles,
    private readonly options: SplitOptions,
  ) {
    const { features } = bundles;
    this.order = Int32Array.from(features.keys());
    this.scores = new Float64Array(features.length);
    this.cuts = new Uint8Array(features.length);
    this.directions = new Uint8Array(features.length);
    this.lefts = new Float64Array(features.length);
    this.counted = new Uint8Array(features.length);
  }

  /** To be called when the loss has new gradients. */
  startRound(loss: LogLoss): void {
    const { minHessianToSplit, l2Regularization } = this.options;
    this.minHessian = Math.max(1, minHessianToSplit * loss.hessianScale);
    this.l2 = l2Regularization * loss.hessianScale;
    this.gainUnit = loss.gainUnit();
  }

  /**
   * @param histogram packed sums of the node's rows
   * @param sum packed sum of the node
   * @param order the node's rows are at `start` to `end` - 1
   * @returns whether a split lowers the loss
   */
  find(
    histogram: Float64Array,
    sum: number,
    order: Int32Array,
    start: number,
    end: number,
    random: Random,
  ): boolean {
    this.sum = sum;
    this.rows = end - start;
    const gradient = gradientOf(sum);
    const unsplit = (gradient * gradient) / (hessianOf(sum) + this.l2);
    const tried = this.drawFeatures(random);
    for (let i = 0; i < tried; i++) {
      this.counted[this.order[i]] = 0;
      this.tryFeature(this.order[i], histogram);
    }
    for (;;) {
      const best = this.bestOf(tried);
      if (best < 0 || !(this.scores[best] > unsplit + roundingGain)) return false;
      if (this.counted[best] === 1 || this.hasEnoughRows(best, order, start, end)) {
        this.accept(best, this.scores[best] - unsplit);
        return true;
      }
      this.countRows(best, order, start, end);
      this.tryFeature(best, histogram);
    }
  }

  /** Puts the features to try at the front of `order`; returns their number. */
  private drawFeatures(random: Random): number {
    const { order } = this;
    const tried = Math.min(this.options.maxFeatures, order.length);
    if (tried === order.length) return tried;
    for (let i = 0; i < tried; i++) swap(order, i, i + random.below(order.length - i));
    return tried;
  }

  private bestOf(tried: number): number {
    const { order, scores } = this;
    let best = -1;
    for (let i = 0; i < tried; i++) {
      const feature = order[i];
      if (
        best < 0 ||
        scores[feature] > scores[best] ||
        (scores[feature] === scores[best] && feature < best)
      ) {
        best = feature;
      }
    }
    return best;
  }

  private accept(feature: number, gain: number): void {
    this.feature = feature;
    this.code = this.cuts[feature];
    this.missingLeft = this.directions[feature] === 1;
    this.left = this.lefts[feature];
    this.gain = gain * this.gainUnit;
  }

  /** Whether the feature's cut leaves `minSamplesLeaf` rows on both sides; it reads rows until that is sure. */
  private hasEnoughRows(index: number, order: Int32Array, start: number, end: number): boolean {
    const { minSamplesLeaf } = this.options;
    if (minSamplesLeaf === 1) return true;
    const { codes, rows } = this.bins;
    const from = this.bundles.features[index].column * rows;
    const turn = this.directions[index] === 1 ? 256 - missingCode : 0;
    const last = this.cuts[index] + turn;
    let left = 0;
    for (let i = start; i < end; i++) {
      if (((codes[from + order[i]] + turn) & 255) <= last) left++;
      if (left >= minSamplesLeaf && i + 1 - start - left >= minSamplesLeaf) return true;
    }
    return false;
  }

  private countRows(index: number, order: Int32Array, start: number, end: number): void {
    const { rowCounts } = this;
    const { codes, rows } = this.bins;
    const from = this.bundles.features[index].column * rows;
    rowCounts.fill(0);
    for (let i = start; i < end; i++) rowCounts[codes[from + order[i]]]++;
    this.counted[index] = 1;
  }

  private tryFeature(index: number, histogram: Float64Array): void {
    const feature = this.bundles.features[index];
    const from = this.bundles.starts[feature.bundle];
    if (!feature.alone) this.spreadTuples(feature, histogram, from);
    const sums = feature.alone ? histogram : this.spread;
    const at = feature.alone ? from : 0;
    this.scores[index] = -1;
    this.scan(index, sums, at, false);
    if (feature.hasMissing && sums[at + feature.values] !== 0) this.scan(index, sums, at, true);
  }

  /** Adds the tuples' sums up to those of the feature's codes; the usual code has what the others leave. */
  private spreadTuples(
    { codes, unusual, usual, values }: BundledFeature,
    histogram: Float64Array,
    from: number,
  ): void {
    const { spread } = this;
    spread.fill(0, 0, values + 1);
    let rest = this.sum;
    for (let i = 0; i < unusual.length; i++) {
      const tuple = unusual[i];
      const sum = histogram[from + tuple];
      spread[codes[tuple]] += sum;
      rest -= sum;
    }
    spread[usual] = rest;
  }

  /** Tries a cut after each code, the missing values on the given side, and keeps the feature's best. */
  private scan(index: number, sums: Float64Array, at: number, missingLeft: boolean): void {
    const { sum, l2, minHessian, rowCounts } = this;
    const { values, hasMissing } = this.bundles.features[index];
    const counted = this.counted[index] === 1;
    const missing = hasMissing ? sums[at + values] : 0;
    const missingRows = counted && hasMissing ? rowCounts[missingCode] : 0;
    const { minSamplesLeaf } = this.options;
    // Missing rows without a sum can land on either side, so they fill neither.
    const allRows = missing === 0 ? this.rows - missingRows : this.rows;
    const gradientSum = gradientOf(sum);
    const hessianSum = hessianOf(sum);
    let left = missingLeft ? missing : 0;
    let rows = missingLeft ? missingRows : 0;
    let best = this.scores[index];
    let bestCode = -1;
    let bestLeft = 0;
    for (let code = 0; code < values; code++) {
      left += sums[at + code];
      const gradient = gradientOf(left);
      const hessian = hessianOf(left);
      const hessianRight = hessianSum - hessian;
      if (counted) {
        rows += rowCounts[code];
        if (rows < minSamplesLeaf || allRows - rows < minSamplesLeaf) continue;
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
        bestLeft = left;
      }
    }
    if (bestCode < 0) return;
    this.scores[index] = best;
    this.cuts[index] = bestCode;
    this.lefts[index] = bestLeft;
    // Where the node saw none, a missing value follows the heavier side; a tie, up to rounding, goes right.
    const heavierLeft = 2 * hessianOf(bestLeft) > hessianSum + 2;
    this.directions[index] = (missing === 0 ? heavierLeft : missingLeft) ? 1 : 0;
  }
}
