import { type Bins, cutAfter } from '../bins.js';
import { depthLimit, type NodeWriter } from '../forest/nodes.js';
import { partitionRows } from '../forest/partition.js';
import type { Matrix } from '../matrix.js';
import type { Random } from '../random.js';
import type { Bundles } from './bundles.js';
import { GainQueue } from './gain-queue.js';
import { type HistogramBuilder, subtract } from './histogram.js';
import type { LogLoss } from './log-loss.js';
import { SplitFinder, type SplitOptions } from './split.js';

export interface TreeOptions extends SplitOptions {
  readonly maxLeafNodes: number;
  readonly maxDepth: number;
  readonly learningRate: number;
}

/**
 * Grows regression trees on gradients, always at the leaf where a split lowers the loss most, one tree after
 * another in the same buffers.
 *
 * A node is a run of `order`; splitting it is a stable partition. Of two children only the smaller one's rows
 * are read: the larger one's histogram is the parent's less the sibling's, in the parent's place.
 */
export class BoostedTree {
  private readonly order: Int32Array;
  private readonly spare: Int32Array;
  private readonly splits: SplitFinder;
  private readonly queue: GainQueue;
  private readonly freeHistograms: Float64Array[] = [];
  /** The histogram of each node that can be split. */
  private readonly histograms: (Float64Array | undefined)[] = [];

  // One entry a node; the children of node i are left[i] and left[i] + 1, and 0 is no child.
  private size = 0;
  private readonly start: Int32Array;
  private readonly end: Int32Array;
  private readonly depth: Int32Array;
  private readonly left: Int32Array;
  private readonly feature: Int32Array;
  private readonly code: Uint8Array;
  private readonly missingLeft: Uint8Array;
  private readonly sum: Float64Array;
  private readonly leftSum: Float64Array;
  private readonly gain: Float64Array;
  private readonly value: Float64Array;
  private readonly cover: Float64Array;

  constructor(
    private readonly bins: Bins,
    private readonly bundles: Bundles,
    private readonly builder: HistogramBuilder,
    private readonly options: TreeOptions,
  ) {
    const leaves = Math.min(
      options.maxLeafNodes,
      Math.max(1, Math.floor(bins.rows / options.minSamplesLeaf)),
    );
    const nodes = 2 * leaves - 1;
    this.order = new Int32Array(bins.rows);
    this.spare = new Int32Array(bins.rows);
    this.splits = new SplitFinder(bins, bundles, options);
    this.start = new Int32Array(nodes);
    this.end = new Int32Array(nodes);
    this.depth = new Int32Array(nodes);
    this.left = new Int32Array(nodes);
    this.feature = new Int32Array(nodes);
    this.code = new Uint8Array(nodes);
    this.missingLeft = new Uint8Array(nodes);
    this.sum = new Float64Array(nodes);
    this.leftSum = new Float64Array(nodes);
    this.gain = new Float64Array(nodes);
    this.value = new Float64Array(nodes);
    this.cover = new Float64Array(nodes);
    this.queue = new GainQueue(this.gain);
  }

  /** Replaces the tree by one on the given rows and the loss's gradients. */
  grow(rows: Int32Array, loss: LogLoss, random: Random): void {
    this.order.set(rows);
    this.splits.startRound(loss);
    this.plantRoot(rows.length, loss, random);
    let leaves = 1;
    while (this.queue.size > 0 && leaves < this.options.maxLeafNodes) {
      const node = this.queue.pop();
      this.splitNode(node);
      leaves++;
      if (leaves < this.options.maxLeafNodes) this.searchChildren(node, loss, random);
    }
    for (let node = 0; node < this.size; node++) this.release(node);
    this.queue.clear();
    this.setValues(loss);
  }

  /** Adds the leaves' values to the scores of the rows that the tree was grown on. */
  addToGrown(scores: Float64Array): void {
    for (let node = 0; node < this.size; node++) {
      if (this.left[node] > 0) continue;
      const value = this.value[node];
      for (let i = this.start[node]; i < this.end[node]; i++) scores[this.order[i]] += value;
    }
  }

  /** Adds the values of the leaves where rows of `x` end to `scores`, one a row of `x`. */
  addTo(scores: Float64Array, x: Matrix, rows: Int32Array): void {
    const { bundles, left, feature, missingLeft, value } = this;
    const columns = bundles.features.map(({ column }) => column);
    const thresholds = Float64Array.from({ length: this.size }, (_, node) => this.threshold(node));
    for (const row of rows) {
      let node = 0;
      while (left[node] > 0) {
        const cell = x.at(row, columns[feature[node]]);
        const goesLeft = cell <= thresholds[node] || (Number.isNaN(cell) && missingLeft[node] === 1);
        node = goesLeft ? left[node] : left[node] + 1;
      }
      scores[row] += value[node];
    }
  }

  /** Appends the tree to a forest, the nodes' cover being the weight of their rows. */
  write(nodes: NodeWriter): void {
    nodes.startTree();
    this.writeNode(nodes, 0);
  }

