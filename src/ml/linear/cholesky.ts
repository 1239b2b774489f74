import type { Matrix } from '../matrix.js';
import type { Objective, Point } from './objective.js';

/** Rows walked at a time, so that those of some hundred columns stay in the cache while every pair of columns meets. */
const blockRows = 256;

/**
 * The whole Newton step by Cholesky's method, which does not mind columns of unlike scales. Memory is a matrix of
 * columns x columns, time its third power and, for each row, its square.
 */
export function choleskyNewtonStep(x: Matrix) {
  return (problem: Objective, point: Point, gradient: Float64Array): Float64Array =>
    solve(
      hessian(x, problem, problem.curvature(point)),
      gradient.map((slope) => -slope),
    );
}

/** Second derivatives, rows of the lower triangle, the intercept last. */
function hessian(x: Matrix, { penalty, size }: Objective, curvature: Float64Array): Float64Array[] {
  const triangle = Array.from({ length: size }, (_, j) => new Float64Array(j + 1));
  const scaled = new Float64Array(blockRows);
  for (let from = 0; from < x.rows; from += blockRows) {
    const to = Math.min(from + blockRows, x.rows);
    for (let j = 0; j < size; j++) {
      for (let i = from; i < to; i++)
        scaled[i - from] = curvature[i] * (j < x.columns ? x.data[j * x.rows + i] : 1);
      addProducts(x, from, to, scaled, triangle[j]);
    }
  }
  for (let j = 0; j < x.columns; j++) triangle[j][j] += penalty;
  return triangle;
}

/** Adds the products of `scaled` with each column up to its own, the intercept's being all 1. */
function addProducts(
  { data, rows, columns }: Matrix,
  from: number,
  to: number,
  scaled: Float64Array,
  row: Float64Array,
): void {
  for (let k = 0; k < row.length; k++) {
    const at = k * rows + from;
    let sum = 0;
    if (k < columns) for (let i = 0; i < to - from; i++) sum += scaled[i] * data[at + i];
    else for (let i = 0; i < to - from; i++) sum += scaled[i];
    row[k] += sum;
  }
}

/**
 * Solves `a z = b`, `a` given as rows of its lower triangle. Where `a` is singular to working precision (the fit is
 * saturated or columns repeat), its diagonal is raised until it is not.
 */
function solve(a: readonly Float64Array[], b: Float64Array): Float64Array {
  const largest = a.reduce((max, row, j) => Math.max(max, row[j]), Number.MIN_VALUE);
  let factor = cholesky(a, 0);
  for (let ridge = 1e-14; factor === null; ridge *= 10) factor = cholesky(a, ridge * largest);
  const z = b.slice();
  for (let j = 0; j < z.length; j++) {
    for (let k = 0; k < j; k++) z[j] -= factor[j][k] * z[k];
    z[j] /= factor[j][j];
  }
  for (let j = z.length - 1; j >= 0; j--) {
    z[j] /= factor[j][j];
    for (let k = 0; k < j; k++) z[k] -= factor[j][k] * z[j];
  }
  return z;
}

function cholesky(a: readonly Float64Array[], ridge: number): Float64Array[] | null {
  const factor = a.map((row) => row.slice());
  for (let j = 0; j < factor.length; j++) {
    const row = factor[j];
    const diagonal = row[j] + ridge;
    for (let k = 0; k < j; k++) {
      const above = factor[k];
      let value = row[k];
      for (let m = 0; m < k; m++) value -= row[m] * above[m];
      row[k] = value / above[k];
    }
    let left = diagonal;
    for (let k = 0; k < j; k++) left -= row[k] ** 2;
    // Less than rounding leaves of the diagonal is zero.
    if (!(left > 1e-14 * diagonal)) return null;
    row[j] = Math.sqrt(left);
  }
  return factor;
}
