import { TreeEnsemble } from './forest/ensemble.js';
import { planTrees, treeTable } from './forest/fit.js';
import { checkNodes, type ForestNodes, goesLeft, nodesOfState, NodeWriter } from './forest/nodes.js';
import { joinTrees } from './forest/join-trees.js';
import { placeWeights } from './forest/merge-rows.js';
import { TreeGrower } from './forest/tree.js';
import {
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
import { sigmoid } from './linear/sigmoid.js';
import type { Matrix } from './matrix.js';
import { between, integer, option, type OptionsOf, readOptions } from './options.js';
import { deriveSeed, Random } from './random.js';

const table = {
  nEstimators: option(50, integer(1, 10_000)),
  // The upper bound keeps the sum of the trees' weights far from overflow.
  learningRate: option(1, between(0, 1e6)),
  maxDepth: option(1, integer(1)),
  classWeight: treeTable.classWeight,
  maxBins: treeTable.maxBins,
};

const baseTree = {
  criterion: 'gini',
  splitter: 'best',
  minSamplesSplit: 2,
  minSamplesLeaf: 1,
  maxFeatures: null,
} as const;

/**
 * AdaBoost by SAMME (Zhu, Zou, Rosset and Hastie 2009), as scikit-learn's `AdaBoostClassifier` from 1.6 on:
 * each tree votes for one class with the weight `learningRate * ln((1 - error) / error)`, and the rows that it
 * gets wrong weigh more in the next. It ends early after a tree without error, whose weight is 1, and before
 * one that is no better than chance. `classWeight` multiplies the weights at the start, and `maxDepth` is the
 * trees'; missing values go where the trees of the random forest send them.
 */
export class AdaBoost implements Learner {
  readonly name = 'ada-boost';
  readonly options: OptionsOf<typeof table>;

  /** @throws RangeError on an unknown option or a bad value */
  constructor(options: LearnerOptions = {}) {
    this.options = readOptions(this.name, table, options);
  }

  /** Also @throws RangeError when already the first tree is no better than chance. */
  fit(x: Matrix, y: Uint8Array, context: FitContext): AdaBoostModel {
    checkTrainingSet(x, y, context);
    const { nEstimators, learningRate, maxDepth, classWeight, maxBins } = this.options;
    const plan = planTrees(x, y, { ...baseTree, maxDepth, maxBins }, context.categorical);
    const grower = new TreeGrower(plan.bins, plan.benignRows, plan.options);
    const initial = rowWeights(y, context, classWeight);
    let weight = normalize(initial);
    const placed = new Float64Array(plan.bins.rows);
    const writer = new NodeWriter();
    const trees: ForestNodes[] = [];
    const estimatorWeights: number[] = [];
    for (let round = 0; round < nEstimators && weight.every(Number.isFinite); round++) {
      placeWeights(plan.places, weight, placed);
      grower.grow(placed, new Random(deriveSeed(context.seed, round)), writer);
      const tree = writer.finish();
      const { wrong, cover } = errorsOf(tree, x, y, initial);
      const error = sum(weight.map((w, row) => w * wrong[row])) / sum(weight);
      const estimatorWeight = error > 0 ? learningRate * Math.log((1 - error) / error) : 1;
      if (!(estimatorWeight > 0)) break;
      trees.push({ ...tree, cover });
      estimatorWeights.push(estimatorWeight);
      context.onProgress?.(round + 1, nEstimators);
      if (error === 0) break;
      const raised = Math.exp(estimatorWeight);
      weight = normalize(weight.map((w, row) => (wrong[row] ? w * raised : w)));
    }
    if (estimatorWeights.length === 0) {
      throw new RangeError(`${this.name}: a tree of maxDepth ${maxDepth} is no better than chance`);
    }
    return new AdaBoostModel(joinTrees(trees), Float64Array.from(estimatorWeights), x.columns);
  }
}

/**
 * A fitted sequence of trees. The raw output is the decision function in [-2, 2], twice the weighted mean of the
 * votes -1 and 1, and at once the log-odds of the probability; contributions are exact TreeSHAP values of it,
 * with covers of the training rows as they weighed at the start.
 */
export class AdaBoostModel implements Model {
  readonly learner = 'ada-boost';
  private readonly votes: TreeEnsemble;

  /** @param nodes trees with shares of threats as values, whose greater half is a vote for threat */
  constructor(
    private readonly nodes: ForestNodes,
    private readonly estimatorWeights: Float64Array,
    readonly columns: number,
  ) {
    this.votes = new TreeEnsemble({ ...nodes, value: weightedVotes(nodes, estimatorWeights) }, columns);
  }

  /** @throws ModelStateError */
  static fromState(state: ModelState): AdaBoostModel {
    const columns = stateCount(state, 'columns');
    const nodes = nodesOfState(state);
    checkNodes(nodes, columns);
    const weights = stateNumbers(state, 'estimatorWeights', nodes.starts.length - 1);
    if (!weights.every((weight) => weight > 0) || !Number.isFinite((2 * weights.length) / sum(weights))) {
      throw new ModelStateError(`${state.learner}: a tree has an impossible weight`);
    }
    return new AdaBoostModel(nodes, weights, columns);
  }

  predict(x: Matrix): Float64Array {
    return this.votes.mean(x).map(sigmoid);
  }

  explain(row: Float64Array): Contributions {
    return this.votes.explain(row);
  }

  toState(): ModelState {
    const { learner, columns, nodes, estimatorWeights } = this;
    return { learner, meta: { columns }, arrays: { ...nodes, estimatorWeights } };
  }
}

/** A tie is a vote for benign, as it is in scikit-learn. */
function votesThreat(share: number): boolean {
  return share > 0.5;
}

/** For each node its tree's vote, scaled so that the mean over the trees is the decision function. */
function weightedVotes({ starts, value }: ForestNodes, estimatorWeights: Float64Array): Float64Array {
  const scale = (2 * estimatorWeights.length) / sum(estimatorWeights);
  const votes = new Float64Array(value.length);
  estimatorWeights.forEach((weight, tree) => {
    for (let node = starts[tree]; node < starts[tree + 1]; node++) {
      votes[node] = votesThreat(value[node]) ? weight * scale : -weight * scale;
    }
  });
  return votes;
}

/** Sends the rows through one tree: 1 where its vote is wrong, and the weight that reaches each node. */
function errorsOf(
  tree: ForestNodes,
  x: Matrix,
  y: Uint8Array,
  weight: Float64Array,
): { wrong: Uint8Array; cover: Float64Array } {
  const { feature, right } = tree;
  const cover = new Float64Array(feature.length);
  const wrong = y.map((label, row) => {
    let node = 0;
    cover[0] += weight[row];
    while (feature[node] >= 0) {
      node = goesLeft(tree, node, x.at(row, feature[node])) ? node + 1 : right[node];
      cover[node] += weight[row];
    }
    return votesThreat(tree.value[node]) === (label === 1) ? 0 : 1;
  });
  return { wrong, cover };
}

/** Weights with the sum 1, none but zeros below the machine epsilon, as scikit-learn has them. */
function normalize(weight: Float64Array): Float64Array {
  const total = sum(weight);
  return weight.map((w) => (w === 0 ? 0 : Math.max(w / total, Number.EPSILON)));
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
