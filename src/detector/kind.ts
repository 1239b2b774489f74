import type { Matrix } from '../ml/matrix.js';
import type { CellParser, Value } from './tabular/cells.js';

/** A column of a detector's raw records. */
export interface RecordColumn {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly parse: CellParser;
}

export interface FinishOptions {
  /** Rows of the result by the order in which they were added; as added when absent. */
  readonly order?: Int32Array;
  /** Whether other threads are to read the result without a copy. */
  readonly shared?: boolean;
}

/** Turns records into features: one for training and one for serving, of the same code. */
export interface Featurizer {
  /** @param values of one record, one a column of the kind's records */
  add(values: readonly Value[]): void;
  /** One row a record, one column a feature of the contract; NaN is missing. Others get turns of the event loop. */
  finish(options?: FinishOptions): Promise<Matrix>;
}

/** What is particular to a kind of detector: what its records hold, and what learners see of them. */
export interface DetectorKind {
  readonly columns: readonly RecordColumn[];
  /** Whether files may be bare lists: a line a record, of the only column. */
  readonly bareLines: boolean;
  featurizer(): Featurizer;
}
