import KNN from 'ml-knn';
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
  stateArray,
  stateCount,
  stateNumbers,
} from './learner.js';
import type { Matrix } from './matrix.js';
import { columnMedians, occlude } from './occlusion.js';
import { integer, oneOf, option, type OptionsOf, readOptions } from './options.js';

const table = {
  nNeighbors: option(5, integer(1)),
  weights: option<'uniform' | 'distance'>('uniform', oneOf('uniform', 'distance')),
};
type Weights = OptionsOf<typeof table>['weights'];

/**
 * K nearest neighbours by Euclidean distance, over ml-knn's k-d tree. The probability is the share of threats
 * among the `nNeighbors` nearest training rows; with `weights: 'distance'` each counts by its inverse distance,
 * and rows at distance 0, if there are any, count alone (as in scikit-learn). A row's sample weight weighs
 * its vote; rows of weight 0 are left out.
 */
export class KNearestNeighbors implements Learner {
  readonly name = 'k-nearest-neighbors';
  readonly options: OptionsOf<typeof table>;

  /** @throws RangeError on an unknown option or a bad value */
  constructor(options: LearnerOptions = {}) {
    this.options = readOptions(this.name, table, options);
  }

  /** Also @throws RangeError on a missing value, naming its column, and on fewer rows than `nNeighbors`. */
  fit(x: Matrix, y: Uint8Array, context: FitContext): KNearestNeighborsModel {
    checkTrainingSet(x, y, context);
    checkComplete(x);
    const weight = context.sampleWeight ?? new Float64Array(x.rows).fill(1);
    const groups = groupRows(x, y, weight);
    const rows = groups.rows.reduce((sum, n) => sum + n, 0);
    const { nNeighbors, weights } = this.options;
    if (nNeighbors > rows) throw new RangeError(`${this.name}: nNeighbors is ${nNeighbors} of ${rows} rows`);
    return new KNearestNeighborsModel(groups, columnMedians(x), nNeighbors, weights);
  }
}

/** The training rows, identical ones as one point: a tree of many equal points would be slow to search. */
interface RowGroups {
  /** Distinct points, row after row. */
  readonly points: Float64Array;
  /** For each point: its training rows, their weight, and the weight of the threats among them. */
  readonly rows: Uint32Array;
  readonly weight: Float64Array;
  readonly threat: Float64Array;
}

function groupRows(x: Matrix, y: Uint8Array, weight: Float64Array): RowGroups {
  const numbers = new Map<string, number>();
  const points: number[] = [];
  const groups: { rows: number; weight: number; threat: number }[] = [];
  for (let i = 0; i < x.rows; i++) {
    if (weight[i] === 0) continue;
    const row = x.row(i);
    const key = row.join();
    let number = numbers.get(key);
    if (number === undefined) {
      number = groups.push({ rows: 0, weight: 0, threat: 0 }) - 1;
      numbers.set(key, number);
      points.push(...row);
    }
    const group = groups[number];
    group.rows++;
    group.weight += weight[i];
    group.threat += weight[i] * y[i];
  }
  return {
    points: Float64Array.from(points),
    rows: Uint32Array.from(groups, (group) => group.rows),
    weight: Float64Array.from(groups, (group) => group.weight),
    threat: Float64Array.from(groups, (group) => group.threat),
  };
}

/** A fitted neighbourhood. Contributions are by occlusion against the training medians. */
export class KNearestNeighborsModel implements Model {
  readonly learner = 'k-nearest-neighbors';
  readonly columns: number;
  private readonly tree: PointTree;

  constructor(
    private readonly groups: RowGroups,
    private readonly reference: Float64Array,
    private readonly nNeighbors: number,
    private readonly weights: Weights,
  ) {
    this.columns = reference.length;
    this.tree = new PointTree(groups.points, this.columns);
  }

  /** @throws ModelStateError */
  static fromState(state: ModelState): KNearestNeighborsModel {
    const columns = stateCount(state, 'columns');
    const rows = stateArray(state, 'rows', Uint32Array);
    const groups: RowGroups = {
      points: stateNumbers(state, 'points', rows.length * columns),
      rows,
      weight: stateNumbers(state, 'weight', rows.length),
      threat: stateNumbers(state, 'threat', rows.length),
    };
    const { weights } = state.meta;
    if (weights !== 'uniform' && weights !== 'distance') {
      throw new ModelStateError(`${state.learner}: weights is neither uniform nor distance`);
    }
    const bad = rows.findIndex(
      (n, i) =>
        n === 0 ||
        !(groups.weight[i] > 0) ||
        !(groups.threat[i] >= 0 && groups.threat[i] <= groups.weight[i]),
    );
    if (bad >= 0) throw new ModelStateError(`${state.learner}: point ${bad} has impossible votes`);
    const nNeighbors = stateCount(state, 'nNeighbors');
    if (nNeighbors > rows.reduce((sum, n) => sum + n, 0)) {
      throw new ModelStateError(`${state.learner}: nNeighbors is above the number of rows`);
    }
    return new KNearestNeighborsModel(groups, stateNumbers(state, 'reference', columns), nNeighbors, weights);
  }

