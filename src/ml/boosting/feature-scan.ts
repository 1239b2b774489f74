import { CategoryRanking } from './categories.js';
import type { FitMemory, SharedFeature } from './fit-memory.js';
import type { Kernels } from './kernels/kernels.js';
import { hessianOf } from './log-loss.js';
import { type RowCounts, scanCuts } from './scan.js';

/** Flags of a cut's way: where missing values go, and which end of the ranked categories goes left. */
export const missingLeftWay = 1;
const descendingWay = 2;

/** A node whose features are tried; `slot`, 0 or 1, is where their best cuts are written. */
export interface ScannedNode {
  slot: number;
  /** Address of its histogram, its packed sum and its rows. */
  histogram: number;
  sum: number;
  rows: number;
}

/**
 * Finds the best cut of one feature at a node: of those that are categories, and of those whose rows were counted. Kernels
 * scan all others.
 */
export class FeatureScan {
  private readonly numbers: Float64Array;
  private readonly cuts: Float64Array;
  private readonly codes: Uint8Array;
  private readonly ways: Uint8Array;
  private readonly ranking = new CategoryRanking();
  /** Address of this thread's sums by code. */
  readonly spread: number;
  private readonly ranked: number;
  private readonly result: Float64Array;
  private readonly rankedCounts = new Int32Array(256);
  l2 = 0;
  minHessian = 1;

  constructor(
    private readonly kernels: Kernels,
    private readonly shared: FitMemory,
    thread: number,
  ) {
    const { memory, at, features } = shared;
    const { buffer } = memory;
    this.numbers = new Float64Array(buffer);
    this.cuts = new Float64Array(buffer, at.cuts, 4 * features.length);
    this.codes = new Uint8Array(buffer, at.cutCodes, 2 * features.length);
    this.ways = new Uint8Array(buffer, at.cutWays, 2 * features.length);
    this.spread = at.spread + 8 * 257 * thread;
    this.ranked = at.ranked + 8 * 257 * thread;
    this.result = new Float64Array(buffer, at.result + 64 * thread, 2);
  }

  /**
   * Writes the feature's best cut, or the score -1.
   * @param rowCounts rows of each code, the missing ones behind the values, where cuts must leave `least` a side
   */
  scan(index: number, node: ScannedNode, rowCounts?: Int32Array, least = 1): void {
    const feature = this.shared.features[index];
    const sums = this.sumsOf(feature, node);
    const missing = feature.hasMissing ? this.numbers[sums / 8 + feature.values] : 0;
    this.cuts[2 * this.entry(index, node)] = -1;
    const bothWays = missing === 0 ? [0] : [0, missingLeftWay];
    const missingRows = rowCounts && feature.hasMissing ? rowCounts[feature.values] : 0;
    // Missing rows without a sum can land on either side, so they fill neither.
    const all = missing === 0 ? node.rows - missingRows : node.rows;
    if (feature.isCategorical) this.ranking.rank(this.numbers, sums / 8, feature.values, node.sum, node.rows);
    for (const order of feature.isCategorical ? [0, descendingWay] : [0]) {
      if (order === descendingWay) this.ranking.reverse();
      const at = feature.isCategorical ? this.rankSums(sums) : sums;
      const values = feature.isCategorical ? this.ranking.count : feature.values;
      for (const way of bothWays) {
        const start = way === missingLeftWay ? missing : 0;
        const counts = rowCounts && {
          byCode: feature.isCategorical ? this.rankCounts(rowCounts) : rowCounts,
          start: way === missingLeftWay ? missingRows : 0,
          all,
          least,
        };
        this.tryCuts(index, node, at, values, start, order + way, missing === 0, counts);
      }
    }
  }

  /** Writes 1 for each code that goes left by the feature's best cut at the node, the missing code included. */
  writeSides(index: number, node: ScannedNode, sides: Uint8Array): void {
    const { values, isCategorical } = this.shared.features[index];
    const entry = this.entry(index, node);
    const code = this.codes[entry];
    const way = this.ways[entry];
    sides.fill(0);
    if (isCategorical) {
      const sums = this.sumsOf(this.shared.features[index], node);
      this.ranking.rank(this.numbers, sums / 8, values, node.sum, node.rows);
      if ((way & descendingWay) !== 0) this.ranking.reverse();
      for (let i = 0; i <= code; i++) sides[this.ranking.bins[i]] = 1;
    } else {
      sides.fill(1, 0, code + 1);
    }
    if (values < 256) sides[values] = way & missingLeftWay;
  }

  private entry(index: number, { slot }: ScannedNode): number {
    return slot * this.shared.features.length + index;
  }

  /** Address of the feature's sums by code. */
  private sumsOf(feature: SharedFeature, { histogram, sum }: ScannedNode): number {
    const { kernels, spread } = this;
    const tuples = histogram + 8 * this.shared.starts[feature.bundle];
    if (feature.alone) return tuples;
    kernels.clear(spread, feature.values + 1);
    const { unusual, unusualCodes, unusualCount, usual } = feature;
    kernels.spread(tuples, unusual, unusualCodes, unusualCount, sum, usual, spread);
    return spread;
  }

  private tryCuts(
    index: number,
    node: ScannedNode,
    sums: number,
    values: number,
    start: number,
    way: number,
    followsHeavier: boolean,
    counts?: RowCounts,
  ): void {
    const { l2, minHessian, numbers, result, kernels } = this;
    const entry = this.entry(index, node);
    const best = this.cuts[2 * entry];
    const code = counts
      ? scanCuts(numbers, sums / 8, values, start, node.sum, l2, minHessian, best, result, counts)
      : kernels.scan(sums, values, start, node.sum, l2, minHessian, best, result.byteOffset);
    if (code < 0) return;
    this.cuts.set(result, 2 * entry);
    this.codes[entry] = code;
    // Where the node saw none, a missing value follows the heavier side; a tie, up to rounding, goes right.
    const heavierLeft = 2 * hessianOf(result[1]) > hessianOf(node.sum) + 2;
    this.ways[entry] = followsHeavier ? way + (heavierLeft ? missingLeftWay : 0) : way;
  }

  private rankSums(sums: number): number {
    const { ranking, ranked, numbers } = this;
    for (let i = 0; i < ranking.count; i++) numbers[ranked / 8 + i] = numbers[sums / 8 + ranking.bins[i]];
    return ranked;
  }

  private rankCounts(rowCounts: Int32Array): Int32Array {
    const { ranking, rankedCounts } = this;
    for (let i = 0; i < ranking.count; i++) rankedCounts[i] = rowCounts[ranking.bins[i]];
    return rankedCounts;
  }
}
