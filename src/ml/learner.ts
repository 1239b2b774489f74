import type { Matrix } from './matrix.js';

/** The learners a contract may name; scikit-learn's names, hyphenated. */
export const learnerNames = [
  'random-forest',
  'logistic-regression',
  'k-nearest-neighbors',
  'ml-random-forest',
] as const;
export type LearnerName = (typeof learnerNames)[number];

/** Options of a learner by scikit-learn's names in camel case; a bad one is a `RangeError` at creation. */
export type LearnerOptions = Readonly<Record<string, number | string | boolean | null>>;

export interface FitContext {
  /** Everything random comes from here: same data, options and seed give the same model, bit for bit. */
  readonly seed: number;
  /** Weight of each row, `rows` values >= 0; all 1 when absent. */
  readonly sampleWeight?: Float64Array;
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

/** What each feature added to one row's score: `base + sum(values)` is the model's raw output for it. */
export interface Contributions {
  readonly base: number;
  /** One value a column of the fitted matrix. */
  readonly values: Float64Array;
}

/** A fitted learner. */
export interface Model {
  readonly learner: LearnerName;
  readonly columns: number;
  /** Probability of threat, uncalibrated, in [0, 1], one a row. @throws RangeError on another number of columns. */
  predict(x: Matrix): Float64Array;
  /** Contributions to one row's raw output (`columns` values in). The unit is the learner's own. */
  explain(row: Float64Array): Contributions;
  /** The fitted state for the bundle; `loadModel` takes it back. */
  toState(): ModelState;
}

export type StateArray = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/** A model taken apart: small things as JSON, large ones as typed arrays. */
export interface ModelState {
  readonly learner: LearnerName;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly arrays: Readonly<Record<string, StateArray>>;
}

/** A stored model that cannot be what this code wrote: truncated, damaged or hostile. */
export class ModelStateError extends Error {
  override readonly name = 'ModelStateError';
}
