import { binColumns, type Bins, maxValueBins } from './bins.js';
import { bundleColumns } from './boosting/bundles.js';
import { EarlyStopping, type Part, takePart } from './boosting/early-stopping.js';
import { Fit } from './boosting/fit.js';
import { mostRows } from './boosting/log-loss.js';
import { LogLoss } from './boosting/loss-rounds.js';
import { BoostedTree, mostLeaves, type TreeOptions } from './boosting/tree.js';
import { checkNodes, type ForestNodes, nodesOfState, NodeWriter } from './forest/nodes.js';
import {
  checkColumns,
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
} from './learner.js';
import { sigmoid } from './linear/sigmoid.js';
import type { Matrix } from './matrix.js';
import { between, integer, oneOf, option, type OptionKind, type OptionsOf, readOptions } from './options.js';
import { alone, type Team } from './parallel/team.js';
import { deriveSeed, Random } from './random.js';
import { TreeSums } from './scoring/tree-sums.js';
import { groupedHoldout, groupsOf } from './splits.js';
import { TreeExplainer } from './tree-shap.js';

const share: OptionKind<number> = {
  allowed: 'a number above 0, at most 1',
  accepts: (value): value is number => typeof value === 'number' && value > 0 && value <= 1,
};
const notNegative: OptionKind<number> = {
  allowed: 'a number, 0 or more',
  accepts: (value): value is number => typeof value === 'number' && value >= 0 && value < Infinity,
};

export const boostingOptions = {
  learningRate: option(0.1, between(0)),
  maxIter: option(100, integer(1, 10_000)),
  maxLeafNodes: option<number | null>(31, integer(2), oneOf(null)),
  maxDepth: option<number | null>(null, integer(1), oneOf(null)),
  minSamplesLeaf: option(20, integer(1)),
  minHessianToSplit: option(1e-3, notNegative),
  l2Regularization: option(0, notNegative),
  maxBins: option(maxValueBins, integer(2, maxValueBins)),
  maxFeatures: option(1, share),
  subsample: option(1, share),
  classWeight: option<'balanced' | null>(null, oneOf('balanced', null)),
  earlyStopping: option<boolean>(false, oneOf(true, false)),
  validationFraction: option(0.1, between(0, 1)),
  nIterNoChange: option(10, integer(1)),
  tol: option(1e-7, notNegative),
};

/**
 * Gradient boosting of the log loss (Friedman 2001) over binned features with Newton steps (Chen and Guestrin
 * 2016) and leaf-wise trees (Ke et al. 2017), with the options and semantics of scikit-learn's
 * `HistGradientBoostingClassifier`: a round adds the tree that lowers the loss of the sum of all trees most.
 *
 * `maxFeatures` is the share of the columns that a split chooses from, drawn for each split; `subsample` is the
 * share of the rows a tree is grown on, drawn for each tree (Friedman 2002). Missing values go to the side where
 * the loss falls most, and where the node saw none, to the heavier side. Rows of weight 0 are left out. With
 * `earlyStopping`, the rows of a group are together kept for validation or together trained on.
 */
export class GradientBoosting implements Learner {
  readonly name = 'gradient-boosting';
  readonly options: OptionsOf<typeof boostingOptions>;

  /** @throws RangeError on an unknown option or a bad value */
  constructor(options: LearnerOptions = {}) {
    this.options = readOptions(this.name, boostingOptions, options);
  }

  /** Also @throws RangeError when early stopping finds no rows of both classes for both of its parts. */
  fit(x: Matrix, y: Uint8Array, context: FitContext): GradientBoostingModel {
    checkTrainingSet(x, y, context);
    if (x.rows > mostRows) throw new RangeError(`gradient-boosting: ${x.rows} rows, ${mostRows} at most`);
    const weight = rowWeights(y, context, this.options.classWeight);
    const counted = Int32Array.from(y.keys()).filter((row) => weight[row] > 0);
    const all = counted.length === y.length ? { x, y, weight } : takePart({ x, y, weight }, counted);
    if (!this.options.earlyStopping) return this.boost(all, null, context);
    const { validationFraction: testShare } = this.options;
    const seed = deriveSeed(context.seed, 1);
    const groups = context.groups ? counted.map((row) => context.groups![row]) : groupsOf(all.x);
    const { train, test } = groupedHoldout(all.y, groups, { testShare, seed });
    return this.boost(takePart(all, train), takePart(all, test), context);
  }

