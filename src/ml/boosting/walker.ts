import { deepestLevel, type ForestNodes } from '../forest/nodes.js';
import type { Matrix } from '../matrix.js';

/** Rows that go through the trees together: few enough that their codes stay in the fastest cache. */
const blockRows = 64;
const fields = 4;

/**
 * Sums up the trees' values for rows of a matrix.
 *
 * Values become whole numbers first, one a cut of the model in their column, so that a step down is arithmetic
 * without a branch, and four rows go down a tree together so that their steps overlap. A missing value takes
 * the lowest code where it goes left and the highest where it goes right, which is why a column asked both
 * ways has two slots.
 */
export class BoostedWalker {
  private readonly slots: readonly { readonly cuts: Float64Array; column: number; missingLeft: boolean }[];
  /** A node's slot, the last code that goes left, and how far behind the left child the right one stands. */
  private readonly links: Int32Array;
  private readonly depths: Int32Array;
  private readonly block: Int32Array;

  constructor(private readonly nodes: ForestNodes) {
    const { feature, missingLeft, threshold, right } = nodes;
    const cuts = cutsOf(nodes);
    const slots = new Map<number, number>();
    this.links = new Int32Array(fields * feature.length);
    for (let node = 0; node < feature.length; node++) {
      const at = fields * node;
      if (feature[node] < 0) {
        // Every code is above -1, and so a leaf leads to its right child: itself.
        this.links[at + 1] = this.links[at + 2] = -1;
        continue;
      }
      const key = 2 * feature[node] + missingLeft[node];
      if (!slots.has(key)) slots.set(key, slots.size);
      this.links[at] = slots.get(key)!;
      this.links[at + 1] = codeOf(threshold[node], cuts.get(feature[node])!);
      this.links[at + 2] = right[node] - node - 1;
    }
    this.slots = Array.from(slots.keys(), (key) => {
      return { column: key >> 1, missingLeft: (key & 1) === 1, cuts: cuts.get(key >> 1)! };
    });
    this.depths = Int32Array.from(nodes.starts.subarray(1), (_, tree) => deepestLevel(treeOf(nodes, tree)));
    this.block = new Int32Array(blockRows * Math.max(1, this.slots.length));
  }

  /** Adds each tree's leaf value for the rows of `x` to `out`. */
  addTrees(x: Matrix, out: Float64Array): void {
    for (let from = 0; from < x.rows; from += blockRows) {
      const rows = Math.min(blockRows, x.rows - from);
      this.encode(x, from, rows);
      for (let tree = 0; tree < this.depths.length; tree++) this.addTree(tree, out, from, from + rows);
    }
  }

  /** Fills `block`: a row's codes, slot after slot. */
  private encode(x: Matrix, from: number, rows: number): void {
    const { slots, block } = this;
    slots.forEach(({ column, cuts, missingLeft }, slot) => {
      const start = column * x.rows + from;
      const missing = missingLeft ? 0 : cuts.length + 2;
      for (let i = 0; i < rows; i++) {
        const value = x.data[start + i];
        // NaN is the only number that is not equal to itself.
        block[i * slots.length + slot] = value === value ? codeOf(value, cuts) : missing;
      }
    });
  }

  /** The rows behind the last one of a block are walked too, with what codes the block still has for them. */
  private addTree(tree: number, out: Float64Array, from: number, to: number): void {
    const { links, block } = this;
    const { starts, value } = this.nodes;
    const width = this.slots.length;
    const depth = this.depths[tree];
    for (let i = from; i < to; i += 4) {
      const rowA = (i - from) * width;
      const rowB = rowA + width;
      const rowC = rowB + width;
      const rowD = rowC + width;
      let a = starts[tree];
      let b = a;
      let c = a;
      let d = a;
      for (let level = 0; level < depth; level++) {
        a += step(links, block, a, rowA);
        b += step(links, block, b, rowB);
        c += step(links, block, c, rowC);
        d += step(links, block, d, rowD);
      }
      out[i] += value[a];
      if (i + 1 < to) out[i + 1] += value[b];
      if (i + 2 < to) out[i + 2] += value[c];
      if (i + 3 < to) out[i + 3] += value[d];
    }
  }
}

/** From a node to its child; the sign of the comparison is the mask of the way to the right. */
function step(links: Int32Array, block: Int32Array, node: number, row: number): number {
  const at = fields * node;
  return 1 + (links[at + 2] & ((links[at + 1] - block[row + links[at]]) >> 31));
}

/** The distinct thresholds of each column that is asked, ascending. */
function cutsOf({ feature, threshold }: ForestNodes): Map<number, Float64Array> {
  const found = new Map<number, Set<number>>();
  feature.forEach((column, node) => {
    if (column < 0) return;
    if (!found.has(column)) found.set(column, new Set());
    found.get(column)!.add(threshold[node]);
  });
  return new Map(Array.from(found, ([column, cuts]) => [column, Float64Array.from(cuts).sort()]));
}

/** 1 + how many cuts are below the value. */
function codeOf(value: number, cuts: Float64Array): number {
  let low = 0;
  let length = cuts.length;
  while (length > 1) {
    const half = length >> 1;
    low += +(cuts[low + half - 1] < value) * half;
    length -= half;
  }
  return 1 + low + +(cuts[low] < value);
}

/** One tree as a forest of its own. */
function treeOf({ starts, feature, right, ...others }: ForestNodes, tree: number): ForestNodes {
  const [start, end] = [starts[tree], starts[tree + 1]];
  return {
    ...others,
    starts: Int32Array.of(0, end - start),
    feature: feature.subarray(start, end),
    right: right.subarray(start, end).map((child) => child - start),
  };
}
