import type { PrecisionRecallPoint, ReliabilityPoint, RocPoint } from '../ml/curves.js';
import type { Confusion } from '../ml/metrics.js';
import type { ChosenThreshold } from '../ml/thresholds.js';
import type { Thresholds } from '../registry/bundle/bundle.js';

/**
 * What a training run passes for the model card of its version: its own record and a few figures beside it. The
 * registry knows no runs, so these are the parts of one that a card reads; what a run does not have is left out.
 */
export interface TrainingRecord {
  /** Who started the run. */
  readonly actor?: string;
  readonly validation?: ValidationRecord | null;
  readonly candidates?: readonly CandidateRecord[];
  readonly search?: SearchRecord | null;
  readonly evaluation?: EvaluationRecord | null;
  readonly gate?: GateRecord | null;
  /** Distinct groups of each part. */
  readonly groups?: PartCounts;
  readonly sources?: readonly SourceRecord[];
  /** Of the winner on the whole training part. */
  readonly fitMs?: number;
}

export interface PartCounts {
  readonly train: number;
  readonly test: number;
}

/** Rows of the snapshot that came from one source of labels. */
export interface SourceRecord {
  readonly name: string;
  /** Null where nobody said. */
  readonly licence: string | null;
  readonly rows: number;
  readonly threats: number;
}

export interface ValidationRecord {
  readonly status: string;
  readonly rows: number;
  readonly threats: number;
  readonly duplicates: number;
  readonly checks: readonly { readonly status: string; readonly message: string }[];
}

export interface CandidateRecord {
  readonly name: string;
  readonly learner: string;
  readonly imputer: string;
  readonly encoder: string;
  readonly options: CardOptions;
  readonly folds: readonly { readonly metrics: CardMetrics; readonly fitMs: number }[];
  readonly mean: Scores;
  readonly std: Scores;
  readonly selected: boolean;
  /** Of the out-of-fold predictions. */
  readonly curves?: Pick<CurvesRecord, 'roc' | 'precisionRecall'>;
  /** How many sets of options were tried, the contract's own among them; 1 where it does not say. */
  readonly tried?: number;
  /** Those of them that are kept. */
  readonly trials?: readonly TrialRecord[];
}

export interface TrialRecord {
  /** 0 are the contract's own options. */
  readonly trial: number;
  /** What the search may change. */
  readonly options: CardOptions;
  /** How it ended. */
  readonly status: string;
  /** Share of a fold's training rows, and the folds, that it was last measured with. */
  readonly share: number;
  readonly folds: number;
  /** Mean of the selection metric over these folds. */
  readonly score: number | null;
  readonly fitMs: number | null;
}

/** What a search for better options took. */
export interface SearchRecord {
  readonly method: string;
  /** Fits of folds, without those of the contract's own options. */
  readonly fits: number;
  readonly seconds: number;
  /** Whether its time ended before its fits did. */
  readonly outOfTime: boolean;
}

/** A learner's options by name. */
export type CardOptions = Readonly<Record<string, number | string | boolean | null>>;

/** A figure for each metric, null where it has no value. Which metrics there are is the matter of the day it was made. */
export type Scores = Readonly<Record<string, number | null>>;

export interface CardMetrics {
  readonly [metric: string]: number | null | Confusion;
  readonly rows: number;
  readonly confusion: Confusion;
}

/** From low to high, with 95 % coverage. */
export type CardInterval = readonly [low: number, high: number];

/** An interval for each metric, and in rows for each cell of the confusion matrix. */
export type CardIntervals = Readonly<Record<string, CardInterval | null>>;

export interface EvaluationRecord {
  readonly policies?: Readonly<Record<keyof Thresholds, ChosenThreshold>>;
  readonly validation?: PartRecord;
  readonly test?: PartRecord & {
    /** At thresholds other than the one that the metrics use. */
    readonly confusions?: Partial<Readonly<Record<keyof Thresholds, Confusion>>>;
  };
  readonly curves?: CurvesRecord;
  /** Permutation importance: what the selection metric loses when a feature's values are shuffled. */
  readonly importance?: readonly ImportanceRecord[] | null;
}

/** Metrics on one part with their 95 % intervals, where those are known. */
export interface PartRecord {
  readonly metrics: CardMetrics;
  readonly intervals: CardIntervals | null;
}

export interface CurvesRecord {
  readonly roc?: readonly Banded<RocPoint, 'truePositiveRate'>[];
  readonly precisionRecall?: readonly Banded<PrecisionRecallPoint, 'precision'>[];
  readonly reliability?: readonly Banded<ReliabilityPoint, 'observed'>[];
}

/** A point of a curve, perhaps with the interval of what is read there. */
type Banded<Point, Rate extends keyof Point> = Point & {
  readonly band?: Readonly<Record<Rate, CardInterval | null>>;
};

export interface ImportanceRecord {
  readonly feature: string;
  /** Over the shuffles. */
  readonly mean: number;
  readonly std: number;
}

export interface GateRecord {
  readonly passed: boolean;
  /** The champion it was compared with. */
  readonly champion: number | null;
  readonly checks: readonly GateCheckRecord[];
}

export interface GateCheckRecord {
  readonly name: string;
  readonly passed: boolean;
  readonly message: string;
  readonly observed: number | null;
  readonly limit: number;
}
