import type { Contract } from '../../detector/contract.js';
import type { CalibratorState } from '../../ml/calibration.js';
import type { ModelState } from '../../ml/learner.js';
import type { Metrics } from '../../ml/metrics.js';
import type { ReferenceProfile } from '../../ml/reference-profile.js';
import type { PreprocessorState } from '../../transformation/preprocessor.js';
import type { NoveltyState } from './novelty.js';

export interface Thresholds {
  /** Probability from which a record is at least suspicious. */
  readonly suspicious: number;
  /** Probability from which it is malicious; not below `suspicious`. */
  readonly malicious: number;
}

/** Rows with the probabilities that the evaluation gave them; a loaded bundle must give them again. */
export interface SelfTest {
  /** One row an array, one value a feature as a number; null is missing. */
  readonly rows: readonly (readonly (number | null)[])[];
  /** Where they have n-grams: into how many buckets, and those of each row. */
  readonly ngrams?: { readonly buckets: number; readonly rows: readonly (readonly number[])[] };
  readonly probabilities: readonly number[];
  /** Their anomaly scores, where the bundle has novelty. */
  readonly novelty?: readonly number[];
}

/** Everything that makes one model version, in one file. */
export interface ModelBundle {
  readonly contract: Contract;
  readonly candidate: string;
  readonly preprocessor: PreprocessorState;
  readonly model: ModelState;
  readonly calibrator: CalibratorState;
  readonly thresholds: Thresholds;
  /** What the training part looked like, for drift. */
  readonly reference: ReferenceProfile;
  readonly metrics: { readonly validation: Metrics; readonly test: Metrics };
  readonly selfTest: SelfTest;
  /** The records of the training part, as `encodeKeys` writes their keys; absent in bundles that are older than this member. */
  readonly trainedOn?: string;
  /** Where its data was split by time: all that it learned from was seen before, in seconds since 1970. */
  readonly testFrom?: number;
  /** Where the contract asks for it. */
  readonly novelty?: NoveltyState;
}
