import type { Objective, Point } from './objective.js';
import { addCurved, addSquares, dot } from './products.js';

/** As in scikit-learn's `newton-cg`: what is found by then descends as well, and the fit can be stopped. */
const maxIterations = 200;

/**
 * Solves `H step = -gradient` for the second derivatives `H` at `point` by conjugate gradients preconditioned with the
 * diagonal of `H`, as far as a Newton step needs it: the closer the optimum the further, so that convergence is
 * superlinear (Nocedal and Wright, Numerical Optimization, 7.1). `H` is never formed: an iteration is one walk over
 * the data, and memory is a few vectors of coefficients.
 */
export function truncatedNewtonStep(problem: Objective, point: Point, gradient: Float64Array): Float64Array {
  const curvature = problem.curvature(point);
  const scale = diagonal(problem, curvature);
  const step = new Float64Array(gradient.length);
  const residual = gradient.map((slope) => -slope);
  const direction = residual.map((value, j) => value / scale[j]);
  let energy = dot(residual, direction);
  const enough = energy * Math.min(0.1, Math.sqrt(energy));
  for (let iteration = 0; iteration < maxIterations && energy > enough; iteration++) {
    const product = secondDerivative(problem, curvature, direction);
    const bend = dot(direction, product);
    if (!(bend > 0)) break;
    const share = energy / bend;
    for (let j = 0; j < step.length; j++) {
      step[j] += share * direction[j];
      residual[j] -= share * product[j];
    }
    const before = energy;
    energy = 0;
    for (let j = 0; j < step.length; j++) energy += (residual[j] * residual[j]) / scale[j];
    const turn = energy / before;
    for (let j = 0; j < step.length; j++) direction[j] = residual[j] / scale[j] + turn * direction[j];
  }
  return step;
}

/** `H v` at the rows' `curvature`. */
function secondDerivative(
  { x, penalty, size }: Objective,
  curvature: Float64Array,
  v: Float64Array,
): Float64Array {
  const product = new Float64Array(size);
  for (let j = 0; j < x.columns; j++) product[j] = penalty * v[j];
  const sum = addCurved(x, curvature, v, size > x.columns ? v[x.columns] : 0, product);
  if (size > x.columns) product[x.columns] = sum;
  return product;
}

/** The diagonal of `H`, kept above 0 where every row is certain. */
function diagonal({ x, penalty, size }: Objective, curvature: Float64Array): Float64Array {
  const diagonal = new Float64Array(size).fill(penalty);
  if (size > x.columns) diagonal[x.columns] = curvature.reduce((sum, c) => sum + c, Number.MIN_VALUE);
  addSquares(x, curvature, diagonal);
  return diagonal;
}
