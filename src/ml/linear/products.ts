import { CsrMatrix } from '../csr-matrix.js';
import type { Matrix } from '../matrix.js';

/** What linear models read of a table, dense or sparse: rows x columns without missing values. */
export type Table = Matrix | CsrMatrix;

/** `x v + intercept`, a value a row. `v` may be longer than a row. */
export function scoresOf(x: Table, v: Float64Array, intercept: number): Float64Array {
  const scores = new Float64Array(x.rows).fill(intercept);
  if (x instanceof CsrMatrix) {
    for (let i = 0; i < x.rows; i++) scores[i] += rowDot(x, x.indptr[i], x.indptr[i + 1], v);
    return scores;
  }
  for (let j = 0; j < x.columns; j++) {
    const column = x.column(j);
    const factor = v[j];
    for (let i = 0; i < scores.length; i++) scores[i] += factor * column[i];
  }
  return scores;
}

/** Adds `x' u` to the first `columns` values of `out`; `u` has a value a row. */
export function addTransposed(x: Table, u: Float64Array, out: Float64Array): void {
  if (x instanceof CsrMatrix) {
    for (let i = 0; i < x.rows; i++) addRow(x, x.indptr[i], x.indptr[i + 1], u[i], out);
    return;
  }
  for (let j = 0; j < x.columns; j++) out[j] += dot(x.column(j), u);
}

/** Adds `(x * x)' u`, the squares weighed by row, to the first `columns` values of `out`. */
export function addSquares(x: Table, u: Float64Array, out: Float64Array): void {
  if (x instanceof CsrMatrix) {
    const { indptr, indices, values } = x;
    for (let i = 0; i < x.rows; i++) {
      const weight = u[i];
      const to = indptr[i + 1];
      for (let at = indptr[i]; at < to; at++) out[indices[at]] += values[at] * values[at] * weight;
    }
    return;
  }
  for (let j = 0; j < x.columns; j++) {
    const column = x.column(j);
    for (let i = 0; i < column.length; i++) out[j] += column[i] * column[i] * u[i];
  }
}

/**
 * Adds `x' (u * (x v + intercept))`, a sparse row being read for both products at once, and returns the sum of
 * `u * (x v + intercept)`.
 */
export function addCurved(
  x: Table,
  u: Float64Array,
  v: Float64Array,
  intercept: number,
  out: Float64Array,
): number {
  if (x instanceof CsrMatrix) {
    let sum = 0;
    for (let i = 0; i < x.rows; i++) {
      const from = x.indptr[i];
      const to = x.indptr[i + 1];
      const product = u[i] * (intercept + rowDot(x, from, to, v));
      sum += product;
      addRow(x, from, to, product, out);
    }
    return sum;
  }
  const product = scoresOf(x, v, intercept).map((score, i) => score * u[i]);
  addTransposed(x, product, out);
  return product.reduce((sum, value) => sum + value, 0);
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** The non-zeros at `from` to `to` times `v`, four at a time: 1.6 times as fast as one by one. */
function rowDot({ indices, values }: CsrMatrix, from: number, to: number, v: Float64Array): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let at = from;
  for (; at < to - 3; at += 4) {
    a += values[at] * v[indices[at]];
    b += values[at + 1] * v[indices[at + 1]];
    c += values[at + 2] * v[indices[at + 2]];
    d += values[at + 3] * v[indices[at + 3]];
  }
  for (; at < to; at++) a += values[at] * v[indices[at]];
  return a + b + (c + d);
}

/** Adds `factor` times the non-zeros at `from` to `to` to `out`. */
function addRow(
  { indices, values }: CsrMatrix,
  from: number,
  to: number,
  factor: number,
  out: Float64Array,
): void {
  let at = from;
  for (; at < to - 3; at += 4) {
    out[indices[at]] += factor * values[at];
    out[indices[at + 1]] += factor * values[at + 1];
    out[indices[at + 2]] += factor * values[at + 2];
    out[indices[at + 3]] += factor * values[at + 3];
  }
  for (; at < to; at++) out[indices[at]] += factor * values[at];
}
