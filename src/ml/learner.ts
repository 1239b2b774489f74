import type { SparseRow } from './csr-matrix.js';
import type { Matrix } from './matrix.js';
import type { Team } from './parallel/team.js';

/** The learners a contract may name; scikit-learn's names, hyphenated. */
export const learnerNames = [
  'random-forest',
  'extra-trees',
  'decision-tree',
  'ada-boost',
  'gradient-boosting',
  'logistic-regression',
  'k-nearest-neighbors',
  'ml-random-forest',
  'text-boosting',
] as const;
export type LearnerName = (typeof learnerNames)[number];

/** Those that split categories into sets; the others take their codes for numbers. */
export const categoryLearners: readonly LearnerName[] = [
  'random-forest',
  'extra-trees',
  'decision-tree',
  'ada-boost',
  'gradient-boosting',
];
/** Their codes are whole numbers from 0 to one less. */
export const mostCategories = 255;

/** Options of a learner by scikit-learn's names in camel case; a bad one is a `RangeError` at creation. */
export type LearnerOptions = Readonly<Record<string, number | string | boolean | null>>;

export interface FitContext {
  /** Everything random comes from here: same data, options and seed give the same model, bit for bit. */
  readonly seed: number;
  /** Weight of each row, `rows` values >= 0; all 1 when absent. */
  readonly sampleWeight?: Float64Array;
  /**
   * Columns that hold category codes: whole numbers from 0 to 254 that have no order, or NaN. Learners that are not
   * among `categoryLearners` take them for numbers.
   */
  readonly categorical?: readonly number[];
  /**
   * The group of each row, `rows` values: a learner that holds rows out while it fits never parts a group. Rows with
   * equal features are one where it is absent.
   */
  readonly groups?: Int32Array;
  /** Threads that may help; the model is the same, bit for bit, whatever their number. */
  readonly team?: Team;
  /** Called between trees, rounds or iterations. Throwing from it stops the fit. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A learner with its options checked, ready to fit. */
export interface Learner {
  readonly name: LearnerName;
  /** All options with their defaults filled in, as they go into the run. */
  readonly options: LearnerOptions;
  /**
   * Fits on `x` (rows x columns) and `y` (`rows` values, 1 = threat, 0 = benign).
   * @throws RangeError when the shapes disagree, there are no rows or only one class.
   */
  fit(x: Matrix, y: Uint8Array, context: FitContext): Model;
}

/**
 * What each feature added to one row's score: `base + sum(values)`, and `ngrams` where the model looks at the sparse
 * table, is its raw output for the row.
 */
export interface Contributions {
  readonly base: number;
  /** One value a column of the fitted matrix. */
  readonly values: Float64Array;
  /** What all of the sparse row's columns together added. */
  readonly ngrams?: number;
  /** How strongly each non-zero of the sparse row spoke among them, in its order and a unit of their own. */
  readonly ngramValues?: Float64Array;
}

/** A fitted learner. */
export interface Model {
  readonly learner: LearnerName;
  readonly columns: number;
  /**
   * Probability of threat, uncalibrated, in [0, 1], one a row.
   * @param team threads that may help
   * @throws RangeError on another number of columns.
   */
  predict(x: Matrix, team?: Team): Float64Array;
  /**
   * Contributions to one row's raw output. The unit is the learner's own.
   * @param row `columns` values
   * @param sparse the row of the sparse table beside the matrix, for models that look at it
   */
  explain(row: Float64Array, sparse?: SparseRow): Contributions;
  /** The fitted state for the bundle; `loadModel` takes it back. */
  toState(): ModelState;
}

export type StateArray = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/** A model taken apart: small things as JSON, large ones as typed arrays. */
export interface ModelState<Name extends string = LearnerName> {
  readonly learner: Name;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly arrays: Readonly<Record<string, StateArray>>;
}

/** A stored model that cannot be what this code wrote: truncated, damaged or hostile. */
export class ModelStateError extends Error {
  override readonly name = 'ModelStateError';
}

/** @throws RangeError when a fit cannot begin: shapes, labels or weights that no learner can use. */
export function checkTrainingSet(
  x: { readonly rows: number; readonly columns: number },
  y: Uint8Array,
  { sampleWeight, groups }: FitContext,
): void {
  if (x.rows === 0 || x.columns === 0) throw new RangeError(`fit: a matrix of ${x.rows} x ${x.columns}`);
  if (y.length !== x.rows) throw new RangeError(`fit: ${x.rows} rows but ${y.length} labels`);
  if (sampleWeight && sampleWeight.length !== x.rows) {
    throw new RangeError(`fit: ${x.rows} rows but ${sampleWeight.length} weights`);
  }
  if (groups && groups.length !== x.rows) {
    throw new RangeError(`fit: ${x.rows} rows but groups of ${groups.length}`);
  }
  const seen = [false, false];
  for (let i = 0; i < y.length; i++) {
    const weight = sampleWeight ? sampleWeight[i] : 1;
    if (y[i] > 1) throw new RangeError(`fit: the label of row ${i} is ${y[i]}, not 0 or 1`);
    if (!(weight >= 0 && weight < Infinity)) throw new RangeError(`fit: the weight of row ${i} is ${weight}`);
    if (weight > 0) seen[y[i]] = true;
  }
  if (!seen[0] || !seen[1]) throw new RangeError('fit: rows of both classes are needed');
}

/** For learners that cannot take missing values. @throws RangeError naming the first column that has one */
export function checkComplete(x: Matrix): void {
  const at = x.data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const column = Math.floor(at / x.rows);
  throw new RangeError(`column ${column} has the value ${x.data[at]} in row ${at % x.rows}`);
}

/** @throws RangeError when `x` has other columns than the model was fitted on */
export function checkColumns(x: { readonly columns: number }, columns: number): void {
  if (x.columns !== columns) throw new RangeError(`predict: ${x.columns} columns, fitted on ${columns}`);
}

/** @throws ModelStateError when a stored model lacks its parts altogether */
export function checkStateParts(state: ModelState<string>): void {
  if ([state.meta, state.arrays].some((part: unknown) => typeof part !== 'object' || part === null)) {
    throw new ModelStateError('a model state is a learner, meta and arrays');
  }
}

/**
 * The array `name` of a stored model.
 * @param length how many values it must have; any number when left out
 * @throws ModelStateError when it is absent, of another type or length
 */
export function stateArray<T extends StateArray>(
  state: ModelState<string>,
  name: string,
  type: new (length: number) => T,
  length?: number,
): T {
  const array: unknown = Object.hasOwn(state.arrays, name) ? state.arrays[name] : undefined;
  // By tag, for an array that comes from another thread or context is no `instanceof` this one's types.
  if (!ArrayBuffer.isView(array) || (array as StateArray)[Symbol.toStringTag] !== type.name) {
    throw new ModelStateError(`${state.learner}: ${name} is not a ${type.name}`);
  }
  const found = array as T;
  if (length !== undefined && found.length !== length) {
    throw new ModelStateError(`${state.learner}: ${name} has ${found.length} values instead of ${length}`);
  }
  return found;
}

/** Stored numbers beyond it are damage or malice: their squares and products would no longer be finite. */
export const largestStored = 1e100;

/** The same for arrays of numbers that can be reckoned with. */
export function stateNumbers(state: ModelState<string>, name: string, length?: number): Float64Array {
  const array = stateArray(state, name, Float64Array, length);
  if (!array.every((value) => Math.abs(value) <= largestStored)) {
    throw new ModelStateError(`${state.learner}: ${name} is not a list of finite numbers of a usable size`);
  }
  return array;
}

/** The whole number `name`, at least 1, of a stored model's meta. @throws ModelStateError when it is none */
export function stateCount(state: ModelState<string>, name: string): number {
  const value: unknown = Object.hasOwn(state.meta, name) ? state.meta[name] : undefined;
  if (!Number.isSafeInteger(value) || (value as number) < 1) {
    throw new ModelStateError(`${state.learner}: ${name} is not a count`);
  }
  return value as number;
}

/**
 * The weight of each row: its sample weight, times its class weight. `balanced` gives both classes half of the
 * total weight: total / (2 x weight of the class).
 */
export function rowWeights(
  y: Uint8Array,
  { sampleWeight }: FitContext,
  classWeight: 'balanced' | null,
): Float64Array {
  const weights = sampleWeight ? sampleWeight.slice() : new Float64Array(y.length).fill(1);
  if (classWeight === null) return weights;
  const sums = [0, 0];
  weights.forEach((weight, row) => (sums[y[row]] += weight));
  return weights.map((weight, row) => (weight * (sums[0] + sums[1])) / (2 * sums[y[row]]));
}
