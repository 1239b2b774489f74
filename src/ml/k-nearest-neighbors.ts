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
import { buildBoxTree } from './neighbors/box-tree.js';
import { distinctRows, sharedFloats, sharedInts } from './neighbors/distinct-rows.js';
import { type MetricName, metricNames } from './neighbors/metrics.js';
import { type Ballot, type Electorate, vote, type VoteWeights } from './neighbors/vote.js';
import { columnMedians, occlude } from './occlusion.js';
import { integer, oneOf, option, type OptionsOf, readOptions } from './options.js';
import { alone, type Team } from './parallel/team.js';

const table = {
  nNeighbors: option(5, integer(1)),
  weights: option<VoteWeights>('uniform', oneOf('uniform', 'distance')),
  metric: option<MetricName>('euclidean', oneOf(...metricNames)),
};
type Options = OptionsOf<typeof table>;

/**
 * K nearest neighbours, exactly. The probability is the share of threats among the `nNeighbors` nearest training
 * rows, of rows as near as each other the earliest; with `weights: 'distance'` each counts by its inverse distance,
 * and rows at distance 0, if there are any, count alone (as in scikit-learn). A row's sample weight weighs its
 * vote; rows of weight 0 are left out.
 *
 * Equal rows are measured once, in training data as in what is predicted, and a tree of boxes spares most of the
 * distances where the rows lie in clusters. Time a row is in the worst case that of all distances.
 */
export class KNearestNeighbors implements Learner {
  readonly name = 'k-nearest-neighbors';
  readonly options: Options;

  /** @throws RangeError on an unknown option or a bad value */
  constructor(options: LearnerOptions = {}) {
    this.options = readOptions(this.name, table, options);
  }

  /** Also @throws RangeError on a missing value, naming its column, and on fewer rows than `nNeighbors`. */
  fit(x: Matrix, y: Uint8Array, context: FitContext): KNearestNeighborsModel {
    checkTrainingSet(x, y, context);
    checkComplete(x);
    const voters = votersOf(x, y, context.sampleWeight ?? new Float64Array(x.rows).fill(1));
    const { nNeighbors } = this.options;
    if (nNeighbors > voters.order.length) {
      throw new RangeError(`${this.name}: nNeighbors is ${nNeighbors} of ${voters.order.length} rows`);
    }
    return new KNearestNeighborsModel(voters, columnMedians(x), this.options);
  }
}

/** The training rows, equal ones as one point. */
interface Voters {
  /** Distinct points, row after row. */
  readonly points: Float64Array;
  /** For each point, how many rows it is. */
  readonly rows: Uint32Array;
  /** For each row, point after point: its number, rising within a point, its weight and its label. */
  readonly order: Int32Array;
  readonly weight: Float64Array;
  readonly threat: Uint8Array;
}

function votersOf(x: Matrix, y: Uint8Array, weight: Float64Array): Voters {
  const kept = Int32Array.from({ length: x.rows }, (_, i) => i).filter((i) => weight[i] > 0);
  const { points, pointOf } = distinctRows(kept.length < x.rows ? x.take(kept) : x);
  const rows = new Uint32Array(points.length / x.columns);
  for (const point of pointOf) rows[point]++;
  const next = startsOf(rows);
  const order = new Int32Array(kept.length);
  kept.forEach((row, i) => (order[next[pointOf[i]]++] = row));
  return {
    points,
    rows,
    order,
    weight: Float64Array.from(order, (row) => weight[row]),
    threat: Uint8Array.from(order, (row) => y[row]),
  };
}

/** Where the rows of each point begin, and where the last ones end. */
function startsOf(rows: Uint32Array): Int32Array {
  const starts = new Int32Array(rows.length + 1);
  rows.forEach((n, point) => (starts[point + 1] = starts[point] + n));
  return starts;
}

/** Distances that a thread should have to compute, if none were spared, before others are asked to help. */
const helpFrom = 1_000_000;

/** A fitted neighbourhood. Contributions are by occlusion against the training medians. */
export class KNearestNeighborsModel implements Model {
  readonly learner = 'k-nearest-neighbors';
  readonly columns: number;
  private readonly electorate: Electorate;

