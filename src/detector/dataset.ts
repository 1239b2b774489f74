import type { Matrix } from '../ml/matrix.js';

/** Rows that learners are fitted on beside the records of a snapshot; columns as there. */
export interface Supplement extends Pick<Snapshot, 'x' | 'y'> {
  /** The key of each row's group. */
  readonly groupKeys: Float64Array;
  /** The source that each row weighs with: a place in the snapshot's names, or their number and one in `madeSources`. */
  readonly sources: Int32Array;
}

/** Labelled rows of one detector at one moment, as numbers, in memory that worker threads share. */
export interface Snapshot {
  readonly detector: string;
  /** One row a record, one column a feature of the contract; NaN is missing. */
  readonly x: Matrix;
  /** 1 threat, 0 benign. */
  readonly y: Uint8Array;
  /** Where the contract groups by a column: the key of each row's group, by `groupKeyOf`. */
  readonly groupKeys?: Float64Array;
  /** Where the contract groups by a column: the text behind the keys of large groups, those of `gate.slices.minRows`. */
  readonly groupNames?: ReadonlyMap<number, string>;
  /** The key of each row's record, by `recordKeyOf`. */
  readonly recordKeys?: Float64Array;
  /** Where each row's label comes from: a place in `names`, which are those of the batches' sources. */
  readonly sources?: {
    readonly names: readonly string[];
    /** Under which each may be used; null where nobody said. */
    readonly licences?: readonly (string | null)[];
    readonly rows: Int32Array;
  };
  /** Where the contract splits by time: when each row was seen, in seconds since 1970. */
  readonly times?: Float64Array;
  /** What learners are fitted on beside the records, and nothing is measured on. */
  readonly supplement?: Supplement;
  /** Records left out: stored before the contract asked for their split columns. */
  readonly leftOut?: number;
  /** sha256 over the records' sorted ids: equal data, equal fingerprint. */
  readonly fingerprint: string;
}