  /** Also @throws RangeError on a missing value, naming its column. */
  predict(x: Matrix): Float64Array {
    checkColumns(x, this.columns);
    checkComplete(x);
    return Float64Array.from({ length: x.rows }, (_, i) => this.threatShare(x.row(i)));
  }

  explain(row: Float64Array): Contributions {
    checkColumns({ columns: row.length }, this.columns);
    return occlude(row, this.reference, (x) => this.predict(x));
  }

  toState(): ModelState {
    const { columns, nNeighbors, weights, reference } = this;
    return {
      learner: this.learner,
      meta: { columns, nNeighbors, weights },
      arrays: { ...this.groups, reference },
    };
  }

  /** As many points as neighbours always hold enough rows; of the last point only as many as are needed count. */
  private threatShare(row: Float64Array): number {
    const nearest = this.tree.nearest(row, this.nNeighbors);
    const exact = nearest[0].distance === 0;
    let wanted = this.nNeighbors;
    let total = 0;
    let threats = 0;
    for (const { group, distance } of nearest) {
      if (wanted <= 0 || (this.weights === 'distance' && exact && distance > 0)) break;
      const share = Math.min(1, wanted / this.groups.rows[group]);
      const vote = this.weights === 'distance' && !exact ? share / distance : share;
      total += vote * this.groups.weight[group];
      threats += vote * this.groups.threat[group];
      wanted -= this.groups.rows[group];
    }
    return Math.min(1, threats / total);
  }
}

/**
 * Columns that the tree cuts. ml-knn copies a point for every node it passes, which costs more than it saves
 * once there are many columns, and a k-d tree prunes little beyond some eight.
 */
const treeColumns = 8;

/** ml-knn's k-d tree, cutting the widest columns and measuring all of them. */
class PointTree {
  private readonly cuts: readonly number[];
  private readonly knn: KNN;
  private query: Float64Array = new Float64Array(0);

  constructor(
    private readonly points: Float64Array,
    private readonly columns: number,
  ) {
    const count = points.length / columns;
    this.cuts = widestColumns(points, columns).slice(0, treeColumns);
    const groups = Array.from({ length: count }, (_, group) => group);
    const coordinates = groups.map((group) => this.cuts.map((column) => points[group * columns + column]));
    this.knn = new KNN(coordinates, groups, { distance: (from, point) => this.distance(from, point) });
  }

  /** The `count` nearest points (all, if there are fewer), nearest first and then by number. */
  nearest(row: Float64Array, count: number): { group: number; distance: number }[] {
    this.query = row;
    return this.knn.kdTree
      .nearest(
        this.cuts.map((column) => row[column]),
        count,
      )
      .map(([point, distance]) => ({ group: point[this.cuts.length], distance }))
      .sort((a, b) => a.distance - b.distance || a.group - b.group);
  }

  /** From the query, or, given what ml-knn prunes by (it is no array), along the cut columns only. */
  private distance(from: ArrayLike<number>, point: number[]): number {
    let sum = 0;
    if (Array.isArray(from)) {
      const start = point[this.cuts.length] * this.columns;
      for (let j = 0; j < this.columns; j++) sum += (this.query[j] - this.points[start + j]) ** 2;
    } else {
      for (let j = 0; j < this.cuts.length; j++) sum += (from[j] - point[j]) ** 2;
    }
    return Math.sqrt(sum);
  }
}

/** Columns by descending variance over the points. */
function widestColumns(points: Float64Array, columns: number): number[] {
  const count = points.length / columns;
  const sums = new Float64Array(columns);
  const variances = new Float64Array(columns);
  for (let i = 0; i < points.length; i++) sums[i % columns] += points[i];
  for (let i = 0; i < points.length; i++)
    variances[i % columns] += (points[i] - sums[i % columns] / count) ** 2;
  return Array.from(variances.keys()).sort((a, b) => variances[b] - variances[a]);
}
