import { sharedFloats, sharedInts } from './distinct-rows.js';

/**
 * Points in a binary tree of boxes (Bentley's k-d tree with the bounds of Omohundro's ball tree), in arrays that
 * threads share. Node 0 is the root; the left child of an inner node is the next one.
 */
export interface BoxTree {
  readonly columns: number;
  /** Reordered so that those of a node stand together. */
  readonly points: Float64Array;
  /** For each place in `points`, the number of the point there. */
  readonly numbers: Int32Array;
  /** For each node: its places from `start` to `end`, and its right child, 0 for a leaf. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly right: Int32Array;
  /** The least and the greatest value of each column in each node, node after node. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Points of which no more are cut apart: looking at a box costs as much as measuring a point. */
const leafPoints = 16;
/** A cut may give a side as little as this share, to have no value on both. */
const leastShare = 1 / 8;

/** Builds the tree over `points`, one after another, by cuts through the column of the greatest variance. */
export function buildBoxTree(points: Float64Array, columns: number): BoxTree {
  const numbers = Int32Array.from({ length: points.length / columns }, (_, i) => i);
  const nodes: { start: number; end: number; right: number; low: Float64Array; high: Float64Array }[] = [];
  const keys = new Float64Array(numbers.length);

  const grow = (start: number, end: number): void => {
    const node = { start, end, right: 0, ...boxOf(points, columns, numbers.subarray(start, end)) };
    nodes.push(node);
    if (end - start <= leafPoints) return;
    const column = widestColumn(points, columns, numbers.subarray(start, end));
    for (let i = start; i < end; i++) keys[numbers[i]] = points[numbers[i] * columns + column];
    const middle = cut(numbers, keys, start, end);
    grow(start, middle);
    node.right = nodes.length;
    grow(middle, end);
  };
  if (numbers.length > 0) grow(0, numbers.length);

  const ordered = sharedFloats(points.length);
  numbers.forEach((number, place) =>
    ordered.set(points.subarray(number * columns, (number + 1) * columns), place * columns),
  );
  const boxes = (side: 'low' | 'high'): Float64Array => {
    const all = sharedFloats(nodes.length * columns);
    nodes.forEach((node, i) => all.set(node[side], i * columns));
    return all;
  };
  return {
    columns,
    points: ordered,
    numbers: sharedInts(numbers),
    start: sharedInts(nodes.map((node) => node.start)),
    end: sharedInts(nodes.map((node) => node.end)),
    right: sharedInts(nodes.map((node) => node.right)),
    low: boxes('low'),
    high: boxes('high'),
  };
}

function boxOf(
  points: Float64Array,
  columns: number,
  numbers: Int32Array,
): { low: Float64Array; high: Float64Array } {
  const low = new Float64Array(columns).fill(Infinity);
  const high = new Float64Array(columns).fill(-Infinity);
  for (const number of numbers) {
    for (let j = 0; j < columns; j++) {
      const value = points[number * columns + j];
      if (value < low[j]) low[j] = value;
      if (value > high[j]) high[j] = value;
    }
  }
  return { low, high };
}

function widestColumn(points: Float64Array, columns: number, numbers: Int32Array): number {
  const mean = new Float64Array(columns);
  for (const number of numbers) for (let j = 0; j < columns; j++) mean[j] += points[number * columns + j];
  for (let j = 0; j < columns; j++) mean[j] /= numbers.length;
  const variance = new Float64Array(columns);
  for (const number of numbers) {
    for (let j = 0; j < columns; j++) variance[j] += (points[number * columns + j] - mean[j]) ** 2;
  }
  return variance.reduce((best, value, j) => (value > variance[best] ? j : best), 0);
}

/**
 * Orders the places by key as far as it takes to say where the right side begins: between two keys as near to
 * the middle as can be or, where that leaves a side too little, in the middle. It is Hoare's quickselect with
 * Dijkstra's three-way partition.
 */
function cut(numbers: Int32Array, keys: Float64Array, start: number, end: number): number {
  const middle = (start + end) >> 1;
  let [from, to] = [start, end];
  for (;;) {
    const pivot = keys[numbers[(from + to) >> 1]];
    const [less, greater] = partition(numbers, keys, from, to, pivot);
    if (middle < less) to = less;
    else if (middle >= greater) from = greater;
    else {
      const nearest = middle - less <= greater - middle ? less : greater;
      const smaller = Math.min(nearest - start, end - nearest);
      return smaller >= (end - start) * leastShare ? nearest : middle;
    }
  }
}

/** Puts keys below `pivot` first and those above it last; returns where its equals begin and end. */
function partition(
  numbers: Int32Array,
  keys: Float64Array,
  from: number,
  to: number,
  pivot: number,
): [less: number, greater: number] {
  let less = from;
  let greater = to;
  for (let at = from; at < greater;) {
    const number = numbers[at];
    const key = keys[number];
    if (key < pivot) {
      numbers[at++] = numbers[less];
      numbers[less++] = number;
    } else if (key > pivot) {
      numbers[at] = numbers[--greater];
      numbers[greater] = number;
    } else at++;
  }
  return [less, greater];
}
