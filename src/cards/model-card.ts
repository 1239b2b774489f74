import type { Contract, ThresholdPolicy } from '../detector/contract.js';
import type { Confusion } from '../ml/metrics.js';
import type { Alias, Deployment } from '../registry/deployment.schema.js';
import type {
  CandidateRecord,
  CardOptions,
  CurvesRecord,
  GateRecord,
  ImportanceRecord,
  PartRecord,
  SearchRecord,
  SourceRecord,
} from './training-record.js';

/**
 * What a model version is, what it was made from and what to expect of it, after "Model Cards for Model Reporting"
 * (Mitchell et al. 2019). It is written once, when the version is made, and kept as it is. A part that was not known
 * then is null.
 */
export interface ModelCard {
  /** Of this form. */
  readonly schemaVersion: 1;
  readonly modelDetails: ModelDetails;
  readonly intendedUse: IntendedUse;
  readonly data: CardData;
  readonly modelSelection: ModelSelection | null;
  readonly evaluation: CardEvaluation;
  readonly thresholds: readonly CardThreshold[];
  readonly gate: GateRecord | null;
  /** Of versions that say how unlike the training part a record is. */
  readonly novelty?: CardNovelty;
  readonly caveatsAndRecommendations: readonly string[];
}

/** A card with what has happened to its version since. */
export interface ServedModelCard extends ModelCard {
  readonly deployments: {
    /** Aliases that point to it now. */
    readonly aliases: readonly Alias[];
    /** Moves of an alias to this version or away from it, newest first. */
    readonly moves: readonly Omit<Deployment, '_id' | 'detector'>[];
  };
}

export interface ModelDetails {
  readonly detector: string;
  readonly version: number;
  readonly title: string;
  readonly candidate: string;
  readonly learner: string;
  /** With the learner's defaults filled in; null when only the contract's are known and say nothing. */
  readonly options: CardOptions | null;
  readonly imputer: string | null;
  readonly encoder: string | null;
  readonly calibration: Contract['calibration'];
  /** ISO 8601, UTC. */
  readonly trainedAt: string;
  /** Of the winner on the whole training part. */
  readonly fitMs: number | null;
  readonly run: string;
  /** Who started the run. */
  readonly actor: string | null;
  /** Null where an imported bundle does not say, and so the next one. */
  readonly seed: number | null;
  readonly codeVersion: string | null;
  /** Digest of its bundle. */
  readonly sha256: string;
  /** Bytes of its bundle. */
  readonly size: number;
  /** What it takes. */
  readonly features: readonly { readonly name: string; readonly type: string; readonly meaning: string }[];
}

export interface IntendedUse {
  readonly primaryUses: readonly string[];
  readonly outOfScopeUses: readonly string[];
  /** What a probability is the probability of, and how the data's label column says it. */
  readonly positiveClass: {
    readonly name: 'threat';
    readonly column: string;
    readonly values: readonly string[];
  };
}

export interface CardData {
  readonly source: Contract['source'];
  /** Of the snapshot, sha256: equal data, equal fingerprint. */
  readonly fingerprint: string | null;
  readonly contractSha256: string;
  readonly rows: number;
  readonly threats: number;
  /** Rows whose feature vector and label occurred before. */
  readonly duplicates: number | null;
  readonly train: DataPart;
  readonly test: DataPart;
  /** Of the cross-validation on the training part. */
  readonly folds: number;
  /** What keeps rows together on one side of every split, as the contract says it. */
  readonly group: Contract['group'];
  /** Where the split is by time: the column, and the moment (ISO 8601) that all training rows are before. */
  readonly time: { readonly column: string; readonly testFrom: string | null } | null;
  /** Absent where they are not known. */
  readonly sources?: readonly SourceRecord[];
  /** What validation warned of. */
  readonly warnings: readonly string[];
}

export interface DataPart {
  readonly rows: number;
  readonly threats: number;
  readonly groups: number | null;
}

export interface ModelSelection {
  /** The metric that decided. */
  readonly metric: string;
  readonly rule: string;
  readonly candidates: readonly CandidateRecord[];
  readonly search: SearchRecord | null;
}

export interface CardEvaluation {
  /** On rows that chose nothing. */
  readonly test: PartRecord;
  /** On out-of-fold predictions of the training part, where calibration and thresholds were chosen. */
  readonly validation: PartRecord;
  /** On the test part. */
  readonly curves: CurvesRecord | null;
  readonly importance: readonly ImportanceRecord[] | null;
}

export interface CardNovelty {
  readonly learner: 'isolation-forest';
  /** How many rows of the training part it was fitted on. */
  readonly rows: number;
  /** Anomaly score above which a record is new. */
  readonly newAbove: number;
  /** Some of the distribution of their scores: a share of the rows, and the score that it is at or below. */
  readonly quantiles: readonly { readonly level: number; readonly score: number }[];
}

export interface CardThreshold {
  readonly verdict: 'suspicious' | 'malicious';
  /** Probability from which the verdict is given. */
  readonly threshold: number;
  readonly policy: ThresholdPolicy;
  /** What the policy looks at, at the threshold that it chose. */
  readonly achieved: number | null;
  /** Whether the policy's aim was reached. */
  readonly reached: boolean | null;
  /** On the test part, from this threshold on counted as flagged. */
  readonly confusion: Confusion | null;
}
