import {
  checkColumns,
  checkComplete,
  checkTrainingSet,
  type Contributions,
  type FitContext,
  type Learner,
  type LearnerOptions,
  type Model,
  type ModelState,
  ModelStateError,
  rowWeights,
  stateCount,
  stateNumbers,
} from './learner.js';
import { Matrix } from './matrix.js';
import { between, integer, oneOf, option, type OptionsOf, readOptions } from './options.js';

const table = {
  C: option(1, between(0)),
  maxIter: option(100, integer(1, 100_000)),
  tol: option(1e-4, between(0)),
  fitIntercept: option<boolean>(true, oneOf(true, false)),
  classWeight: option<'balanced' | null>(null, oneOf('balanced', null)),
};

/** The Newton matrix is columns x columns and is factored at each step. */
const maxColumns = 2000;

/**
 * L2-penalised logistic regression with scikit-learn's objective, `0.5 w'w + C * sum of weighted log losses`,
 * the intercept unpenalised and the columns taken as they are.
 *
 * Solved by Newton's method with step halving, which does not mind columns of unlike scales; it stops as
 * scikit-learn's `newton-cholesky` does, when no component of the gradient of the objective divided by
 * `C * sum of weights` is above `tol`, or after `maxIter` steps.
 */
export class LogisticRegression implements Learner {
  readonly name = 'logistic-regression';
  readonly options: OptionsOf<typeof table>;

  /** @throws RangeError on an unknown option or a bad value */
  constructor(options: LearnerOptions = {}) {
    this.options = readOptions(this.name, table, options);
  }

  /** Also @throws RangeError on a missing value, naming its column, and on more than 2,000 columns. */
  fit(x: Matrix, y: Uint8Array, context: FitContext): LogisticRegressionModel {
    checkTrainingSet(x, y, context);
    checkComplete(x);
    if (x.columns > maxColumns)
      throw new RangeError(`${this.name}: ${x.columns} columns, at most ${maxColumns}`);
    const { C, tol, maxIter, fitIntercept, classWeight } = this.options;
    const problem = new Objective(x, y, rowWeights(y, context, classWeight), C, fitIntercept);
    let point = problem.at(new Float64Array(problem.size));
    for (let step = 1; step <= maxIter; step++) {
      const gradient = problem.gradient(point);
      if (gradient.every((slope) => Math.abs(slope) <= tol)) break;
      const next = descend(problem, point, gradient, solve(problem.hessian(point), gradient));
      if (next === null) break;
      point = next;
      context.onProgress?.(step, maxIter);
    }
    const { coefficients } = point;
    const intercept = fitIntercept ? coefficients[x.columns] : 0;
    return new LogisticRegressionModel(coefficients.slice(0, x.columns), intercept, columnMeans(x));
  }
}

/** A fitted regression. Contributions are log-odds: what each column adds against its training mean. */
export class LogisticRegressionModel implements Model {
  readonly learner = 'logistic-regression';
  readonly columns: number;

  constructor(
    readonly coefficients: Float64Array,
    readonly intercept: number,
    private readonly means: Float64Array,
  ) {
    this.columns = coefficients.length;
  }

  /** @throws ModelStateError */
  static fromState(state: ModelState): LogisticRegressionModel {
    const columns = stateCount(state, 'columns');
    const { intercept } = state.meta;
    if (!Number.isFinite(intercept)) throw new ModelStateError(`${state.learner}: intercept is not a number`);
    const coefficients = stateNumbers(state, 'coefficients', columns);
    return new LogisticRegressionModel(
      coefficients,
      intercept as number,
      stateNumbers(state, 'means', columns),
    );
  }

  /** Also @throws RangeError on a missing value, naming its column. */
  predict(x: Matrix): Float64Array {
    checkColumns(x, this.columns);
    checkComplete(x);
    return logOdds(x, this.coefficients, this.intercept).map(sigmoid);
  }

  explain(row: Float64Array): Contributions {
    checkColumns({ columns: row.length }, this.columns);
    checkComplete(new Matrix(1, row.length, row));
    const base = this.means.reduce((sum, mean, j) => sum + this.coefficients[j] * mean, this.intercept);
    return {
      base,
      values: this.coefficients.map((coefficient, j) => coefficient * (row[j] - this.means[j])),
    };
  }

  toState(): ModelState {
    const { columns, intercept, coefficients, means } = this;
    return { learner: this.learner, meta: { columns, intercept }, arrays: { coefficients, means } };
  }
}

