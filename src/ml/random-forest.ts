import { binColumns, maxValueBins } from './bins.js';
import { checkNodes, type ForestNodes, NodeWriter } from './forest/nodes.js';
import { TreeGrower } from './forest/tree.js';
import { ForestWalker } from './forest/walker.js';
import {
  checkColumns,
  checkTrainingSet,
  type Contributions,
  type FitContext,
  type Learner,
  type LearnerOptions,
  type Model,
  type ModelState,
  rowWeights,
  stateArray,
  stateCount,
} from './learner.js';
import type { Matrix } from './matrix.js';
import { between, integer, oneOf, option, type OptionsOf, readOptions } from './options.js';
import { deriveSeed, Random } from './random.js';
import { TreeExplainer } from './tree-shap.js';

const table = {
  nEstimators: option(100, integer(1, 10_000)),
  criterion: option('gini', oneOf('gini')),
  maxDepth: option<number | null>(null, integer(1), oneOf(null)),
  minSamplesSplit: option(2, integer(2)),
  minSamplesLeaf: option(1, integer(1)),
  maxFeatures: option<'sqrt' | 'log2' | number | null>(
    'sqrt',
    oneOf('sqrt', 'log2', null),
    integer(1),
    between(0, 1),
  ),
  bootstrap: option<boolean>(true, oneOf(true, false)),
  maxSamples: option<number | null>(null, integer(1), between(0, 1), oneOf(null)),
  classWeight: option<'balanced' | null>(null, oneOf('balanced', null)),
  maxBins: option(maxValueBins, integer(2, maxValueBins)),
};

/**
 * Random forest (Breiman 2001) of CART trees over binned features, with scikit-learn's
 * `RandomForestClassifier` options and semantics: bootstrap, features drawn at each node, the probability is
 * the mean of the leaves' shares. Whole numbers of `maxFeatures` and `maxSamples` are counts, others shares.
 *
 * Missing values go to the side where they lower the impurity most, and where the node saw none, to the
 * heavier side.
 */
export class RandomForest implements Learner {
  readonly name = 'random-forest';
  readonly options: OptionsOf<typeof table>;

  /** @throws RangeError on an unknown option or a bad value */
  constructor(options: LearnerOptions = {}) {
    this.options = readOptions(this.name, table, options);
    if (!this.options.bootstrap && this.options.maxSamples !== null) {
      throw new RangeError('random-forest: maxSamples must be null where bootstrap is false');
    }
  }

  /** Also @throws RangeError when `maxSamples` is above the number of rows. */
  fit(x: Matrix, y: Uint8Array, context: FitContext): RandomForestModel {
    checkTrainingSet(x, y, context);
    const { nEstimators, bootstrap, maxBins, classWeight } = this.options;
    const order = benignFirst(y);
    const weights = rowWeights(y, context, classWeight);
    const sorted = Float64Array.from(order, (row) => weights[row]);
    const draws = bootstrap ? sampleSize(this.options.maxSamples, x.rows) : 0;
    const benignRows = y.length - y.reduce((sum, label) => sum + label, 0);
    const grower = new TreeGrower(binColumns(x, order, maxBins), benignRows, this.treeOptions(x.columns));
    const nodes = new NodeWriter();
    for (let tree = 0; tree < nEstimators; tree++) {
      const random = new Random(deriveSeed(context.seed, tree));
      grower.grow(bootstrap ? resample(sorted, draws, random) : sorted, random, nodes);
      context.onProgress?.(tree + 1, nEstimators);
    }
    return new RandomForestModel(nodes.finish(), x.columns);
  }

  private treeOptions(columns: number): ConstructorParameters<typeof TreeGrower>[2] {
    const { maxDepth, minSamplesSplit, minSamplesLeaf, maxFeatures } = this.options;
    const features = featureCount(maxFeatures, columns);
    return { maxDepth: maxDepth ?? Infinity, minSamplesSplit, minSamplesLeaf, maxFeatures: features };
  }
}

