import type { Matrix } from './matrix.js';

/** Code of a missing value; values take the codes below it. */
export const missingCode = 255;
/** Most value bins a feature can have beside the missing code. */
export const maxValueBins = 255;

/** A matrix with every value replaced by the number of its bin, bins in ascending order of the values. */
export interface Bins {
  readonly rows: number;
  readonly columns: number;
  /** Codes, column after column. */
  readonly codes: Uint8Array;
  /** Number of value bins of each column; 0 where every value is missing. */
  readonly counts: Int32Array;
  /** Smallest and largest training value of each bin, one array a column. */
  readonly smallest: readonly Float64Array[];
  readonly largest: readonly Float64Array[];
}

/**
 * Bins each column by quantiles of its distinct values: at most `maxBins` of them are kept exactly, more are
 * cut into `maxBins` runs of equal numbers of distinct values.
 *
 * @param order rows of `x` in the order in which they shall stand in `codes`
 * @param maxBins 2 to 255
 */
export function binColumns(x: Matrix, order: Int32Array, maxBins: number): Bins {
  const codes = new Uint8Array(order.length * x.columns);
  const counts = new Int32Array(x.columns);
  const smallest: Float64Array[] = [];
  const largest: Float64Array[] = [];
  for (let j = 0; j < x.columns; j++) {
    const values = x.column(j);
    const distinct = distinctValues(values);
    const bins = Math.min(distinct.length, maxBins);
    const start = (bin: number): number => Math.ceil((bin * distinct.length) / bins);
    smallest.push(Float64Array.from({ length: bins }, (_, bin) => distinct[start(bin)]));
    largest.push(Float64Array.from({ length: bins }, (_, bin) => distinct[start(bin + 1) - 1]));
    counts[j] = bins;
    encode(values, order, largest[j], codes.subarray(j * order.length, (j + 1) * order.length));
  }
  return { rows: order.length, columns: x.columns, codes, counts, smallest, largest };
}

/** Distinct values in ascending order, without NaN. */
function distinctValues(values: Float64Array): Float64Array {
  const few = fewDistinctValues(values, 16);
  if (few) return few;
  const sorted = values.slice().sort();
  let count = 0;
  for (const value of sorted) {
    if (Number.isNaN(value)) break;
    if (count === 0 || value !== sorted[count - 1]) sorted[count++] = value;
  }
  return sorted.slice(0, count);
}

/** The same for columns of at most `most` values, which categories and flags are, without sorting all rows. */
function fewDistinctValues(values: Float64Array, most: number): Float64Array | null {
  const seen: number[] = [];
  for (const value of values) {
    if (Number.isNaN(value) || seen.includes(value)) continue;
    if (seen.length === most) return null;
    seen.push(value);
  }
  return Float64Array.from(seen).sort();
}

/** Writes the bin of each value: the first whose largest value is not below it. */
function encode(values: Float64Array, order: Int32Array, largest: Float64Array, codes: Uint8Array): void {
  for (let i = 0; i < order.length; i++) {
    const value = values[order[i]];
    if (Number.isNaN(value)) {
      codes[i] = missingCode;
      continue;
    }
    let low = 0;
    for (let length = largest.length; length > 1;) {
      const half = length >> 1;
      // A product and not a branch, which would be mispredicted every other time.
      low += +(largest[low + half - 1] < value) * half;
      length -= half;
    }
    codes[i] = low;
  }
}

/** The number halfway between bin `code` of a column and the next one; above the last bin, the largest there is. */
export function cutAfter({ smallest, largest, counts }: Bins, column: number, code: number): number {
  if (code === counts[column] - 1) return Number.MAX_VALUE;
  return Math.max(-Number.MAX_VALUE, halfway(largest[column][code], smallest[column][code + 1]));
}

/** The middle of [a, b), or `a` where floating point has nothing between. */
export function halfway(a: number, b: number): number {
  const middle = a / 2 + b / 2;
  return middle >= a && middle < b ? middle : a;
}