/** Coefficients (the intercept last, if there is one), what they predict, and the objective there. */
interface Point {
  readonly coefficients: Float64Array;
  readonly probability: Float64Array;
  readonly value: number;
}

/** The objective divided by `C * sum of weights`, with its derivatives. */
class Objective {
  readonly size: number;
  private readonly penalty: number;
  private readonly weight: Float64Array;

  constructor(
    private readonly x: Matrix,
    private readonly y: Uint8Array,
    weight: Float64Array,
    C: number,
    fitIntercept: boolean,
  ) {
    const total = weight.reduce((sum, w) => sum + w, 0);
    this.size = x.columns + (fitIntercept ? 1 : 0);
    this.penalty = 1 / (C * total);
    this.weight = weight.map((w) => w / total);
  }

  at(coefficients: Float64Array): Point {
    const { x, y, weight } = this;
    const intercept = this.size > x.columns ? coefficients[x.columns] : 0;
    const scores = logOdds(x, coefficients, intercept);
    let value = 0;
    for (let j = 0; j < x.columns; j++) value += 0.5 * this.penalty * coefficients[j] ** 2;
    for (let i = 0; i < x.rows; i++) {
      const score = scores[i];
      const loss = Math.max(score, 0) - y[i] * score + Math.log1p(Math.exp(-Math.abs(score)));
      value += weight[i] * loss;
    }
    return { coefficients, probability: scores.map(sigmoid), value };
  }

  gradient({ coefficients, probability }: Point): Float64Array {
    const { x, y } = this;
    const residual = probability.map((p, i) => this.weight[i] * (p - y[i]));
    return coefficients.map((coefficient, j) =>
      j === x.columns
        ? residual.reduce((sum, r) => sum + r, 0)
        : dot(x.column(j), residual) + this.penalty * coefficient,
    );
  }

  /** Rows of the lower triangle. */
  hessian({ probability }: Point): Float64Array[] {
    const { x, penalty } = this;
    const curvature = probability.map((p, i) => this.weight[i] * p * (1 - p));
    const column = (j: number): Float64Array =>
      j < x.columns ? x.column(j) : new Float64Array(x.rows).fill(1);
    return Array.from({ length: this.size }, (_, j) => {
      const scaled = column(j).map((value, i) => value * curvature[i]);
      const row = Float64Array.from({ length: j + 1 }, (_, k) => dot(scaled, column(k)));
      if (j < x.columns) row[j] += penalty;
      return row;
    });
  }
}

/** Halves the Newton step until the objective falls (Armijo); null where rounding leaves nothing to gain. */
function descend(problem: Objective, from: Point, gradient: Float64Array, step: Float64Array): Point | null {
  const slope = dot(gradient, step);
  for (let share = 1; share > 1e-10; share /= 2) {
    const next = problem.at(from.coefficients.map((coefficient, j) => coefficient - share * step[j]));
    if (next.value <= from.value - 1e-4 * share * slope && next.value < from.value) return next;
  }
  return null;
}

/**
 * Solves `a z = b` by Cholesky's method, `a` given as rows of its lower triangle. Where `a` is singular to
 * working precision (the fit is saturated or columns repeat), its diagonal is raised until it is not.
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
      for (let m = 0; m < k; m++) row[k] -= row[m] * factor[k][m];
      row[k] /= factor[k][k];
    }
    let left = diagonal;
    for (let k = 0; k < j; k++) left -= row[k] ** 2;
    // Less than rounding leaves of the diagonal is zero.
    if (!(left > 1e-14 * diagonal)) return null;
    row[j] = Math.sqrt(left);
  }
  return factor;
}

function logOdds(x: Matrix, coefficients: Float64Array, intercept: number): Float64Array {
  const scores = new Float64Array(x.rows).fill(intercept);
  for (let j = 0; j < x.columns; j++) {
    const column = x.column(j);
    const coefficient = coefficients[j];
    for (let i = 0; i < scores.length; i++) scores[i] += coefficient * column[i];
  }
  return scores;
}

function columnMeans(x: Matrix): Float64Array {
  return Float64Array.from({ length: x.columns }, (_, j) => {
    return x.column(j).reduce((sum, value) => sum + value / x.rows, 0);
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

export function sigmoid(score: number): number {
  return 1 / (1 + Math.exp(-score));
}
