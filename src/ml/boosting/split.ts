import { swap } from '../forest/split.js';
import type { Random } from '../random.js';
import { missingLeftWay, type ScannedNode } from './feature-scan.js';
import type { Fit } from './fit.js';
import { laneAt, lanesOf } from './lanes.js';
import { type GradientScale, gradientOf, hessianOf } from './log-loss.js';

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
 * Chooses a node's split among the features' best cuts, the one that lowers the loss most.
 *
 * The result of the last successful `choose` stands in the public fields. Histograms do not count rows; for
 * `minSamplesLeaf` rows are only counted in the feature that would win, again and again until the winner holds.
 */
export class SplitFinder {
  /** Index into the features. */
  feature = -1;
  /** Values up to this code go left, if they are numbers. */
  code = 0;
  missingLeft = false;
  /** Packed sum of the left side. */
  left = 0;
  /** How much the split lowers the loss. */
  gain = 0;
  /** 1 for each code that goes left. */
  readonly sides = new Uint8Array(256);

  l2 = 0;
  minHessian = 1;
  private gainUnit = 0;
  private total = 0;
  private readonly allCounts = new Map<number, Int32Array>();
  private readonly drawn: Int32Array;
  private readonly tried: Uint8Array;
  /** Score and packed left sum of each feature's best cut at either node. */
  private readonly cuts: Float64Array;
  private readonly codes: Uint8Array;
  private readonly ways: Uint8Array;
  private readonly bytes: Uint8Array;
  private readonly order: Int32Array;
  private readonly counted: Uint8Array;
  private readonly tupleRows: Int32Array;
  private readonly rowCounts = new Int32Array(256);

  constructor(
    private readonly fit: Fit,
    private readonly options: SplitOptions,
  ) {
    const { memory, at, features, rows } = fit.shared;
    const { buffer } = memory;
    const entries = 2 * features.length;
    this.drawn = Int32Array.from(features.keys());
    this.tried = new Uint8Array(buffer, at.tried, entries).fill(1);
    this.cuts = new Float64Array(buffer, at.cuts, 2 * entries);
    this.codes = new Uint8Array(buffer, at.cutCodes, entries);
    this.ways = new Uint8Array(buffer, at.cutWays, entries);
    this.bytes = new Uint8Array(buffer);
    this.order = new Int32Array(buffer, at.order, rows);
    this.tupleRows = new Int32Array(buffer, at.tupleRows, 256);
    this.counted = new Uint8Array(features.length);
  }

  /** To be called when there are new gradients. @param rows how many the tree is grown on */
  startRound(scale: GradientScale, rows: number): void {
    const { minHessianToSplit, l2Regularization } = this.options;
    this.minHessian = Math.max(1, minHessianToSplit * scale.hessian);
    this.l2 = l2Regularization * scale.hessian;
    this.gainUnit = scale.gainUnit();
    // All rows are the same ones in each round.
    if (rows < this.order.length) this.allCounts.clear();
    this.total = rows;
  }

  /** Draws the features that are tried at the node of a slot. */
  draw(slot: number, random: Random): void {
    const { drawn, tried } = this;
    const count = drawn.length;
    const wanted = Math.min(this.options.maxFeatures, count);
    if (wanted === count) return;
    tried.fill(0, slot * count, (slot + 1) * count);
    for (let i = 0; i < wanted; i++) {
      swap(drawn, i, i + random.below(count - i));
      tried[slot * count + drawn[i]] = 1;
    }
  }

