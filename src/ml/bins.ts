import type { Matrix } from './matrix.js';
import { ValueTable } from './value-table.js';

/** Code of a missing value; values take the codes below it. */
export const missingCode = 255;
/** Most value bins a feature can have beside the missing code. */
export const maxValueBins = 255;

/** A matrix with every value replaced by the number of its bin, bins in ascending order of the values. */
export interface Bins {
  readonly rows: number;
  readonly columns: number;
  /** Codes, column after column, in a buffer that threads share. */
  readonly codes: Uint8Array;
  /** Number of value bins of each column; 0 where every value is missing. */
  readonly counts: Int32Array;
  /** Smallest and largest training value of each bin, one array a column. */
  readonly smallest: readonly Float64Array[];
  readonly largest: readonly Float64Array[];
  /** Of each categorical column the category that each bin stands for, undefined where values are numbers. */
  readonly categories: readonly (Uint8Array | undefined)[];
}

/**
 * Bins each column by quantiles of its distinct values: at most `maxBins` of them are kept exactly, more are
 * cut into `maxBins` runs of equal numbers of distinct values. A categorical column has a bin a category,
 * whatever `maxBins` is.
 *
 * @param order rows of `x` in the order in which they shall stand in `codes`
 * @param maxBins 2 to 255
 * @param categorical columns of category codes: whole numbers from 0 to 254, or NaN
 * @throws RangeError when `categorical` names no column, or naming the first value that is no category code
 */
export function binColumns(
  x: Matrix,
  order: Int32Array,
  maxBins: number,
  categorical: readonly number[] = [],
): Bins {
  const stray = categorical.find(
    (column) => !(Number.isInteger(column) && column >= 0 && column < x.columns),
  );
  if (stray !== undefined) throw new RangeError(`categorical column ${stray} of ${x.columns}`);
  const codes = new Uint8Array(new SharedArrayBuffer(order.length * x.columns));
  const counts = new Int32Array(x.columns);
  const smallest: Float64Array[] = [];
  const largest: Float64Array[] = [];
  const categories: (Uint8Array | undefined)[] = [];
  const table = new ValueTable(x.rows);
  for (let j = 0; j < x.columns; j++) {
    const values = x.column(j);
    const isCategorical = categorical.includes(j);
    if (isCategorical) checkCategories(values, j);
    const few = table.read(values);
    const distinct = few ?? sortDistinct(values);
    const bins = isCategorical ? distinct.length : Math.min(distinct.length, maxBins);
    const start = (bin: number): number => Math.ceil((bin * distinct.length) / bins);
    smallest.push(Float64Array.from({ length: bins }, (_, bin) => distinct[start(bin)]));
    largest.push(Float64Array.from({ length: bins }, (_, bin) => distinct[start(bin + 1) - 1]));
    categories.push(isCategorical ? Uint8Array.from(distinct) : undefined);
    counts[j] = bins;
    const out = codes.subarray(j * order.length, (j + 1) * order.length);
    if (few) table.encode(order, (value) => firstNotBelow(value, largest[j]), missingCode, out);
    else encode(values, order, largest[j], out);
  }
  return { rows: order.length, columns: x.columns, codes, counts, smallest, largest, categories };
}

function checkCategories(values: Float64Array, column: number): void {
  const row = values.findIndex(
    (value) => !(value >>> 0 === value && value < missingCode) && !Number.isNaN(value),
  );
  if (row < 0) return;
  throw new RangeError(
    `column ${column} has the value ${values[row]} in row ${row}, no category code from 0 to ${missingCode - 1}`,
  );
}

/** Distinct values in ascending order, without NaN. */
function sortDistinct(values: Float64Array): Float64Array {
  const sorted = values.slice().sort();
  let count = 0;
  for (const value of sorted) {
    if (Number.isNaN(value)) break;
    if (count === 0 || value !== sorted[count - 1]) sorted[count++] = value;
  }
  return sorted.slice(0, count);
}

/** Writes the bin of each value: the first whose largest value is not below it. */
function encode(values: Float64Array, order: Int32Array, largest: Float64Array, codes: Uint8Array): void {
  for (let i = 0; i < order.length; i++) {
    const value = values[order[i]];
    codes[i] = Number.isNaN(value) ? missingCode : firstNotBelow(value, largest);
  }
}

/** Index of the first of ascending numbers that is not below `value`; the last one's if all are. */
function firstNotBelow(value: number, ascending: Float64Array): number {
  let low = 0;
  for (let length = ascending.length; length > 1;) {
    const half = length >> 1;
    // A product and not a branch, which would be mispredicted every other time.
    low += +(ascending[low + half - 1] < value) * half;
    length -= half;
  }
  return low;
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
