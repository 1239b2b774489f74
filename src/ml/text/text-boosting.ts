import { CsrMatrix, type SparseRow } from '../csr-matrix.js';
import { boostingOptions, GradientBoosting, GradientBoostingModel } from '../gradient-boosting.js';
import {
  checkColumns,
  checkStateParts,
  checkTrainingSet,
  type Contributions,
  type FitContext,
  largestStored,
  type Learner,
  type LearnerOptions,
  type Model,
  type ModelState,
  ModelStateError,
} from '../learner.js';
import { LogisticRegression, LogisticRegressionModel } from '../logistic-regression.js';
import { Matrix } from '../matrix.js';
import { between, integer, option, type OptionsOf, readOptions } from '../options.js';
import type { Team } from '../parallel/team.js';
import { deriveSeed } from '../random.js';
import { groupedFolds, groupsOf } from '../splits.js';
import { outOfFoldLogOdds } from './out-of-fold.js';

const name = 'text-boosting';

const table = {
  ...boostingOptions,
  C: option(5, between(0)),
  folds: option(3, integer(2, 20)),
  parts: option(1, integer(1, 16)),
};

/** Shallow and slow: what trees learn of one collection of texts should hold for the next. */
const treeDefaults = {
  learningRate: 0.08,
  maxIter: 200,
  maxLeafNodes: 15,
  minSamplesLeaf: 50,
  l2Regularization: 5,
  maxFeatures: 0.3,
  subsample: 0.7,
} as const satisfies LearnerOptions;

/**
 * For texts with features of their own: logistic regressions on the n-grams, the sparse table beside the matrix, and
 * boosted trees on the features and on each regression's log-odds as one column more. While it fits, a row's log-odds
 * come from regressions that saw no row of its group (stacking, Wolpert 1992), as those of new texts will.
 *
 * With `parts` the buckets are as many ranges of equal size, each with a regression of its own on rows of length 1: what
 * a host says is not thinned by a long path.
 *
 * Options: `C` of the regressions, `folds` of the stacking, `parts`, and all of gradient boosting's.
 */
export class TextBoosting implements Learner {
  readonly name = name;
  readonly options: OptionsOf<typeof table>;
  private readonly regression: LogisticRegression;
  private readonly boosting: GradientBoosting;

  /** @throws RangeError on an unknown option or a bad value */
  constructor(options: LearnerOptions = {}) {
    this.options = readOptions(name, table, { ...treeDefaults, ...options });
    const trees = Object.entries(this.options).filter(([option]) => Object.hasOwn(boostingOptions, option));
    this.regression = new LogisticRegression({ C: this.options.C });
    this.boosting = new GradientBoosting(Object.fromEntries(trees));
  }

  /** Also @throws RangeError when there are no n-grams, or fewer groups than folds. */
  fit(x: Matrix, y: Uint8Array, context: FitContext): TextBoostingModel {
    checkTrainingSet(x, y, context);
    const { folds, parts } = this.options;
    const { seed, groups = groupsOf(x), onProgress } = context;
    const steps = parts * (folds + 1) + 1;
    let done = 0;
    const step = (): void => onProgress?.(++done, steps);
    const stack = {
      y,
      weight: context.sampleWeight ?? new Float64Array(y.length).fill(1),
      folds: groupedFolds(y, groups, { folds, seed: deriveSeed(seed, 2) }),
      seed,
      onFold: step,
    };
    const columns: Float64Array[] = [];
    const regressions: LogisticRegressionModel[] = [];
    for (const part of partsOf(sparseOf(x), parts)) {
      columns.push(outOfFoldLogOdds(this.regression, { ...stack, x: part }));
      regressions.push(this.regression.fit(part, y, { seed, sampleWeight: stack.weight }));
      step();
    }
    const trees = this.boosting.fit(withColumns(x, columns), y, {
      ...context,
      onProgress: onProgress && ((share, total) => onProgress(done + share / total, steps)),
    });
    return new TextBoostingModel(
      joined(regressions),
      regressions.map(({ intercept }) => intercept),
      trees,
    );
  }
}

export class TextBoostingModel implements Model {
  readonly learner = name;
  readonly columns: number;

  /** @param ngrams coefficients of one part after the other, @param intercepts one a part */
  constructor(
    private readonly ngrams: LogisticRegressionModel,
    private readonly intercepts: readonly number[],
    private readonly trees: GradientBoostingModel,
  ) {
    this.columns = trees.columns - intercepts.length;
  }

  /** @throws ModelStateError */
  static fromState(state: ModelState<string>): TextBoostingModel {
    checkStateParts(state);
    const part = (of: 'ngrams' | 'trees'): Readonly<Record<string, unknown>> => {
      const meta = Object.hasOwn(state.meta, of) ? state.meta[of] : undefined;
      if (typeof meta !== 'object' || meta === null) throw new ModelStateError(`${name}: ${of} is missing`);
      return { ...meta };
    };
    const { arrays } = state;
    const trees = GradientBoostingModel.fromState({
      learner: 'gradient-boosting',
      meta: part('trees'),
      arrays,
    });
    if (!Object.hasOwn(arrays, 'indices')) throw new ModelStateError(`${name}: indices is missing`);
    const ngrams = LogisticRegressionModel.fromState({
      learner: 'logistic-regression',
      meta: part('ngrams'),
      arrays,
    });
    const { intercepts } = state.meta;
    if (!isIntercepts(intercepts)) throw new ModelStateError(`${name}: intercepts are no numbers`);
    if (trees.columns <= intercepts.length || ngrams.columns % intercepts.length !== 0) {
      const sizes = `${trees.columns} columns and ${ngrams.columns} n-grams`;
      throw new ModelStateError(`${name}: trees on ${sizes} for ${intercepts.length} parts`);
    }
    return new TextBoostingModel(ngrams, intercepts, trees);
  }