  /** @param start first place of the node's rows in the order @returns whether a split lowers the loss */
  choose(node: ScannedNode, start: number): boolean {
    const gradient = gradientOf(node.sum);
    const unsplit = (gradient * gradient) / (hessianOf(node.sum) + this.l2);
    this.counted.fill(0);
    for (;;) {
      const best = this.bestFeature(node.slot);
      if (best < 0) return false;
      const entry = node.slot * this.drawn.length + best;
      if (!(this.cuts[2 * entry] > unsplit + roundingGain)) return false;
      this.fit.scan.writeSides(best, node, this.sides);
      if (this.counted[best] === 1 || this.hasEnoughRows(best, start, node.rows)) {
        this.feature = best;
        this.code = this.codes[entry];
        this.missingLeft = (this.ways[entry] & missingLeftWay) !== 0;
        this.left = this.cuts[2 * entry + 1];
        this.gain = (this.cuts[2 * entry] - unsplit) * this.gainUnit;
        return true;
      }
      this.counted[best] = 1;
      this.fit.scan.scan(best, node, this.rowCounts, this.options.minSamplesLeaf);
    }
  }

  /** Of equal ones the first. */
  private bestFeature(slot: number): number {
    const { cuts, tried } = this;
    const count = this.drawn.length;
    let best = -1;
    let bestScore = -1;
    for (let feature = 0, entry = slot * count; feature < count; feature++, entry++) {
      if (cuts[2 * entry] <= bestScore || tried[entry] === 0) continue;
      best = feature;
      bestScore = cuts[2 * entry];
    }
    return best;
  }

  /**
   * Whether `sides` leaves `minSamplesLeaf` rows on both sides. Mostly a look at the first rows tells; otherwise
   * `rowCounts` has the rows of each code afterwards.
   */
  private hasEnoughRows(index: number, start: number, rows: number): boolean {
    const { minSamplesLeaf } = this.options;
    if (minSamplesLeaf === 1) return true;
    const { bytes, order, sides } = this;
    const { codes } = this.fit.shared.features[index];
    const { at, stride } = this.tuplesOf(index);
    const looked = Math.min(rows, 8 * minSamplesLeaf);
    let left = 0;
    for (let i = 0; i < looked; i++) {
      left += sides[codes[bytes[at + stride * order[start + i]]]];
      if (left >= minSamplesLeaf && i + 1 - left >= minSamplesLeaf) return true;
    }
    this.countRows(index, start, rows);
    left = 0;
    for (let code = 0; code < 256; code++) left += sides[code] * this.rowCounts[code];
    return left >= minSamplesLeaf && rows - left >= minSamplesLeaf;
  }

  /** Fills `rowCounts`; of a node with most rows by taking the others from all. */
  private countRows(index: number, start: number, rows: number): void {
    const { tupleRows, rowCounts, total } = this;
    tupleRows.fill(0);
    rowCounts.fill(0);
    if (2 * rows <= total) {
      this.countTuples(index, start, start + rows);
      this.addTuples(index, 1);
    } else {
      rowCounts.set(this.allRowCounts(index));
      this.countTuples(index, 0, start);
      this.countTuples(index, start + rows, total);
      this.addTuples(index, -1);
    }
  }

  private countTuples(index: number, from: number, to: number): void {
    const { at, stride } = this.tuplesOf(index);
    this.fit.kernels.count(at, stride, this.order.byteOffset, from, to, this.tupleRows.byteOffset);
  }

  private addTuples(index: number, sign: 1 | -1): void {
    const { codes } = this.fit.shared.features[index];
    for (let tuple = 0; tuple < codes.length; tuple++) {
      this.rowCounts[codes[tuple]] += sign * this.tupleRows[tuple];
    }
  }

  /** Rows of each code in the whole tree. */
  private allRowCounts(index: number): Int32Array {
    const { tupleRows, rowCounts } = this;
    let counts = this.allCounts.get(index);
    if (!counts) {
      this.countTuples(index, 0, this.total);
      this.addTuples(index, 1);
      counts = rowCounts.slice();
      this.allCounts.set(index, counts);
      tupleRows.fill(0);
    }
    return counts;
  }

  /** Where the feature's tuples are: the address of the first row's and how far the next row's is. */
  tuplesOf(index: number): { at: number; stride: number } {
    const { features, bundles, rows, at } = this.fit.shared;
    const { bundle } = features[index];
    const { base, shift } = laneAt(bundle >> 2, lanesOf(bundles), rows);
    return { at: at.lanes + base + (bundle & 3), stride: 1 << shift };
  }
}
