import { type CsrMatrix, presentColumns, type SparseRow, withColumns } from './csr-matrix.js';
import {
  checkColumns,
  checkComplete,
  checkTrainingSet,
  largestStored,
  type Contributions,
  type FitContext,
  type Learner,
  type LearnerOptions,
  type Model,
  type ModelState,
  ModelStateError,
  rowWeights,
  stateArray,
  stateCount,
  stateNumbers,
} from './learner.js';
import { choleskyNewtonStep } from './linear/cholesky.js';
import { truncatedNewtonStep } from './linear/conjugate-gradients.js';
import { minimise } from './linear/newton.js';
import { Objective } from './linear/objective.js';
import { dot, scoresOf } from './linear/products.js';
import { sigmoid } from './linear/sigmoid.js';
import { Matrix } from './matrix.js';
import { between, integer, oneOf, option, type OptionsOf, readOptions } from './options.js';

const table = {
  C: option(1, between(0)),
  maxIter: option(100, integer(1, 100_000)),
  tol: option(1e-4, between(0)),
  fitIntercept: option<boolean>(true, oneOf(true, false)),
  classWeight: option<'balanced' | null>(null, oneOf('balanced', null)),
};

/** Beyond it a dense table is solved without a matrix of columns x columns, too: 8 MB here, factored at each step. */
const choleskyColumns = 1000;

/**
 * L2-penalised logistic regression with scikit-learn's objective, `0.5 w'w + C * sum of weighted log losses`,
 * the intercept unpenalised and the columns taken as they are.
 *
 * Solved by Newton's method: the steps by Cholesky's method for dense tables of up to 1,000 columns, else (hashed
 * n-grams) by conjugate gradients in memory of a few values a row and column. It stops when no component of the
 * gradient of the objective divided by `C * sum of weights` is above `tol`, as scikit-learn's `newton-cholesky`,
 * `newton-cg` and `lbfgs` do, or after `maxIter` steps.
 */
export class LogisticRegression implements Learner {
  readonly name = 'logistic-regression';
  readonly options: OptionsOf<typeof table>;

  /** @throws RangeError on an unknown option or a bad value */
  constructor(options: LearnerOptions = {}) {
    this.options = readOptions(this.name, table, options);
  }

  /** Also @throws RangeError on a missing value, naming its column. */
  fit(x: Matrix | CsrMatrix, y: Uint8Array, context: FitContext): LogisticRegressionModel {
    const dense = x instanceof Matrix;
    checkTrainingSet(x, y, context);
    if (dense) checkComplete(x);
    const { C, fitIntercept, classWeight } = this.options;
    // A column without a non-zero has the coefficient 0: most of the buckets that n-grams of few texts are hashed to.
    const present = dense ? null : presentColumns(x);
    const compact = present ? withColumns(x as CsrMatrix, present) : x;
    const problem = new Objective(compact, y, rowWeights(y, context, classWeight), C, fitIntercept);
    const stepAt = dense && x.columns <= choleskyColumns ? choleskyNewtonStep(x) : truncatedNewtonStep;
    const found = minimise(problem, stepAt, this.options, context.onProgress);
    const intercept = problem.interceptOf(found);
    if (dense) return new LogisticRegressionModel(found.slice(0, x.columns), intercept, columnMeans(x));
    const coefficients = new Float64Array(x.columns);
    present!.forEach((column, place) => (coefficients[column] = Math.fround(found[place])));
    return new LogisticRegressionModel(coefficients, intercept);
  }
}

/**
 * A fitted regression. Contributions are log-odds: what each column adds against its training mean or, fitted on
 * sparse rows, against its absence.
 *
 * One fitted on sparse rows has no means, and its coefficients are rounded to single precision (by less than 1e-7 of
 * each), so that its state is two short arrays of the columns that count.
 */
export class LogisticRegressionModel implements Model {
  readonly learner = 'logistic-regression';
  readonly columns: number;

