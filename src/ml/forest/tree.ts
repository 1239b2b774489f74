import type { Bins } from '../bins.js';
import type { Random } from '../random.js';
import type { NodeRows } from './histogram.js';
import { depthLimit, type NodeWriter } from './nodes.js';
import { partitionRows } from './partition.js';
import { SplitFinder, type SplitOptions } from './split.js';

export interface TreeOptions extends SplitOptions {
  readonly maxDepth: number;
  readonly minSamplesSplit: number;
}

/** Numbers a waiting node needs on the stack: its run of rows, depth, parent to tell (or -1), constants. */
const stackFields = 6;

/**
 * Grows classification trees one after another in the same buffers, depth first and without recursion.
 *
 * The rows of `bins` must stand with the benign ones first. A node is a run of `order`; splitting it is a
 * stable partition, so that rows of a node stay in memory order with the benign ones first.
 */
export class TreeGrower {
  private readonly order: Int32Array;
  private readonly spare: Int32Array;
  private readonly stack: Int32Array;
  private readonly stackSums: Float64Array;
  private readonly splits: SplitFinder;
  private readonly node: NodeRows = { start: 0, middle: 0, end: 0, benign: 0, threat: 0, constants: 0 };
  private waiting = 0;

  /** @param benignRows how many rows of `bins` are benign */
  constructor(
    private readonly bins: Bins,
    private readonly benignRows: number,
    private readonly options: TreeOptions,
  ) {
    this.order = new Int32Array(bins.rows);
    this.spare = new Int32Array(bins.rows);
    this.stack = new Int32Array((depthLimit + 2) * stackFields);
    this.stackSums = new Float64Array((depthLimit + 2) * 2);
    this.splits = new SplitFinder(bins, this.order, options);
  }

  /** Appends one tree on the rows with a positive weight (`weight`: one value a row of `bins`). */
  grow(weight: Float64Array, random: Random, nodes: NodeWriter): void {
    this.pushRoot(weight);
    this.splits.startTree(weight);
    nodes.startTree();
    while (this.waiting > 0) this.growNode(random, nodes);
  }

  private pushRoot(weight: Float64Array): void {
    const sums = [0, 0];
    let rows = 0;
    let middle = 0;
    for (let row = 0; row < weight.length; row++) {
      if (row === this.benignRows) middle = rows;
      if (weight[row] === 0) continue;
      sums[row < this.benignRows ? 0 : 1] += weight[row];
      this.order[rows++] = row;
    }
    this.push(0, middle, rows, 0, -1, 0, sums[0], sums[1]);
  }

  private growNode(random: Random, nodes: NodeWriter): void {
    const { node, splits, options } = this;
    const depth = this.stack[--this.waiting * stackFields + 3];
    const parent = this.stack[this.waiting * stackFields + 4];
    this.readNode();
    const rows = node.end - node.start;
    const cover = node.benign + node.threat;
    const index = nodes.leaf(this.threatShare(), cover);
    if (parent >= 0) nodes.setRight(parent, index);
    const pure = node.middle === node.start || node.middle === node.end;
    if (pure || depth >= Math.min(options.maxDepth, depthLimit) || rows < options.minSamplesSplit) return;
    if (rows < 2 * options.minSamplesLeaf || !splits.find(node, random)) return;
    const { feature, missingLeft, set } = splits;
    if (set) nodes.splitCategories(index, feature, splits.categories(set), missingLeft);
    else nodes.split(index, feature, splits.threshold(), missingLeft);
    this.pushChildren(depth + 1, index);
  }

  /** Exact where the node is pure, whatever rounding the sums went through. */
  private threatShare(): number {
    const { node } = this;
    if (node.middle === node.end) return 0;
    if (node.middle === node.start) return 1;
    return Math.min(1, Math.max(0, node.threat / (node.benign + node.threat)));
  }

  /** The left child is pushed last, so it comes next and the tree lies in preorder. */
  private pushChildren(depth: number, index: number): void {
    const { node, splits, order } = this;
    const { start, middle, end, constants } = node;
    const leftBenign = this.partition(start, middle, start, 0);
    const moved = middle - start - leftBenign;
    const leftThreat = this.partition(middle, end, start + leftBenign, moved);
    const rightStart = start + leftBenign + leftThreat;
    for (let i = rightStart; i < end; i++) order[i] = this.spare[i - rightStart];
    const benign = node.benign - splits.leftBenign;
    const threat = node.threat - splits.leftThreat;
    this.push(rightStart, rightStart + moved, end, depth, index, constants, benign, threat);
    const leftMiddle = start + leftBenign;
    this.push(start, leftMiddle, rightStart, depth, -1, constants, splits.leftBenign, splits.leftThreat);
  }

  private partition(from: number, to: number, left: number, right: number): number {
    const { feature: column, code, missingLeft, set } = this.splits;
    const cut = { column, code, missingLeft, set };
    return partitionRows(this.bins, cut, this.order, from, to, left, this.spare, right);
  }

  private push(
    start: number,
    middle: number,
    end: number,
    depth: number,
    parent: number,
    constants: number,
    benign: number,
    threat: number,
  ): void {
    const { stack, stackSums } = this;
    const at = this.waiting * stackFields;
    stack[at] = start;
    stack[at + 1] = middle;
    stack[at + 2] = end;
    stack[at + 3] = depth;
    stack[at + 4] = parent;
    stack[at + 5] = constants;
    stackSums[2 * this.waiting] = benign;
    stackSums[2 * this.waiting + 1] = threat;
    this.waiting++;
  }

  /** Reads the stack's entry number `waiting`, which was just taken off. */
  private readNode(): void {
    const { node, stack, stackSums } = this;
    const at = this.waiting * stackFields;
    node.start = stack[at];
    node.middle = stack[at + 1];
    node.end = stack[at + 2];
    node.constants = stack[at + 5];
    node.benign = stackSums[2 * this.waiting];
    node.threat = stackSums[2 * this.waiting + 1];
  }
}
