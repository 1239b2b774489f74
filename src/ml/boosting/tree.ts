import { type Bins, cutAfter } from '../bins.js';
import { addCode, categoriesOf, setWords } from '../forest/category-set.js';
import { depthLimit, type ForestNodes, goesLeft, NodeWriter } from '../forest/nodes.js';
import type { Matrix } from '../matrix.js';
import type { Random } from '../random.js';
import type { ScannedNode } from './feature-scan.js';
import type { Fit } from './fit.js';
import { GainQueue } from './gain-queue.js';
import { HistogramPool } from './histogram-pool.js';
import { LeafValues } from './leaf-values.js';
import type { GradientScale } from './log-loss.js';
import { SplitFinder, type SplitOptions } from './split.js';
import { steps } from './steps.js';

export interface TreeOptions extends SplitOptions {
  readonly maxLeafNodes: number;
  readonly maxDepth: number;
  readonly learningRate: number;
}

/** Most leaves that a tree on so many rows can have. */
export function mostLeaves(rows: number, { maxLeafNodes, minSamplesLeaf }: TreeOptions): number {
  return Math.min(maxLeafNodes, Math.max(1, Math.floor(rows / minSamplesLeaf)));
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
  private readonly moved: Int32Array;
  private readonly splits: SplitFinder;
  private readonly queue: GainQueue;
  private readonly histograms: HistogramPool;
  private readonly leaves: LeafValues;
  private readonly scanned: ScannedNode = { slot: 0, histogram: 0, sum: 0, rows: 0 };

  // One entry a node; the children of node i are left[i] and left[i] + 1, and 0 is no child.
  private size = 0;
  private readonly start: Int32Array;
  private readonly end: Int32Array;
  private readonly depth: Int32Array;
  private readonly left: Int32Array;
  private readonly feature: Int32Array;
  private readonly code: Uint8Array;
  private readonly missingLeft: Uint8Array;
  /** For each code of the node's feature, 1 where it goes left. */
  private readonly sides: Uint8Array;
  private readonly sum: Float64Array;
  private readonly leftSum: Float64Array;
  private readonly gain: Float64Array;

  constructor(
    private readonly bins: Bins,
    private readonly fit: Fit,
    private readonly options: TreeOptions,
    weighted: boolean,
  ) {
    const { memory, at, rows, threads } = fit.shared;
    const leaves = mostLeaves(rows, options);
    const nodes = 2 * leaves - 1;
    this.order = new Int32Array(memory.buffer, at.order, rows);
    this.spare = new Int32Array(memory.buffer, at.spare, rows);
    this.moved = new Int32Array(memory.buffer, at.moved, threads);
    this.splits = new SplitFinder(fit, options);
    this.start = new Int32Array(nodes);
    this.end = new Int32Array(nodes);
    this.depth = new Int32Array(nodes);
    this.left = new Int32Array(nodes);
    this.feature = new Int32Array(nodes);
    this.code = new Uint8Array(nodes);
    this.missingLeft = new Uint8Array(nodes);
    this.sides = new Uint8Array(256 * nodes);
    this.sum = new Float64Array(nodes);
    this.leftSum = new Float64Array(nodes);
    this.gain = new Float64Array(nodes);
    this.queue = new GainQueue(this.gain);
    this.histograms = new HistogramPool(fit.shared);
    this.leaves = new LeafValues(fit, options, weighted);
  }

  /** Replaces the tree by one on the given rows, ascending, and the packed gradients. */
  grow(rows: Int32Array, scale: GradientScale, random: Random): void {
    this.order.set(rows);
    this.splits.startRound(scale, rows.length);
    this.histograms.clear();
    this.queue.clear();
    this.plantRoot(rows.length, random);
    let leaves = 1;
    while (this.queue.size > 0 && leaves < this.options.maxLeafNodes) {
      const node = this.queue.pop();
      leaves++;
      this.splitNode(node, leaves < this.options.maxLeafNodes, random);
    }
    this.leaves.fill(this.size, this.left, this.start, this.end);
  }

  /** Adds the leaves' values to the scores of the rows that the tree was grown on. */
  addToGrown(): void {
    this.leaves.addToScores();
  }

  /** Adds the values of the leaves where rows of `x` end to `scores`, one a row of `x`. */
  addTo(scores: Float64Array, x: Matrix, rows: Int32Array): void {
    if (rows.length === 0) return;
    const nodes = this.toNodes();
    for (const row of rows) {
      let node = 0;
      while (nodes.feature[node] >= 0) {
        const left = goesLeft(nodes, node, x.at(row, nodes.feature[node]));
        node = left ? node + 1 : nodes.right[node];
      }
      scores[row] += nodes.value[node];
    }
  }

  /** Appends the tree to a forest, the nodes' cover being the weight of their rows. */
  write(nodes: NodeWriter): void {
    nodes.startTree();
    this.writeNode(nodes, 0);
  }

  private toNodes(): ForestNodes {
    const nodes = new NodeWriter();
    this.write(nodes);
    return nodes.finish();
  }

  private writeNode(nodes: NodeWriter, node: number): number {
    const left = this.left[node];
    const index = nodes.leaf(this.leaves.value[node], this.leaves.cover[node]);
    if (left === 0) return index;
    const { column, isCategorical } = this.fit.shared.features[this.feature[node]];
    const missingLeft = this.missingLeft[node] === 1;
    if (isCategorical) {
      const set = categoriesOf(this.bins, column, this.binsOf(node), missingLeft);
      nodes.splitCategories(index, column, set, missingLeft);
    } else {
      nodes.split(index, column, cutAfter(this.bins, column, this.code[node]), missingLeft);
    }
    this.writeNode(nodes, left);
    nodes.setRight(index, this.writeNode(nodes, left + 1));
    return index;
  }

  /** The set of bins that go left at a node. */
  private binsOf(node: number): Uint32Array {
    const set = new Uint32Array(setWords);
    const { values } = this.fit.shared.features[this.feature[node]];
    for (let bin = 0; bin < values; bin++) if (this.sides[256 * node + bin] === 1) addCode(set, bin);
    return set;
  }

  private plantRoot(rows: number, random: Random): void {
    this.size = 0;
    const { kernels, shared } = this.fit;
    this.addNode(0, rows, 0, kernels.sum(shared.at.order, 0, rows, shared.at.packed));
    if (!this.mayBeSplit(0)) return;
    this.histograms.take(0);
    this.search(0, -1, true, random);
  }

  private addNode(start: number, end: number, depth: number, sum: number): void {
    const node = this.size++;
    this.start[node] = start;
    this.end[node] = end;
    this.depth[node] = depth;
    this.sum[node] = sum;
    this.left[node] = 0;
  }

  private mayBeSplit(node: number): boolean {
    const { maxDepth, minSamplesLeaf } = this.options;
    const rows = this.end[node] - this.start[node];
    return this.depth[node] < Math.min(maxDepth, depthLimit) && rows >= 2 * minSamplesLeaf;
  }

  /** @param further whether the children may be split in their turn */
  private splitNode(node: number, further: boolean, random: Random): void {
    const { histograms } = this;
    if (further && !histograms.has(node)) this.rebuild(node, random);
    const middle = this.partition(node);
    const depth = this.depth[node] + 1;
    const left = this.size;
    this.left[node] = left;
    this.addNode(this.start[node], middle, depth, this.leftSum[node]);
    this.addNode(middle, this.end[node], depth, this.sum[node] - this.leftSum[node]);
    const smaller = middle - this.start[node] <= this.end[node] - middle ? left : left + 1;
    const larger = 2 * left + 1 - smaller;
    if (!further || !this.mayBeSplit(larger)) return histograms.release(node);
    histograms.move(node, larger);
    histograms.take(smaller);
    this.search(smaller, larger, true, random);
  }

  /** Builds the histogram of a node that had to give it up. */
  private rebuild(node: number, random: Random): void {
    this.histograms.take(node);
    this.search(node, -1, false, random);
  }

  /**
   * Builds the histogram of `small` and takes it from its sibling's, if there is one; then queues both nodes where
   * they have a split.
   */
  private search(small: number, large: number, wanted: boolean, random: Random): void {
    const { fit, histograms, splits } = this;
    fit.set('from', this.start[small]);
    fit.set('to', this.end[small]);
    fit.set('built', 1);
    fit.set('l2', splits.l2);
    fit.set('minHessian', splits.minHessian);
    fit.set('histograms', 0, 1);
    const pair = large < 0 ? [small] : [small, large];
    const tried = pair.map((node) => wanted && this.mayBeSplit(node));
    fit.set('wanted', 0, 1);
    pair.forEach((node, slot) => {
      fit.set('histograms', histograms.of(node), slot);
      fit.set('sums', this.sum[node], slot);
      fit.set('rows', this.end[node] - this.start[node], slot);
      fit.set('wanted', tried[slot] ? 1 : 0, slot);
    });
    for (const slot of large < small ? [1, 0] : [0, 1]) if (tried[slot]) splits.draw(slot, random);
    fit.do(steps.search, this.searchWork(this.end[small] - this.start[small]));
    if (!wanted) return;
    pair.forEach((node, slot) => {
      if (tried[slot] && this.chooseSplit(node, slot)) histograms.keep(node);
      else histograms.release(node);
    });
  }

  /** Nanoseconds, roughly: half of one an addition, five a slot. */
  private searchWork(rows: number): number {
    const { bundles, starts } = this.fit.shared;
    return 0.5 * rows * bundles + 5 * starts[bundles];
  }

  /** Queues the node if it has a split. */
  private chooseSplit(node: number, slot: number): boolean {
    const { splits, scanned } = this;
    scanned.slot = slot;
    scanned.histogram = this.histograms.of(node);
    scanned.sum = this.sum[node];
    scanned.rows = this.end[node] - this.start[node];
    if (!splits.choose(scanned, this.start[node])) return false;
    this.feature[node] = splits.feature;
    this.code[node] = splits.code;
    this.missingLeft[node] = splits.missingLeft ? 1 : 0;
    this.leftSum[node] = splits.left;
    this.gain[node] = splits.gain;
    this.sides.set(splits.sides, 256 * node);
    this.queue.push(node);
    return true;
  }

  /** Moves the node's rows that go left to the front and returns where the others begin. */
  private partition(node: number): number {
    const { fit, order, spare, moved } = this;
    const [start, end] = [this.start[node], this.end[node]];
    const { at, stride } = this.splits.tuplesOf(this.feature[node]);
    this.writeTable(node);
    fit.set('lane', at);
    fit.set('stride', stride);
    fit.set('from', start);
    fit.set('to', end);
    const shares = fit.do(steps.partition, 1.5 * (end - start));
    // Each thread has sorted its part: the left ones stand at its beginning, the others in `spare`.
    const partStart = (share: number): number => start + Math.floor(((end - start) * share) / shares);
    let middle = start;
    for (let share = 0; share < shares; share++) {
      const from = partStart(share);
      order.copyWithin(middle, from, from + moved[share]);
      middle += moved[share];
    }
    for (let share = 0, to = middle; share < shares; share++) {
      const right = spare.subarray(partStart(share), partStart(share + 1) - moved[share]);
      order.set(right, to);
      to += right.length;
    }
    return middle;
  }

  private writeTable(node: number): void {
    const { memory, at, features } = this.fit.shared;
    const table = new Uint8Array(memory.buffer, at.table, 256);
    const { codes } = features[this.feature[node]];
    for (let tuple = 0; tuple < codes.length; tuple++) table[tuple] = this.sides[256 * node + codes[tuple]];
  }
}
