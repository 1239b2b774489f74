import type { Value } from '../detector/tabular/cells.js';
import type { VerdictName } from '../registry/bundle/scoring-model.js';

/** Which alias the version that answered had: a canary's answers come from the challenger. */
export const servers = ['champion', 'challenger'] as const;
export type ServedBy = (typeof servers)[number];

/** What the version that did not answer says of a record. */
export interface ShadowVerdict {
  readonly version: number;
  readonly probability: number;
  readonly verdict: VerdictName;
}

/** A record and the answer that it got. */
export interface Scored {
  /** The verdict's. */
  readonly id: string;
  readonly detector: string;
  readonly at: Date;
  /** That answered. */
  readonly version: number;
  readonly servedBy: ServedBy;
  readonly probability: number;
  readonly verdict: VerdictName;
  /** The record, one value a column of the contract's records. */
  readonly values: readonly Value[];
  /** Null where no challenger scores in the shadow, and where it fell behind. */
  readonly shadow: ShadowVerdict | null;
}