/** A fitted forest. Contributions are exact TreeSHAP values of the probability. */
export class RandomForestModel implements Model {
  readonly learner = 'random-forest';
  private readonly walker: ForestWalker;
  private explainer: TreeExplainer | undefined;

  constructor(
    private readonly nodes: ForestNodes,
    readonly columns: number,
  ) {
    this.walker = new ForestWalker(nodes);
  }

  /** @throws ModelStateError when the state is not a forest whose every walk ends at a leaf */
  static fromState(state: ModelState): RandomForestModel {
    const columns = stateCount(state, 'columns');
    const feature = stateArray(state, 'feature', Int32Array);
    const nodes: ForestNodes = {
      starts: stateArray(state, 'starts', Int32Array),
      feature,
      threshold: stateArray(state, 'threshold', Float64Array, feature.length),
      missingLeft: stateArray(state, 'missingLeft', Uint8Array, feature.length),
      right: stateArray(state, 'right', Int32Array, feature.length),
      value: stateArray(state, 'value', Float64Array, feature.length),
      cover: stateArray(state, 'cover', Float64Array, feature.length),
    };
    checkNodes(nodes, columns);
    return new RandomForestModel(nodes, columns);
  }

  predict(x: Matrix): Float64Array {
    checkColumns(x, this.columns);
    const out = new Float64Array(x.rows);
    const block = new Float64Array(Math.min(x.rows, blockRows) * x.columns);
    for (let from = 0; from < x.rows; from += blockRows) {
      const rows = Math.min(blockRows, x.rows - from);
      gatherRows(x, from, rows, block);
      this.walker.addTrees(block, this.columns, out.subarray(from, from + rows));
    }
    const trees = this.nodes.starts.length - 1;
    for (let i = 0; i < out.length; i++) out[i] /= trees;
    return out;
  }

  explain(row: Float64Array): Contributions {
    checkColumns({ columns: row.length }, this.columns);
    this.explainer ??= new TreeExplainer(this.nodes, this.columns);
    return this.explainer.explain(row);
  }

  toState(): ModelState {
    return { learner: this.learner, meta: { columns: this.columns }, arrays: { ...this.nodes } };
  }
}

/** Rows that go through the trees together: a tree's nodes stay in the cache for all of them. */
const blockRows = 1024;

function gatherRows(x: Matrix, from: number, rows: number, block: Float64Array): void {
  for (let j = 0; j < x.columns; j++) {
    const column = j * x.rows + from;
    for (let i = 0; i < rows; i++) block[i * x.columns + j] = x.data[column + i];
  }
}

/** Row numbers with the benign rows first, as `TreeGrower` wants them. */
function benignFirst(y: Uint8Array): Int32Array {
  const order = new Int32Array(y.length);
  let at = 0;
  for (const label of [0, 1]) {
    for (let row = 0; row < y.length; row++) if (y[row] === label) order[at++] = row;
  }
  return order;
}

/** Weights of a bootstrap sample: each row's weight times how often it was drawn. */
function resample(weights: Float64Array, draws: number, random: Random): Float64Array {
  const drawn = new Float64Array(weights.length);
  for (let i = 0; i < draws; i++) drawn[random.below(weights.length)]++;
  for (let row = 0; row < drawn.length; row++) drawn[row] *= weights[row];
  return drawn;
}

function sampleSize(maxSamples: number | null, rows: number): number {
  if (maxSamples === null) return rows;
  if (maxSamples > rows) throw new RangeError(`random-forest: maxSamples is ${maxSamples} of ${rows} rows`);
  return maxSamples < 1 ? Math.max(1, Math.round(maxSamples * rows)) : maxSamples;
}

function featureCount(maxFeatures: 'sqrt' | 'log2' | number | null, columns: number): number {
  if (maxFeatures === null) return columns;
  if (maxFeatures === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(columns)));
  if (maxFeatures === 'log2') return Math.max(1, Math.floor(Math.log2(columns)));
  return maxFeatures < 1 ? Math.max(1, Math.floor(maxFeatures * columns)) : Math.min(maxFeatures, columns);
}
