import type { InputFault } from '../common/errors.js';
import type { Contributions } from '../ml/learner.js';
import type { Matrix } from '../ml/matrix.js';
import type { Key } from './flow/flow-hash.js';
import type { HostFinding } from './flow/host-finding.js';
import type { LocalNetworks } from './flow/local-networks.js';
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

/** A verdict that follows from what an item is, whatever a model would say of it. */
export interface Rule {
  readonly verdict: 'benign' | 'suspicious' | 'malicious';
  /** Names the rule, as a feature is named. */
  readonly feature: string;
  /** What it rests on, each a clause, the weightiest first. */
  readonly texts: readonly string[];
  /** Of threat, as no model is asked; null where the model's probability stands beside the rule's verdict. */
  readonly probability: number | null;
  /** Decides only where a model's verdict is worse (`most`), or where it is milder (`least`); always when absent. */
  readonly limit?: 'most' | 'least';
}

/** A record as it goes through scoring. What was parsed of it is kept, by its kind's own class. */
export interface Item {
  /** One value a column of the kind's records. */
  readonly values: readonly Value[];
  /** What decides on it without a model; null or absent where nothing does. */
  readonly rule?: Rule | null;
  /** How it leads to what is scored in its place, as a clause; null or absent where it is scored itself. */
  readonly lead?: string | null;
  /** Items that it leads on to: the worst verdict among them and itself counts. */
  readonly onward?: readonly Item[];
}

/** What else is known when an item is scored: nothing, the other items of its request, or the log before it. */
export const contexts = ['alone', 'request', 'log'] as const;
export type Context = (typeof contexts)[number];

/** What a flow's host was found to do, without the flows that prove it. */
export type ItemFinding = Omit<HostFinding, 'uids'>;

/** Items with what learners see of them. */
export interface FeaturizedItems {
  /** One row an item, one column a feature of the contract; NaN is missing. */
  readonly x: Matrix;
  /** The context that each item was put in. Absent: each is alone. */
  readonly contexts?: readonly Context[];
  /** The findings that each item is part of. Absent: there are none. */
  readonly findings?: readonly (readonly ItemFinding[])[];
  /** What decides on each item in its context without a model; null where nothing does. Absent: on none. */
  readonly rules?: readonly (Rule | null)[];
  /** What each item would be an alert about; null where it cannot be said. Absent: every item is one of its own. */
  readonly causes?: readonly (AlertCause | null)[];
}

/** What an alert is about: items of one cause are one alert. */
export interface AlertCause {
  readonly key: Key;
  /** Hash of the host of the network that the alert would be charged to. */
  readonly host: number;
  /** Seconds. */
  readonly at: number;
}

/** What an operator has said of the place where items come from. */
export interface Surroundings {
  /** The standard ones where absent. */
  readonly localNetworks?: LocalNetworks;
}

/** Featurizes the items of one request or log: those that came before may be the context of those that come. */
export interface ItemFeaturizer {
  featurize(items: readonly Item[]): Promise<FeaturizedItems>;
  /**
   * What the items brought to light about hosts and was not reported yet, each finding as it stands now: when it is
   * found, now and then as it goes on, and when it is over. @param isEnd whether nothing else is to come
   */
  newFindings?(isEnd?: boolean): HostFinding[];
  /** What the items brought to light about hosts altogether. */
  allFindings?(): HostFinding[];
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
  /** Where it stands among the others however much it added; by how much it added when absent. */
  readonly place?: 'first' | 'last';
}

/** A record with what it was scored by. */
export interface ScoredRow {
  readonly item: Item;
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
export const madeSources = ['knownDomains', 'imitations', 'ordinaryPages'] as const;

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
  /** Whether what learners see of an item depends on nothing but the item. */
  readonly isIndependent: boolean;
  /** The item of a record's values, each parsed by its column; a fault where they are no item after all. */
  item(values: readonly Value[]): Item | InputFault;
  /** For items that are scored in this context. */
  open(context: Context, surroundings?: Surroundings): ItemFeaturizer;
  featurizer(): Featurizer;
  /** What the contract's `supplement` comes to, the same for the same records in the same order. */
  supplement?(records: readonly LabelledRecord[]): Promise<SupplementRow[]>;
  /**
   * All that there is to say of a score, in no order; what did not move it may be among it.
   * @param isFlagged whether the model's verdict is more than benign
   */
  reasons(row: ScoredRow, isFlagged: boolean): Reason[];
  /** Says that nothing like a record was learned from, and by what; absent where the kind has no words for it. */
  noveltyReason?(row: UnusualRow): Reason;
}

export function isFault(item: Item | InputFault): item is InputFault {
  return 'message' in item;
}
