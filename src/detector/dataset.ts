import type { Matrix } from '../ml/matrix.js';

/** Labelled rows of one detector at one moment, as numbers, in memory that worker threads share. */
export interface Snapshot {
  readonly detector: string;
  /** One row a record, one column a feature of the contract; NaN is missing. */
  readonly x: Matrix;
  /** 1 threat, 0 benign. */
  readonly y: Uint8Array;
  /** sha256 over the records' sorted ids: equal data, equal fingerprint. */
  readonly fingerprint: string;
}