  /**
   * Probability of threat, uncalibrated, one a row.
   * @throws RangeError on other columns, or without n-grams
   */
  predict(x: Matrix, team?: Team): Float64Array {
    checkColumns(x, this.columns);
    const sparse = sparseOf(x);
    checkColumns(sparse, this.ngrams.columns);
    const columns = this.intercepts.map(() => new Float64Array(x.rows));
    for (let i = 0; i < x.rows; i++) {
      this.speak(sparse.row(i)).logOdds.forEach((value, part) => (columns[part][i] = value));
    }
    return this.trees.predict(withColumns(x, columns), team);
  }

  /**
   * Contributions to one text's raw output, log-odds; those of single n-grams are the regression's.
   * @param row its features, `columns` values
   * @param sparse its n-grams
   */
  explain(row: Float64Array, sparse?: SparseRow): Contributions {
    checkColumns({ columns: row.length }, this.columns);
    if (!sparse) throw new RangeError(`${name}: the row has no n-grams beside it`);
    const { logOdds, values: ngramValues } = this.speak(sparse);
    const whole = new Float64Array(this.columns + logOdds.length);
    whole.set(row);
    whole.set(logOdds, this.columns);
    const { base, values } = this.trees.explain(whole);
    const ngrams = values.subarray(this.columns).reduce((sum, value) => sum + value, 0);
    return { base, values: values.slice(0, this.columns), ngrams, ngramValues };
  }

  toState(): ModelState<typeof name> {
    const ngrams = this.ngrams.toState();
    const trees = this.trees.toState();
    return {
      learner: name,
      meta: { ngrams: ngrams.meta, intercepts: this.intercepts, trees: trees.meta },
      arrays: { ...trees.arrays, ...ngrams.arrays },
    };
  }

  /** Log-odds of a row by each part's regression, and what each n-gram adds to its part's. */
  private speak({ columns, values }: SparseRow): { logOdds: Float64Array; values: Float64Array } {
    const { coefficients } = this.ngrams;
    const width = coefficients.length / this.intercepts.length;
    const logOdds = new Float64Array(this.intercepts.length);
    const squares = new Float64Array(this.intercepts.length);
    for (let at = 0; at < columns.length; at++) {
      const part = Math.floor(columns[at] / width);
      logOdds[part] += values[at] * coefficients[columns[at]];
      squares[part] += values[at] * values[at];
    }
    for (let part = 0; part < logOdds.length; part++) {
      logOdds[part] =
        this.intercepts[part] + (squares[part] > 0 ? logOdds[part] / Math.sqrt(squares[part]) : 0);
    }
    return {
      logOdds,
      get values() {
        return values.map((value, at) => {
          const part = Math.floor(columns[at] / width);
          return (value * coefficients[columns[at]]) / Math.sqrt(squares[part]);
        });
      },
    };
  }
}

/** One table a range of columns, as many of equal size, their rows of length 1. */
function partsOf(x: CsrMatrix, count: number): CsrMatrix[] {
  if (x.columns % count !== 0)
    throw new RangeError(`${name}: ${x.columns} n-grams are not ${count} equal parts`);
  const width = x.columns / count;
  return Array.from({ length: count }, (_, part) => {
    const isOf = (column: number): boolean => Math.floor(column / width) === part;
    const indptr = new Int32Array(x.rows + 1);
    const indices = new Int32Array(x.indices.length);
    const values = new Float64Array(x.values.length);
    let end = 0;
    for (let i = 0; i < x.rows; i++) {
      const from = end;
      let squares = 0;
      for (let at = x.indptr[i]; at < x.indptr[i + 1]; at++) {
        if (!isOf(x.indices[at])) continue;
        indices[end] = x.indices[at] - part * width;
        values[end++] = x.values[at];
        squares += x.values[at] ** 2;
      }
      for (let at = from; at < end; at++) values[at] /= Math.sqrt(squares);
      indptr[i + 1] = end;
    }
    return new CsrMatrix(x.rows, width, indptr, indices.slice(0, end), values.slice(0, end));
  });
}

/** Regressions of one range of columns after the other as one; what each starts from is kept apart. */
function joined(regressions: readonly LogisticRegressionModel[]): LogisticRegressionModel {
  const width = regressions[0].columns;
  const coefficients = new Float64Array(width * regressions.length);
  regressions.forEach((regression, part) => coefficients.set(regression.coefficients, part * width));
  return new LogisticRegressionModel(coefficients, 0);
}

function isIntercepts(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => typeof item === 'number' && Math.abs(item) <= largestStored)
  );
}

function sparseOf({ sparse }: Matrix): CsrMatrix {
  if (!sparse) throw new RangeError(`${name}: the matrix has no n-grams beside it`);
  return sparse;
}

/** The matrix with further columns at the end. */
function withColumns(x: Matrix, columns: readonly Float64Array[]): Matrix {
  const data = new Float64Array(x.rows * (x.columns + columns.length));
  data.set(x.data);
  columns.forEach((column, j) => data.set(column, x.data.length + j * x.rows));
  return new Matrix(x.rows, x.columns + columns.length, data);
}
