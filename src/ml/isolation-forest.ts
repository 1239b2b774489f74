import { TreeEnsemble } from './forest/ensemble.js';
import { draw, isolationLevels, IsolationTree } from './forest/isolation-tree.js';
import {
  checkNodes,
  deepestLevel,
  type ForestNodes,
  nodeLevels,
  nodesOfState,
  NodeWriter,
} from './forest/nodes.js';
import {
  checkStateParts,
  type Contributions,
  type FitContext,
  type LearnerOptions,
  type ModelState,
  ModelStateError,
  stateArray,
  stateCount,
} from './learner.js';
import type { Matrix } from './matrix.js';
import { between, integer, oneOf, option, type OptionsOf, readOptions } from './options.js';
import { deriveSeed, Random } from './random.js';

const table = {
  nEstimators: option(100, integer(1, 10_000)),
  maxSamples: option<'auto' | number>('auto', oneOf('auto'), integer(1), between(0, 1)),
  maxFeatures: option(1, integer(1), between(0, 1)),
};

/** The paper's subsample: more rows hide outliers in the crowd. */
const autoSamples = 256;

/**
 * Isolation forest (Liu, Ting and Zhou 2008), with scikit-learn's `IsolationForest` options but for the
 * threshold: how strange rows are, learnt without labels. Each tree cuts a sample of `maxSamples` rows at random
 * columns and thresholds; few cuts set a strange row apart. Each takes `maxFeatures` of the columns. Of both
 * options a number up to 1 is a share and a greater one a count; 'auto' is 256 rows or all.
 *
 * A missing value goes with the larger part of the rows, in fitting as in scoring: missing something makes no
 * row strange by itself.
 */
export class IsolationForest {
  readonly name = 'isolation-forest';
  readonly options: OptionsOf<typeof table>;

  /** @throws RangeError on an unknown option or a bad value */
  constructor(options: LearnerOptions = {}) {
    this.options = readOptions(this.name, table, options);
  }

  /** @throws RangeError on fewer than two rows, no columns, an infinite value, or counts above what there is */
  fit(x: Matrix, { seed, onProgress }: Pick<FitContext, 'seed' | 'onProgress'>): IsolationForestModel {
    if (x.rows < 2 || x.columns === 0)
      throw new RangeError(`${this.name}: a matrix of ${x.rows} x ${x.columns}`);
    const infinite = x.data.findIndex((value) => Math.abs(value) === Infinity);
    if (infinite >= 0)
      throw new RangeError(`${this.name}: column ${Math.floor(infinite / x.rows)} is not finite`);
    const { nEstimators, maxSamples, maxFeatures } = this.options;
    const wanted = maxSamples === 'auto' ? Math.min(autoSamples, x.rows) : maxSamples;
    const samples = Math.max(2, this.count('maxSamples', wanted, x.rows));
    const features = this.count('maxFeatures', maxFeatures, x.columns);
    const rows = Int32Array.from({ length: x.rows }, (_, row) => row);
    const columns = Int32Array.from({ length: x.columns }, (_, column) => column);
    const nodes = new NodeWriter();
    for (let tree = 0; tree < nEstimators; tree++) {
      const random = new Random(deriveSeed(seed, tree));
      const sample = draw(rows, samples, random);
      new IsolationTree(x, sample, draw(columns, features, random), random).grow(nodes);
      onProgress?.(tree + 1, nEstimators);
    }
    return new IsolationForestModel(nodes.finish(), x.columns, samples);
  }

  private count(name: string, wanted: number, all: number): number {
    if (wanted > all) throw new RangeError(`${this.name}: ${name} is ${wanted} of ${all}`);
    return wanted <= 1 ? Math.max(1, Math.floor(wanted * all)) : wanted;
  }
}

/** A fitted isolation forest. */
export class IsolationForestModel {
  readonly learner = 'isolation-forest';
  private readonly trees: TreeEnsemble;

  /** @param maxSamples rows that each tree was grown on */
  constructor(
    nodes: ForestNodes,
    readonly columns: number,
    private readonly maxSamples: number,
  ) {
    this.trees = new TreeEnsemble({ ...nodes, value: shortness(nodes, maxSamples) }, columns);
  }

  /** Takes back what `toState` took apart. @throws ModelStateError on anything else */
  static fromState(state: ModelState<string>): IsolationForestModel {
    checkStateParts(state);
    const columns = stateCount(state, 'columns');
    const maxSamples = stateCount(state, 'maxSamples');
    // The values follow from the levels and covers, so they are not stored.
    const value = new Float64Array(stateArray(state, 'feature', Int32Array).length);
    const nodes = nodesOfState({ ...state, arrays: { ...state.arrays, value } });
    checkNodes(nodes, columns);
    const fault = stateFault(state, nodes, maxSamples);
    if (fault) throw new ModelStateError(`isolation-forest: ${fault}`);
    return new IsolationForestModel(nodes, columns, maxSamples);
  }

  /**
   * The paper's anomaly score 2^(-mean path length / c(maxSamples)), one a row: in (0, 1], higher is stranger,
   * 0.5 where the paths are as long as those of random data. scikit-learn's `score_samples` is its negative.
   * @throws RangeError on another number of columns
   */
  score(x: Matrix): Float64Array {
    return this.trees.mean(x).map((power) => 2 ** power);
  }

  /** Exact TreeSHAP values of the score's binary logarithm. @throws RangeError on another number of columns */
  explain(row: Float64Array): Contributions {
    return this.trees.explain(row);
  }

  toState(): ModelState<'isolation-forest'> {
    const { columns, maxSamples, learner } = this;
    const { starts, feature, threshold, flags, right, cover, sets } = this.trees.nodes;
    return {
      learner,
      meta: { columns, maxSamples },
      arrays: { starts, feature, threshold, flags, right, cover, sets },
    };
  }
}

/** What makes nodes impossible that `checkNodes` lets pass, or null. */
function stateFault(state: ModelState<string>, nodes: ForestNodes, maxSamples: number): string | null {
  if (state.learner !== 'isolation-forest') return `the learner is ${JSON.stringify(state.learner)}`;
  if (!nodes.cover.every(Number.isInteger)) return 'a node has a share of a row';
  if (nodes.starts.subarray(0, -1).some((root) => nodes.cover[root] !== maxSamples)) {
    return `a tree is not of ${maxSamples} rows`;
  }
  return deepestLevel(nodes) > isolationLevels(maxSamples) ? 'a tree is too deep' : null;
}

/**
 * Average length of an unsuccessful search in a binary search tree of `n` keys, the paper's c(n):
 * 2 H(n - 1) - 2 (n - 1) / n, with the harmonic number H(i) taken as ln(i) + Euler's constant beyond n = 2.
 */
export function averagePathLength(n: number): number {
  if (n <= 2) return n === 2 ? 1 : 0;
  return 2 * (Math.log(n - 1) + 0.5772156649015329) - (2 * (n - 1)) / n;
}

/** For each node -(path length) / c(maxSamples); a leaf of many rows stands for the tree that would part them. */
function shortness(nodes: ForestNodes, maxSamples: number): Float64Array {
  const scale = averagePathLength(maxSamples);
  return nodeLevels(nodes).reduce((values, level, node) => {
    values[node] = -(level + averagePathLength(nodes.cover[node])) / scale;
    return values;
  }, new Float64Array(nodes.feature.length));
}