  private writeNode(nodes: NodeWriter, node: number): number {
    const left = this.left[node];
    const index = nodes.leaf(this.value[node], this.cover[node]);
    if (left === 0) return index;
    const { column } = this.bundles.features[this.feature[node]];
    nodes.split(index, column, this.threshold(node), this.missingLeft[node] === 1);
    this.writeNode(nodes, left);
    nodes.setRight(index, this.writeNode(nodes, left + 1));
    return index;
  }

  private threshold(node: number): number {
    if (this.left[node] === 0) return 0;
    return cutAfter(this.bins, this.bundles.features[this.feature[node]].column, this.code[node]);
  }

  private plantRoot(rows: number, loss: LogLoss, random: Random): void {
    const histogram = this.takeHistogram();
    this.size = 0;
    const sum = this.builder.build(this.order, 0, rows, loss.packed, histogram);
    this.addNode(0, rows, 0, sum);
    this.histograms[0] = histogram;
    this.search(0, random);
  }

  private addNode(start: number, end: number, depth: number, sum: number): void {
    const node = this.size++;
    this.start[node] = start;
    this.end[node] = end;
    this.depth[node] = depth;
    this.sum[node] = sum;
    this.left[node] = 0;
  }

  /** Queues the node if its histogram has a split; or else gives the histogram back. */
  private search(node: number, random: Random): void {
    const { splits } = this;
    const histogram = this.histograms[node]!;
    const found =
      this.mayBeSplit(node) &&
      splits.find(histogram, this.sum[node], this.order, this.start[node], this.end[node], random);
    if (!found) return this.release(node);
    this.feature[node] = splits.feature;
    this.code[node] = splits.code;
    this.missingLeft[node] = splits.missingLeft ? 1 : 0;
    this.leftSum[node] = splits.left;
    this.gain[node] = splits.gain;
    this.queue.push(node);
  }

  private mayBeSplit(node: number): boolean {
    const { maxDepth, minSamplesLeaf } = this.options;
    const rows = this.end[node] - this.start[node];
    return this.depth[node] < Math.min(maxDepth, depthLimit) && rows >= 2 * minSamplesLeaf;
  }

  private splitNode(node: number): void {
    const middle = this.partition(node);
    const depth = this.depth[node] + 1;
    this.left[node] = this.size;
    this.addNode(this.start[node], middle, depth, this.leftSum[node]);
    this.addNode(middle, this.end[node], depth, this.sum[node] - this.leftSum[node]);
  }

  private searchChildren(node: number, loss: LogLoss, random: Random): void {
    const left = this.left[node];
    const rows = (child: number): number => this.end[child] - this.start[child];
    const smaller = rows(left) <= rows(left + 1) ? left : left + 1;
    const larger = 2 * left + 1 - smaller;
    if (!this.mayBeSplit(larger)) return;
    const histogram = this.takeHistogram();
    this.builder.build(this.order, this.start[smaller], this.end[smaller], loss.packed, histogram);
    this.histograms[smaller] = histogram;
    this.histograms[larger] = this.histograms[node]!;
    this.histograms[node] = undefined;
    subtract(this.histograms[larger], histogram);
    this.search(left, random);
    this.search(left + 1, random);
  }

  /** Moves the node's rows that go left to the front and returns where the others begin. */
  private partition(node: number): number {
    const { order, spare, bins } = this;
    const start = this.start[node];
    const end = this.end[node];
    const { column } = this.bundles.features[this.feature[node]];
    const cut = { column, code: this.code[node], missingLeft: this.missingLeft[node] === 1 };
    const middle = start + partitionRows(bins, cut, order, start, end, start, spare, 0);
    order.set(spare.subarray(0, end - middle), middle);
    return middle;
  }

  /** Newton steps, from the exact gradients and not their rounded ones. Children stand behind their parent. */
  private setValues({ gradient, hessian, weight }: LogLoss): void {
    const { order, left, value, cover } = this;
    const { learningRate, l2Regularization } = this.options;
    for (let node = this.size - 1; node >= 0; node--) {
      value[node] = 0;
      if (left[node] > 0) {
        cover[node] = cover[left[node]] + cover[left[node] + 1];
        continue;
      }
      let gradients = 0;
      let hessians = 0;
      let weights = 0;
      for (let i = this.start[node]; i < this.end[node]; i++) {
        gradients += gradient[order[i]];
        hessians += hessian[order[i]];
        weights += weight[order[i]];
      }
      const curvature = hessians + l2Regularization;
      if (curvature > 0) value[node] = (-learningRate * gradients) / curvature;
      cover[node] = weights;
    }
  }

  private takeHistogram(): Float64Array {
    return this.freeHistograms.pop() ?? new Float64Array(this.builder.length);
  }

  private release(node: number): void {
    const histogram = this.histograms[node];
    if (histogram) this.freeHistograms.push(histogram);
    this.histograms[node] = undefined;
  }
}