  constructor(
    private readonly voters: Voters,
    private readonly reference: Float64Array,
    private readonly options: Options,
  ) {
    this.columns = reference.length;
    const weight = sharedFloats(voters.weight.length);
    weight.set(voters.weight);
    this.electorate = {
      ...options,
      tree: buildBoxTree(voters.points, this.columns),
      starts: sharedInts(startsOf(voters.rows)),
      order: sharedInts(voters.order),
      weight,
      threat: voters.threat,
    };
  }

  /** @throws ModelStateError */
  static fromState(state: ModelState): KNearestNeighborsModel {
    const columns = stateCount(state, 'columns');
    const voters = storedVoters(state, columns);
    const nNeighbors = stateCount(state, 'nNeighbors');
    if (nNeighbors > voters.order.length) {
      throw new ModelStateError(`${state.learner}: nNeighbors is above the number of rows`);
    }
    const { weights, metric } = state.meta;
    if (weights !== 'uniform' && weights !== 'distance') {
      throw new ModelStateError(`${state.learner}: weights is neither uniform nor distance`);
    }
    const known = metricNames.find((name) => name === metric);
    if (known === undefined) throw new ModelStateError(`${state.learner}: there is no such metric`);
    const reference = stateNumbers(state, 'reference', columns);
    return new KNearestNeighborsModel(voters, reference, { nNeighbors, weights, metric: known });
  }

  /** Also @throws RangeError on a missing value, naming its column. */
  predict(x: Matrix, team: Team = alone): Float64Array {
    checkColumns(x, this.columns);
    checkComplete(x);
    const { points, pointOf } = distinctRows(x);
    const count = points.length / this.columns;
    const ballot: Ballot = {
      electorate: this.electorate,
      points,
      next: sharedInts([0]),
      shares: sharedFloats(count),
    };
    const isLong = count * this.voters.rows.length >= helpFrom;
    const help = (isLong ? team : alone).start(new URL('./neighbors/vote.task.js', import.meta.url), ballot);
    vote(ballot);
    help.finish();
    return Float64Array.from(pointOf, (point) => ballot.shares[point]);
  }

  explain(row: Float64Array): Contributions {
    checkColumns({ columns: row.length }, this.columns);
    return occlude(row, this.reference, (x) => this.predict(x));
  }

  toState(): ModelState {
    const { columns, voters, reference } = this;
    return {
      learner: this.learner,
      meta: { columns, ...this.options },
      arrays: { ...voters, reference },
    };
  }
}

function storedVoters(state: ModelState, columns: number): Voters {
  const rows = stateArray(state, 'rows', Uint32Array);
  const order = stateArray(state, 'order', Int32Array);
  const voters: Voters = {
    points: stateNumbers(state, 'points', rows.length * columns),
    rows,
    order,
    weight: stateNumbers(state, 'weight', order.length),
    threat: stateArray(state, 'threat', Uint8Array, order.length),
  };
  const empty = rows.indexOf(0);
  if (empty >= 0) throw new ModelStateError(`${state.learner}: point ${empty} has no rows`);
  if (rows.reduce((sum, n) => sum + n, 0) !== order.length) {
    throw new ModelStateError(`${state.learner}: the points have not ${order.length} rows`);
  }
  const bad = order.findIndex((_, i) => !(voters.weight[i] > 0) || voters.threat[i] > 1);
  if (bad >= 0) throw new ModelStateError(`${state.learner}: row ${bad} has an impossible vote`);
  checkOrder(state, voters);
  return voters;
}

/** Of rows that are as near as each other the search takes the first, so that a point's must be in order. */
function checkOrder(state: ModelState, { rows, order }: Voters): void {
  const starts = startsOf(rows);
  if (new Set(order).size !== order.length || order.some((row) => row < 0)) {
    throw new ModelStateError(`${state.learner}: rows stand in more than one place`);
  }
  for (let point = 0; point < rows.length; point++) {
    for (let at = starts[point] + 1; at < starts[point + 1]; at++) {
      if (order[at] <= order[at - 1])
        throw new ModelStateError(`${state.learner}: point ${point} is out of order`);
    }
  }
}
