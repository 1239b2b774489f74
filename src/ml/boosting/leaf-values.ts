import { pieceRows } from './fit-memory.js';
import type { Fit } from './fit.js';
import { steps } from './steps.js';

/** Values of a tree's leaves, and the weight of every node's rows. */
export class LeafValues {
  readonly value: Float64Array;
  readonly cover: Float64Array;
  private readonly pieces: Int32Array;
  private readonly sums: Float64Array;
  private readonly weights: Float64Array;
  private readonly leafValues: Float64Array;
  private count = 0;
  private rows = 0;

  /** @param weighted whether there are weights other than 1 */
  constructor(
    private readonly fit: Fit,
    private readonly options: { readonly learningRate: number; readonly l2Regularization: number },
    private readonly weighted: boolean,
  ) {
    const { memory, at, leaves, pieces } = fit.shared;
    const { buffer } = memory;
    this.value = new Float64Array(2 * leaves - 1);
    this.cover = new Float64Array(2 * leaves - 1);
    this.pieces = new Int32Array(buffer, at.pieces, 3 * pieces);
    this.sums = new Float64Array(buffer, at.sums, 2 * pieces);
    this.weights = new Float64Array(buffer, at.weights, pieces);
    this.leafValues = new Float64Array(buffer, at.values, leaves);
  }

  /**
   * Newton steps, from the exact gradients and not their rounded ones.
   * @param left first child of each of `size` nodes, behind it and before the second; 0 at a leaf
   */
  fill(size: number, left: Int32Array, start: Int32Array, end: Int32Array): void {
    const leaves = Int32Array.from({ length: size }, (_, node) => node).filter((node) => left[node] === 0);
    this.cut(leaves, start, end);
    this.fit.set('pieces', this.count);
    this.fit.set('weighted', this.weighted ? 1 : 0);
    this.fit.do(steps.sumLeaves, 3 * this.rows);
    this.value.fill(0, 0, size);
    let piece = 0;
    leaves.forEach((node, leaf) => {
      let [gradients, hessians, weights] = [0, 0, 0];
      for (; piece < this.count && this.pieces[3 * piece + 2] === leaf; piece++) {
        gradients += this.sums[2 * piece];
        hessians += this.sums[2 * piece + 1];
        weights += this.weights[piece];
      }
      const curvature = hessians + this.options.l2Regularization;
      if (curvature > 0) this.value[node] = (-this.options.learningRate * gradients) / curvature;
      this.leafValues[leaf] = this.value[node];
      this.cover[node] = weights;
    });
    for (let node = size - 1; node >= 0; node--) {
      if (left[node] > 0) this.cover[node] = this.cover[left[node]] + this.cover[left[node] + 1];
    }
  }

  /** Adds each leaf's value to the scores of its rows. */
  addToScores(): void {
    this.fit.do(steps.addLeaves, 2 * this.rows);
  }

  /** Cuts the leaves' rows into pieces. */
  private cut(leaves: Int32Array, start: Int32Array, end: Int32Array): void {
    this.count = 0;
    this.rows = 0;
    leaves.forEach((node, leaf) => {
      for (let from = start[node]; from < end[node]; from += pieceRows) {
        this.pieces.set([from, Math.min(from + pieceRows, end[node]), leaf], 3 * this.count++);
      }
      this.rows += end[node] - start[node];
    });
  }
}
