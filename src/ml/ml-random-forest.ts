import { RandomForestClassifier } from 'ml-random-forest';
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
  stateCount,
  stateNumbers,
} from './learner.js';
import type { Matrix } from './matrix.js';
import { columnMedians, occlude } from './occlusion.js';
import { integer, option, type OptionsOf, readOptions } from './options.js';
import { deriveSeed, Random } from './random.js';

/** Training time grows with the square of the rows: ten trees on 500 rows of 30 columns take seconds. */
const mostRows = 500;
const mostTrees = 25;

const table = {
  nEstimators: option(10, integer(1, mostTrees)),
  maxRows: option(mostRows, integer(2, mostRows)),
};

/**
 * The forest of the package ml-random-forest, as a cross-check on a sample of at most `maxRows` rows. Each
 * class keeps its share of the sample; within it, rows of a larger sample weight are likelier to be kept,
 * which is all that weights do here, for the package has none.
 *
 * Each tree is a forest of one: the package reports no progress, and the probability, the share of trees that
 * vote threat, comes out wrong from its own `predictProbability`.
 */
export class MlRandomForest implements Learner {
  readonly name = 'ml-random-forest';
  readonly options: OptionsOf<typeof table>;

  /** @throws RangeError on an unknown option or a bad value */
  constructor(options: LearnerOptions = {}) {
    this.options = readOptions(this.name, table, options);
  }

  /** Also @throws RangeError on a missing value, naming its column: the package would take it in silence. */
  fit(x: Matrix, y: Uint8Array, context: FitContext): MlRandomForestModel {
    checkTrainingSet(x, y, context);
    checkComplete(x);
    const { nEstimators, maxRows } = this.options;
    const sample = stratifiedSample(y, context, maxRows);
    const rows = sample.map((row) => Array.from(x.row(row)));
    const labels = sample.map((row) => y[row]);
    const trees: ForestJson[] = [];
    for (let tree = 0; tree < nEstimators; tree++) {
      // Out-of-bag results are off, as the package throws when a row is in every bag.
      const forest = new RandomForestClassifier({
        nEstimators: 1,
        seed: deriveSeed(context.seed, tree),
        noOOB: true,
      });
      forest.train(rows, labels);
      trees.push(readForest(JSON.parse(JSON.stringify(forest)), x.columns));
      context.onProgress?.(tree + 1, nEstimators);
    }
    return new MlRandomForestModel(trees, columnMedians(x));
  }
}

/** Rows of positive weight: all of them, or `maxRows` by weighted sampling within each class. */
function stratifiedSample(y: Uint8Array, { seed, sampleWeight }: FitContext, maxRows: number): number[] {
  const weightOf = (row: number): number => (sampleWeight ? sampleWeight[row] : 1);
  const rows = Array.from(y.keys()).filter((row) => weightOf(row) > 0);
  if (rows.length <= maxRows) return rows;
  const random = new Random(seed);
  // Efraimidis and Spirakis 2006: the largest u^(1/w) are a sample weighted by w, without replacement.
  const key = new Map(rows.map((row) => [row, Math.log(1 - random.float()) / weightOf(row)]));
  const best = (label: number): number[] =>
    rows.filter((row) => y[row] === label).sort((a, b) => key.get(b)! - key.get(a)!);
  const threats = best(1);
  const share = Math.round((maxRows * threats.length) / rows.length);
  const kept = Math.min(maxRows - 1, Math.max(1, share));
  return [...threats.slice(0, kept), ...best(0).slice(0, maxRows - kept)].sort((a, b) => a - b);
}

/** A fitted forest. Contributions are by occlusion against the training medians. */
export class MlRandomForestModel implements Model {
  readonly learner = 'ml-random-forest';
  readonly columns: number;
  private readonly forests: readonly RandomForestClassifier[];

  constructor(
    private readonly trees: readonly ForestJson[],
    private readonly reference: Float64Array,
  ) {
    this.columns = reference.length;
    // The package declares members of its JSON that it neither writes nor reads.
    const loader = RandomForestClassifier as unknown as { load(json: ForestJson): RandomForestClassifier };
    this.forests = trees.map((tree) => loader.load(tree));
  }