  private boost(train: Part, held: Part | null, context: FitContext): GradientBoostingModel {
    const bins = this.bin(train.x, context);
    const bundles = bundleColumns(bins, this.options.minSamplesLeaf);
    const options = this.treeOptions(train.x.columns);
    const fit = new Fit(bundles, mostLeaves(bins.rows, options), context.team ?? alone);
    const weighted = train.weight.some((weight) => weight !== 1);
    try {
      return this.addTrees(fit, new BoostedTree(bins, fit, options, weighted), train, held, context);
    } finally {
      fit.end();
    }
  }

  private addTrees(
    fit: Fit,
    tree: BoostedTree,
    train: Part,
    held: Part | null,
    { seed, onProgress }: FitContext,
  ): GradientBoostingModel {
    const { maxIter, subsample, nIterNoChange, tol } = this.options;
    const random = new Random(deriveSeed(seed, 0));
    const loss = new LogLoss(fit, train.y, train.weight);
    const stopping = held && new EarlyStopping(held, loss.intercept, nIterNoChange, tol);
    const nodes = new NodeWriter();
    let { drawn, left } = drawRows(train.y.length, subsample, random);
    for (let round = 1; round <= maxIter; round++) {
      if (round > 1 && subsample < 1) ({ drawn, left } = drawRows(train.y.length, subsample, random));
      tree.grow(drawn, loss.update(), random);
      tree.addToGrown();
      tree.addTo(loss.scores, train.x, left);
      tree.write(nodes);
      onProgress?.(round, maxIter);
      if (stopping?.isOver(tree)) break;
    }
    return new GradientBoostingModel(nodes.finish(), train.x.columns, loss.intercept);
  }

  private bin(x: Matrix, { categorical }: FitContext): Bins {
    const order = Int32Array.from({ length: x.rows }, (_, row) => row);
    return binColumns(x, order, this.options.maxBins, categorical);
  }

  private treeOptions(columns: number): TreeOptions {
    const { maxFeatures, maxLeafNodes, maxDepth } = this.options;
    return {
      ...this.options,
      maxFeatures: Math.max(1, Math.floor(maxFeatures * columns)),
      maxLeafNodes: maxLeafNodes ?? Infinity,
      maxDepth: maxDepth ?? Infinity,
    };
  }
}

/** Fitted trees. The raw output, log-odds, is the intercept and all trees' values; contributions are of it. */
export class GradientBoostingModel implements Model {
  readonly learner = 'gradient-boosting';
  private readonly sums: TreeSums;
  private explainer: TreeExplainer | undefined;

  /** @param intercept log-odds that all rows begin with */
  constructor(
    private readonly nodes: ForestNodes,
    readonly columns: number,
    private readonly intercept: number,
  ) {
    this.sums = new TreeSums(nodes, columns);
  }

  /** @throws ModelStateError when the state is not trees whose every walk ends at a leaf */
  static fromState(state: ModelState): GradientBoostingModel {
    const columns = stateCount(state, 'columns');
    const { intercept } = state.meta;
    if (typeof intercept !== 'number' || !(Math.abs(intercept) <= largestStep)) {
      throw new ModelStateError('gradient-boosting: intercept is not log-odds');
    }
    const nodes = nodesOfState(state);
    checkNodes(nodes, columns, [-largestStep, largestStep]);
    return new GradientBoostingModel(nodes, columns, intercept);
  }

  predict(x: Matrix, team?: Team): Float64Array {
    checkColumns(x, this.columns);
    const scores = new Float64Array(x.rows).fill(this.intercept);
    this.sums.add(x, scores, team);
    return scores.map(sigmoid);
  }

  explain(row: Float64Array): Contributions {
    checkColumns({ columns: row.length }, this.columns);
    this.explainer ??= new TreeExplainer(this.nodes, this.columns, { offset: this.intercept, divisor: 1 });
    return this.explainer.explain(row);
  }

  toState(): ModelState {
    const meta = { columns: this.columns, intercept: this.intercept };
    return { learner: this.learner, meta, arrays: { ...this.nodes } };
  }
}

/** No step of a model is larger, and so no sum of a stored one's overflows. */
const largestStep = 1e100;

/** A share of the rows, without replacement, and the others, both ascending (Knuth, algorithm 3.4.2 S). */
function drawRows(rows: number, share: number, random: Random): { drawn: Int32Array; left: Int32Array } {
  const drawn = new Int32Array(Math.max(1, Math.floor(share * rows)));
  const left = new Int32Array(rows - drawn.length);
  let taken = 0;
  for (let row = 0; row < rows; row++) {
    const wanted = drawn.length - taken;
    if (wanted === rows - row || random.float() * (rows - row) < wanted) drawn[taken++] = row;
    else left[row - taken] = row;
  }
  return { drawn, left };
}
