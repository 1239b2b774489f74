import type { CsrMatrix, SparseRow } from '../csr-matrix.js';
import { boostingOptions, GradientBoosting, GradientBoostingModel } from '../gradient-boosting.js';
import {
  checkColumns,
  checkStateParts,
  checkTrainingSet,
  type Contributions,
  type FitContext,
  type Learner,
  type LearnerOptions,
  type Model,
  type ModelState,
  ModelStateError,
} from '../learner.js';
import { scoresOf } from '../linear/products.js';
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
 * For texts with features of their own: a logistic regression on the n-grams, the sparse table beside the matrix, and
 * boosted trees on the features and on the regression's log-odds as one column more. While it fits, a row's log-odds
 * come from a regression that saw no row of its group (stacking, Wolpert 1992), as those of new texts will.
 *
 * Options: `C` of the regression, `folds` of the stacking, and all of gradient boosting's.
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
    const { folds } = this.options;
    const { seed, groups = groupsOf(x), onProgress } = context;
    const steps = folds + 2;
    const stack = {
      x: sparseOf(x),
      y,
      weight: context.sampleWeight ?? new Float64Array(y.length).fill(1),
      folds: groupedFolds(y, groups, { folds, seed: deriveSeed(seed, 2) }),
      seed,
      onFold: (done: number) => onProgress?.(done, steps),
    };
    const column = outOfFoldLogOdds(this.regression, stack);
    const ngrams = this.regression.fit(stack.x, y, { seed, sampleWeight: stack.weight });
    onProgress?.(folds + 1, steps);
    const trees = this.boosting.fit(withColumn(x, column), y, {
      ...context,
      onProgress: onProgress && ((done, total) => onProgress(folds + 1 + done / total, steps)),
    });
    return new TextBoostingModel(ngrams, trees);
  }
}

export class TextBoostingModel implements Model {
  readonly learner = name;
  readonly columns: number;

  constructor(
    private readonly ngrams: LogisticRegressionModel,
    private readonly trees: GradientBoostingModel,
  ) {
    this.columns = trees.columns - 1;
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
    if (trees.columns < 2) throw new ModelStateError(`${name}: trees on ${trees.columns} columns`);
    if (!Object.hasOwn(arrays, 'indices')) throw new ModelStateError(`${name}: indices is missing`);
    const ngrams = LogisticRegressionModel.fromState({
      learner: 'logistic-regression',
      meta: part('ngrams'),
      arrays,
    });
    return new TextBoostingModel(ngrams, trees);
  }

  /**
   * Probability of threat, uncalibrated, one a row.
   * @throws RangeError on other columns, or without n-grams
   */
  predict(x: Matrix, team?: Team): Float64Array {
    checkColumns(x, this.columns);
    return this.trees.predict(withColumn(x, this.logOdds(sparseOf(x))), team);
  }

  /**
   * Contributions to one text's raw output, log-odds; those of single n-grams are the regression's.
   * @param row its features, `columns` values
   * @param sparse its n-grams
   */
  explain(row: Float64Array, sparse?: SparseRow): Contributions {
    checkColumns({ columns: row.length }, this.columns);
    if (!sparse) throw new RangeError(`${name}: the row has no n-grams beside it`);
    const { base: start, values: ngramValues } = this.ngrams.explainSparse(sparse);
    const whole = new Float64Array(this.columns + 1);
    whole.set(row);
    whole[this.columns] = ngramValues.reduce((sum, value) => sum + value, start);
    const { base, values } = this.trees.explain(whole);
    return { base, values: values.slice(0, -1), ngrams: values[this.columns], ngramValues };
  }

  toState(): ModelState<typeof name> {
    const ngrams = this.ngrams.toState();
    const trees = this.trees.toState();
    return {
      learner: name,
      meta: { ngrams: ngrams.meta, trees: trees.meta },
      arrays: { ...trees.arrays, ...ngrams.arrays },
    };
  }

  private logOdds(x: CsrMatrix): Float64Array {
    checkColumns(x, this.ngrams.columns);
    return scoresOf(x, this.ngrams.coefficients, this.ngrams.intercept);
  }
}

function sparseOf({ sparse }: Matrix): CsrMatrix {
  if (!sparse) throw new RangeError(`${name}: the matrix has no n-grams beside it`);
  return sparse;
}

/** The matrix with one column more, at the end. */
function withColumn(x: Matrix, column: Float64Array): Matrix {
  const data = new Float64Array(x.rows * (x.columns + 1));
  data.set(x.data);
  data.set(column, x.data.length);
  return new Matrix(x.rows, x.columns + 1, data);
}