  /** @throws ModelStateError */
  static fromState(state: ModelState): MlRandomForestModel {
    const columns = stateCount(state, 'columns');
    const { trees } = state.meta;
    if (!Array.isArray(trees) || trees.length === 0 || trees.length > mostTrees) {
      throw new ModelStateError(`${state.learner}: there are not 1 to ${mostTrees} trees`);
    }
    const loaded = trees.map((tree) => readForest(tree, columns));
    return new MlRandomForestModel(loaded, stateNumbers(state, 'reference', columns));
  }

  /** Also @throws RangeError on a missing value, naming its column. */
  predict(x: Matrix): Float64Array {
    checkColumns(x, this.columns);
    checkComplete(x);
    const out = new Float64Array(x.rows);
    if (x.rows === 0) return out;
    const rows = Array.from({ length: x.rows }, (_, i) => Array.from(x.row(i)));
    for (const forest of this.forests) forest.predict(rows).forEach((vote, i) => (out[i] += vote));
    return out.map((votes) => votes / this.forests.length);
  }

  explain(row: Float64Array): Contributions {
    checkColumns({ columns: row.length }, this.columns);
    return occlude(row, this.reference, (x) => this.predict(x));
  }

  toState(): ModelState {
    const { columns, trees, reference } = this;
    return { learner: this.learner, meta: { columns, trees }, arrays: { reference } };
  }
}

/** What the package needs of its JSON to load a forest of one tree. */
interface ForestJson {
  readonly name: 'RFClassifier';
  readonly baseModel: {
    /** Columns of the matrix that stand for the tree's own. */
    readonly indexes: [number[]];
    readonly n: number;
    readonly nEstimators: 1;
    readonly isClassifier: true;
    readonly estimators: [{ name: 'DTClassifier'; options: { kind: 'classifier' }; root: TreeNode }];
  };
}

/** Reads the package's JSON of such a forest, taking nothing over but columns, cuts and leaves. */
function readForest(json: unknown, columns: number): ForestJson {
  const model = member(json, 'baseModel');
  const [used] = list(member(model, 'indexes'));
  const indexes = list(used).map((column) => numberIn(column, 0, columns - 1, true));
  const [estimator] = list(member(model, 'estimators'));
  const root = readNode(member(estimator, 'root'), indexes.length, 0);
  return {
    name: 'RFClassifier',
    baseModel: {
      indexes: [indexes],
      n: indexes.length,
      nEstimators: 1,
      isClassifier: true,
      estimators: [{ name: 'DTClassifier', options: { kind: 'classifier' }, root }],
    },
  };
}

type TreeNode =
  { distribution: number[][] } | { splitColumn: number; splitValue: number; left: TreeNode; right: TreeNode };

function readNode(json: unknown, width: number, depth: number): TreeNode {
  if (depth > mostRows) throw new ModelStateError('ml-random-forest: a tree is deeper than it has rows');
  const distribution = member(json, 'distribution');
  if (distribution !== undefined) {
    const shares = list(list(distribution)[0]).map((share) => numberIn(share, 0, 1 + 1e-9, false));
    if (shares.length > 2) throw new ModelStateError('ml-random-forest: a leaf has more than two classes');
    return { distribution: [shares] };
  }
  return {
    splitColumn: numberIn(member(json, 'splitColumn'), 0, width - 1, true),
    splitValue: numberIn(member(json, 'splitValue'), -Number.MAX_VALUE, Number.MAX_VALUE, false),
    left: readNode(member(json, 'left'), width, depth + 1),
    right: readNode(member(json, 'right'), width, depth + 1),
  };
}

function member(json: unknown, name: string): unknown {
  if (typeof json !== 'object' || json === null) throw new ModelStateError(`ml-random-forest: no ${name}`);
  return Object.hasOwn(json, name) ? (json as Record<string, unknown>)[name] : undefined;
}

function list(json: unknown): unknown[] {
  if (!Array.isArray(json) || json.length === 0)
    throw new ModelStateError('ml-random-forest: a list is missing');
  return json;
}

function numberIn(json: unknown, min: number, max: number, whole: boolean): number {
  if (typeof json !== 'number' || !(json >= min && json <= max) || (whole && !Number.isInteger(json))) {
    throw new ModelStateError(`ml-random-forest: ${JSON.stringify(json)} is no number from ${min} to ${max}`);
  }
  return json;
}
