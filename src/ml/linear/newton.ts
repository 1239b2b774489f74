import type { Objective, Point } from './objective.js';
import { dot } from './products.js';

/** The Newton step at a point, solved for in whole or in part. */
export type NewtonStep = (problem: Objective, point: Point, gradient: Float64Array) => Float64Array;

/**
 * Newton's method with step halving. Stops as scikit-learn's `newton-cholesky` does, when no component of the
 * gradient is above `tol`, or after `maxIter` steps, or where rounding leaves nothing to gain.
 *
 * @param onStep called after each step; throwing from it stops the search
 * @returns the coefficients, the intercept last if there is one
 */
export function minimise(
  problem: Objective,
  stepAt: NewtonStep,
  { tol, maxIter }: { tol: number; maxIter: number },
  onStep?: (done: number, total: number) => void,
): Float64Array {
  let point = problem.origin();
  for (let step = 1; step <= maxIter; step++) {
    const gradient = problem.gradient(point);
    if (gradient.every((slope) => Math.abs(slope) <= tol)) break;
    const next = descend(problem, point, gradient, stepAt(problem, point, gradient));
    if (next === null) break;
    point = next;
    onStep?.(step, maxIter);
  }
  return point.coefficients;
}

/** Halves the step until the objective falls (Armijo); null where it does not. Each trial costs no pass over the data. */
function descend(problem: Objective, from: Point, gradient: Float64Array, step: Float64Array): Point | null {
  const slope = dot(gradient, step);
  const along = problem.scores(step);
  for (let share = 1; share > 1e-10; share /= 2) {
    const next = problem.after(from, step, along, share);
    if (next.value <= from.value + 1e-4 * share * slope && next.value < from.value) return next;
  }
  return null;
}
