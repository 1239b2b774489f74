import type { Contributions } from '../ml/learner.js';
import type { Matrix } from '../ml/matrix.js';
import type { CellParser, Value } from './tabular/cells.js';

/** A column of a detector's raw records. */
export interface RecordColumn {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly parse: CellParser;
  /** Whether records may come without it. */
  readonly optional?: boolean;
}

export interface FinishOptions {
  /** Rows of the result by the order in which they were added; as added when absent. */
  readonly order?: Int32Array;
  /** Whether other threads are to read the result without a copy. */
  readonly shared?: boolean;
  /** Whether learners are fitted on the result: it may be made to hold what serving will meet beside the ordinary. */
  readonly training?: boolean;
}

/** Turns records into features: one for training and one for serving, of the same code. */
export interface Featurizer {
  /**
   * @param values of one record, one a column of the kind's records
   * @param group key of the group that the record belongs to, where the contract groups by a column
   */
  add(values: readonly Value[], group?: number): void;
  /** One row a record, one column a feature of the contract; NaN is missing. Others get turns of the event loop. */
  finish(options?: FinishOptions): Promise<Matrix>;
}

/** One thing that moved a score, in words. */
export interface Reason {
  /** The feature, or the group of features, that it is about. */
  readonly feature: string;
  /** Null where it has none, or none is known. */
  readonly value: Value;
  /** What it added to the uncalibrated score, in the learner's unit; above 0 speaks for a threat. */
  readonly contribution: number;
  readonly text: string;
}

/** A record with what it was scored by. */
export interface ScoredRow {
  readonly values: readonly Value[];
  /** One number a feature of the contract. */
  readonly features: ArrayLike<number>;
  readonly contributions: Contributions;
}

/** A record whose like was not among those that a model learned from. */
export interface UnusualRow {
  /** The isolation forest's. */
  readonly score: number;
  /** Share of the records that were learned from that are less unusual. */
  readonly quantile: number;
  /** How many were learned from. */
  readonly rows: number;
  /** What each feature of the contract added to the logarithm of the score. */
  readonly contributions: ArrayLike<number>;
}

/** A labelled record as the store has it. */
export interface LabelledRecord {
  readonly values: readonly Value[];
  readonly label: 0 | 1;
  /** Where the label comes from: a place among the sources. */
  readonly source: number;
}

/** What a supplement makes up by itself: sources of their own, which weigh as the contract's `supplement` says. */
export const madeSources = ['knownDomains', 'imitations'] as const;

/** A row that learners are fitted on beside the records; nothing is ever measured on it. */
export interface SupplementRow extends Omit<LabelledRecord, 'source'> {
  /** The source that it weighs with: the place of one of the records', or one that is made up. */
  readonly source: number | (typeof madeSources)[number];
}

/** What is particular to a kind of detector: what its records hold, and what learners see of them. */
export interface DetectorKind {
  readonly columns: readonly RecordColumn[];
  /** Whether files may be bare lists: a line a record, of the only column. */
  readonly bareLines: boolean;
  /** Whether files are logs of network flows, of any of their formats. */
  readonly flowLogs?: boolean;
  featurizer(): Featurizer;
  /** What the contract's `supplement` comes to, the same for the same records in the same order. */
  supplement?(records: readonly LabelledRecord[]): Promise<SupplementRow[]>;
  /** All that there is to say of a score, in no order; what did not move it may be among it. */
  reasons(row: ScoredRow): Reason[];
  /** Says that nothing like a record was learned from, and by what; absent where the kind has no words for it. */
  noveltyReason?(row: UnusualRow): Reason;
}
