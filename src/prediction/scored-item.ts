import type { Context } from '../detector/kind.js';
import type { Value } from '../detector/tabular/cells.js';
import type { VerdictName } from '../registry/bundle/scoring-model.js';
import type { DecidedBy, ServedBy, Verdict } from './verdict.js';

/** What a version by itself says of an item, whatever lists and findings say. */
export interface ModelVerdict {
  readonly version: number;
  readonly probability: number;
  readonly verdict: VerdictName;
}

/** The place of an item in a request whose items are each other's context. */
export interface RequestPlace {
  readonly id: string;
  readonly place: number;
  /** Items of the request. */
  readonly size: number;
}

/** An item that a request had scored: all that is needed to score it again in the same context. */
export interface ScoredItem {
  /** The verdict's. */
  readonly id: string;
  readonly detector: string;
  readonly at: Date;
  /** That scored. */
  readonly version: number;
  readonly servedBy: ServedBy;
  readonly probability: number;
  readonly modelVerdict: VerdictName;
  readonly verdict: VerdictName;
  readonly decidedBy: DecidedBy;
  /** Id of the list entry that decided; null without one. */
  readonly entry: string | null;
  readonly context: Context;
  /** Null where the detector's items are independent, and of an item that came by itself. */
  readonly request: RequestPlace | null;
  /** One value a column of the contract's records. */
  readonly values: readonly Value[];
  /** Null where no challenger scores in the shadow, and where it fell behind. */
  readonly shadow: ModelVerdict | null;
}

export function scoredItem(verdict: Verdict, at: Date, request: RequestPlace | null): ScoredItem {
  const { id, version, servedBy, probability, modelVerdict, decidedBy, list, context, item } = verdict;
  return {
    id,
    detector: version.contract.detector,
    at,
    version: version.version,
    servedBy,
    probability,
    modelVerdict,
    verdict: verdict.verdict,
    decidedBy,
    entry: list?._id ?? null,
    context,
    request,
    values: item.values,
    shadow: null,
  };
}
