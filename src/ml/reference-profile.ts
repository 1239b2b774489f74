import type { Matrix } from './matrix.js';

/*
 * What is kept of a data set for drift comparisons: a few hundred numbers a column instead of its rows. The profile of
 * the training rows travels in the model bundle; later rows are counted in the same bins.
 */

export interface ColumnSpec {
  readonly name: string;
  /** Categorical when the column has at most 5 distinct values, else numeric, by default. */
  readonly kind?: 'categorical' | 'numeric';
  /** Values of a categorical column, each its own bin; those that occur by default. */
  readonly values?: readonly number[];
  /** False for codes of names, whose mean says nothing. True by default. */
  readonly ordered?: boolean;
}

interface ColumnSummary {
  readonly name: string;
  readonly rows: number;
  /** Rows without a value. */
  readonly missing: number;
  /** Of the values present; `null` when there are none or they are codes of names. `std` is the population's. */
  readonly mean: number | null;
  readonly std: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

export interface CategoricalProfile extends ColumnSummary {
  readonly kind: 'categorical';
  readonly ordered: boolean;
  readonly values: readonly number[];
  /** One count a value, then the count of all other values. */
  readonly counts: readonly number[];
}

export interface NumericProfile extends ColumnSummary {
  readonly kind: 'numeric';
  /** Percentiles 1 to 100 of the reference, rising, equal ones once. */
  readonly edges: readonly number[];
  /** Values in (previous edge, edge], the first bin open below; then the count above the last edge. */
  readonly counts: readonly number[];
}

export type ColumnProfile = CategoricalProfile | NumericProfile;

export interface ReferenceProfile {
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
  /** Benign (0) and threat (1) labels; `null` when the rows had none. */
  readonly label: ColumnProfile | null;
}

/** Up to this many distinct values an undeclared column is categorical, as in Evidently. */
const maxUndeclaredCategories = 5;
const label: ColumnSpec = { name: 'label', kind: 'categorical', values: [0, 1] };

/** Profile of a table with one spec a column. `y` are its labels, if it has any. @throws RangeError on other shapes. */
export function profileMatrix(specs: readonly ColumnSpec[], x: Matrix, y?: Uint8Array): ReferenceProfile {
  if (specs.length !== x.columns)
    throw new RangeError(`${specs.length} columns declared, ${x.columns} given`);
  return {
    rows: x.rows,
    columns: specs.map((spec, j) => profileColumn(spec, x.column(j))),
    label: y ? profileColumn(label, y) : null,
  };
}

/** Profile of other rows in the bins of `reference`. @throws RangeError on another number of columns. */
export function profileMatrixLike(reference: ReferenceProfile, x: Matrix, y?: Uint8Array): ReferenceProfile {
  if (reference.columns.length !== x.columns) {
    throw new RangeError(`${reference.columns.length} columns in the reference, ${x.columns} given`);
  }
  return {
    rows: x.rows,
    columns: reference.columns.map((column, j) => profileLike(column, x.column(j))),
    label: y ? profileColumn(label, y) : null,
  };
}

/** Profile of one column; NaN is missing. */
export function profileColumn(spec: ColumnSpec, values: ArrayLike<number>): ColumnProfile {
  const present = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const distinct = present.filter((value, i) => i === 0 || value !== present[i - 1]);
  const { name, ordered = true } = spec;
  const kind =
    spec.kind ?? (spec.values || distinct.length <= maxUndeclaredCategories ? 'categorical' : 'numeric');
  if (kind === 'numeric') {
    return numericProfile(name, percentileEdges(present), values);
  }
  return categoricalProfile(name, ordered, spec.values ?? Array.from(distinct), values);
}

/** Profile of other rows of the same column, in the bins of `reference`. */
export function profileLike(reference: ColumnProfile, values: ArrayLike<number>): ColumnProfile {
  return reference.kind === 'numeric'
    ? numericProfile(reference.name, reference.edges, values)
    : categoricalProfile(reference.name, reference.ordered, reference.values, values);
}

function numericProfile(name: string, edges: readonly number[], values: ArrayLike<number>): NumericProfile {
  const counts = countInto(edges.length + 1, values, (value) => firstAtLeast(edges, value));
  return { kind: 'numeric', ...summary(name, values, true), edges, counts };
}

function categoricalProfile(
  name: string,
  ordered: boolean,
  categories: readonly number[],
  values: ArrayLike<number>,
): CategoricalProfile {
  const bins = new Map(categories.map((value, bin) => [value, bin]));
  const counts = countInto(categories.length + 1, values, (value) => bins.get(value) ?? categories.length);
  return { kind: 'categorical', ...summary(name, values, ordered), ordered, values: categories, counts };
}

function countInto(bins: number, values: ArrayLike<number>, binOf: (value: number) => number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) counts[binOf(values[i])]++;
  return counts;
}

function summary(name: string, values: ArrayLike<number>, ordered: boolean): ColumnSummary {
  let [present, sum, min, max] = [0, 0, Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isNaN(value)) continue;
    present++;
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const counted = { name, rows: values.length, missing: values.length - present };
  if (present === 0 || !ordered) return { ...counted, mean: null, std: null, min: null, max: null };
  const mean = sum / present;
  let squares = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) squares += (values[i] - mean) ** 2;
  return { ...counted, mean, std: Math.sqrt(squares / present), min, max };
}

/** Percentiles 1 to 100 as values that occur (the inverse of the empirical distribution), equal ones once. */
function percentileEdges(sorted: Float64Array): number[] {
  if (sorted.length === 0) return [];
  const percentiles = Array.from(
    { length: 100 },
    (_, k) => sorted[Math.ceil(((k + 1) * sorted.length) / 100) - 1],
  );
  return percentiles.filter((value, k) => k === 0 || value !== percentiles[k - 1]);
}

/** Index of the first edge that is not below `value`; `edges.length` when all are. */
function firstAtLeast(edges: readonly number[], value: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
