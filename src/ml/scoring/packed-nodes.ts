import { codeOfValue, hasCode, setWords } from '../forest/category-set.js';
import { type ForestNodes, isCategorical, missingGoesLeft } from '../forest/nodes.js';
import type { Matrix } from '../matrix.js';

/** Bytes of a node: all that a step down a tree reads lies together. */
export const nodeBytes = 16;
/** Part of the link of a node that asks for a category. */
const asksCategory = 1;

/**
 * A forest's nodes in one shared buffer. Bytes of a node:
 * 0 to 7, its threshold, or a leaf's value, or in the first four of them where its set begins in `sets`, in bytes;
 * 8 to 11, the link: where in a row the value stands that it asks for, in bytes, and perhaps `asksCategory`;
 * 12 to 15, how far behind the left child the right one stands, in bytes. The left child is the next node.
 *
 * Rows have all values twice, in two planes. Missing ones are -Infinity in the first, for the nodes where they go
 * left, and Infinity in the second. Where no value is missing, one plane does for all. A leaf asks for what stands
 * behind the columns, NaN, and its right child is itself.
 */
export interface PackedNodes {
  readonly kind: 'packed';
  readonly columns: number;
  /** Where the second plane of a row begins, in bytes: a power of two. */
  readonly plane: number;
  /** First node of each tree and, last, the number of nodes. */
  readonly starts: Int32Array;
  /** The nodes, as 64-bit and as 32-bit numbers; shared. */
  readonly numbers: Float64Array;
  readonly links: Int32Array;
  /** Sets of categories as in `ForestNodes`, shared. */
  readonly sets: Uint32Array;
  /** Columns that some node asks for a number, and for a category. */
  readonly numeric: Int32Array;
  readonly categorical: Int32Array;
}

/** @param columns of the rows that will be walked */
export function packNodes(nodes: ForestNodes, columns: number): PackedNodes {
  const { starts, feature, threshold, flags, value, right } = nodes;
  const table = new SharedArrayBuffer(nodeBytes * feature.length);
  const numbers = new Float64Array(table);
  const links = new Int32Array(table);
  const plane = 2 ** Math.ceil(Math.log2(8 * (columns + 1)));
  const numeric = new Set<number>();
  const categorical = new Set<number>();
  for (let node = 0; node < feature.length; node++) {
    const column = feature[node];
    if (column < 0) {
      numbers[2 * node] = value[node];
      links[4 * node + 2] = 8 * columns;
      links[4 * node + 3] = -nodeBytes;
      continue;
    }
    links[4 * node + 2] = 8 * column;
    links[4 * node + 3] = nodeBytes * (right[node] - node - 1);
    if ((flags[node] & isCategorical) !== 0) {
      categorical.add(column);
      links[4 * node] = 4 * setWords * threshold[node];
      links[4 * node + 2] += asksCategory;
    } else {
      numeric.add(column);
      numbers[2 * node] = threshold[node];
      links[4 * node + 2] += (flags[node] & missingGoesLeft) !== 0 ? 0 : plane;
    }
  }
  return {
    kind: 'packed',
    columns,
    plane,
    starts,
    numbers,
    links,
    sets: sharedCopy(nodes.sets),
    numeric: Int32Array.from(numeric),
    categorical: Int32Array.from(categorical),
  };
}

function sharedCopy(words: Uint32Array): Uint32Array {
  const copy = new Uint32Array(new SharedArrayBuffer(words.byteLength));
  copy.set(words);
  return copy;
}

/** How the rows of a block stand in memory, in bytes. */
export interface RowLayout {
  readonly stride: number;
  /** Where the second plane begins, 0 where there is but one. */
  readonly plane: number;
  /** Takes from a link where in a row its value is. */
  readonly mask: number;
}

/** The layout for rows `from` to `to` - 1 of `x`: with one plane where they miss no number. */
export function layoutFor(packed: PackedNodes, x: Matrix, from: number, to: number): RowLayout {
  const { columns, plane } = packed;
  const width = 8 * (columns + 1);
  if (missesNumber(packed, x, from, to)) return { stride: plane + width, plane, mask: ~asksCategory };
  return { stride: width, plane: 0, mask: (plane - 1) & ~asksCategory };
}

function missesNumber({ numeric }: PackedNodes, { data, rows }: Matrix, from: number, to: number): boolean {
  for (const column of numeric) {
    for (let i = column * rows + from; i < column * rows + to; i++) if (Number.isNaN(data[i])) return true;
  }
  return false;
}

/** Rows that go through the trees together: a tree's nodes stay in the cache for all of them. */
const blockRows = 1024;

/** Adds each tree's leaf value for the rows of `x` to `out`: one step after another, best for a few rows. */
export function walk(packed: PackedNodes, x: Matrix, out: Float64Array): void {
  const layout = layoutFor(packed, x, 0, x.rows);
  const block = new Float64Array((layout.stride / 8) * Math.min(blockRows, x.rows));
  for (let from = 0; from < x.rows; from += blockRows) {
    const sums = out.subarray(from, from + blockRows);
    spreadRows(x, from, sums.length, layout, block);
    for (let tree = 0; tree + 1 < packed.starts.length; tree++) addTree(packed, tree, block, layout, sums);
  }
}

function addTree(
  { columns, starts, numbers, links, sets }: PackedNodes,
  tree: number,
  block: Float64Array,
  { stride, mask }: RowLayout,
  sums: Float64Array,
): void {
  const root = starts[tree];
  const leaf = 8 * columns;
  for (let i = 0; i < sums.length; i++) {
    const row = stride * i;
    let node = root;
    for (let link = links[4 * node + 2]; link !== leaf; link = links[4 * node + 2]) {
      const value = block[(row + (link & mask)) >> 3];
      const isLeft =
        (link & asksCategory) === 0
          ? value <= numbers[2 * node]
          : hasCode(sets, codeOfValue(value), links[4 * node] >>> 2);
      node += isLeft ? 1 : 1 + (links[4 * node + 3] >> 4);
    }
    sums[i] += numbers[2 * node];
  }
}

/** Writes rows one after another. */
function spreadRows(x: Matrix, from: number, rows: number, layout: RowLayout, block: Float64Array): void {
  const width = layout.stride / 8;
  const plane = layout.plane / 8;
  for (let j = 0; j < x.columns; j++) {
    const column = j * x.rows + from;
    if (plane === 0) for (let i = 0; i < rows; i++) block[width * i + j] = x.data[column + i];
    else {
      for (let i = 0; i < rows; i++) {
        const value = x.data[column + i];
        const isMissing = Number.isNaN(value);
        block[width * i + j] = isMissing ? -Infinity : value;
        block[width * i + j + plane] = isMissing ? Infinity : value;
      }
    }
  }
}