  constructor(
    readonly coefficients: Float64Array,
    readonly intercept: number,
    private readonly means: Float64Array | null = null,
  ) {
    this.columns = coefficients.length;
  }

  /** @throws ModelStateError */
  static fromState(state: ModelState): LogisticRegressionModel {
    const columns = stateCount(state, 'columns');
    const { intercept } = state.meta;
    if (typeof intercept !== 'number' || !(Math.abs(intercept) <= largestStored)) {
      throw new ModelStateError(`${state.learner}: intercept is not a number of a usable size`);
    }
    if (Object.hasOwn(state.arrays, 'indices')) {
      return new LogisticRegressionModel(unpack(state, columns), intercept);
    }
    const coefficients = stateNumbers(state, 'coefficients', columns);
    return new LogisticRegressionModel(coefficients, intercept, stateNumbers(state, 'means', columns));
  }

  /** Also @throws RangeError on a missing value, naming its column. */
  predict(x: Matrix | CsrMatrix): Float64Array {
    checkColumns(x, this.columns);
    if (x instanceof Matrix) checkComplete(x);
    const scores = scoresOf(x, this.coefficients, this.intercept);
    for (let i = 0; i < scores.length; i++) scores[i] = sigmoid(scores[i]);
    return scores;
  }

  explain(row: Float64Array): Contributions {
    checkColumns({ columns: row.length }, this.columns);
    checkComplete(new Matrix(1, row.length, row));
    const { coefficients, intercept, means } = this;
    if (!means)
      return { base: intercept, values: coefficients.map((coefficient, j) => coefficient * row[j]) };
    return {
      base: intercept + dot(coefficients, means),
      values: coefficients.map((coefficient, j) => coefficient * (row[j] - means[j])),
    };
  }

  /**
   * What each non-zero of a row adds in log-odds against its absence, in the order of `columns`, in time that does
   * not depend on the model's columns; `base` is the log-odds of a row of zeros.
   * @throws RangeError on a column that the model does not have
   */
  explainSparse({ columns, values }: SparseRow): Contributions {
    return {
      base: this.intercept,
      values: values.map((value, at) => {
        if (!(columns[at] >= 0 && columns[at] < this.columns)) {
          throw new RangeError(`explain: column ${columns[at]}, fitted on ${this.columns}`);
        }
        return value * this.coefficients[columns[at]];
      }),
    };
  }

  toState(): ModelState {
    const { columns, intercept, coefficients, means } = this;
    const arrays = means ? { coefficients, means } : pack(coefficients);
    return { learner: this.learner, meta: { columns, intercept }, arrays };
  }
}

/** Coefficients of single precision without those that are 0, as those of columns which no row has. */
function pack(coefficients: Float64Array): { indices: Int32Array; values: Float32Array } {
  const indices = Int32Array.from(coefficients.keys()).filter((j) => coefficients[j] !== 0);
  return { indices, values: Float32Array.from(indices, (j) => coefficients[j]) };
}

/** Columns a stored model may claim without storing them: 1 GB of coefficients would not be refused before it is had. */
const mostColumns = 2 ** 24;

function unpack(state: ModelState, columns: number): Float64Array {
  const refuse = (why: string): never => {
    throw new ModelStateError(`${state.learner}: ${why}`);
  };
  if (columns > mostColumns) refuse(`${columns} columns, at most ${mostColumns}`);
  const indices = stateArray(state, 'indices', Int32Array);
  const values = stateArray(state, 'values', Float32Array, indices.length);
  const coefficients = new Float64Array(columns);
  indices.forEach((column, at) => {
    if (!(column > (at === 0 ? -1 : indices[at - 1]) && column < columns)) refuse(`indices has ${column}`);
    if (!Number.isFinite(values[at]) || values[at] === 0) refuse(`values has ${values[at]}`);
    coefficients[column] = values[at];
  });
  return coefficients;
}

function columnMeans(x: Matrix): Float64Array {
  return Float64Array.from({ length: x.columns }, (_, j) => {
    return x.column(j).reduce((sum, value) => sum + value / x.rows, 0);
  });
}
