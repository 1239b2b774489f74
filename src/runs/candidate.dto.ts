import { ApiProperty } from '@nestjs/swagger';
import { type SearchMethod, searchMethods } from '../detector/candidate.js';
import type { PrecisionRecallPoint, RocPoint } from '../ml/curves.js';
import type { LearnerOptions } from '../ml/learner.js';
import type { MetricName, Metrics } from '../ml/metrics.js';
import { MetricsDto, MetricValuesDto, optionsByName } from '../registry/metrics.dto.js';

/** `finished` on all folds; `dropped` for better ones; `failed` to fit; `stopped` when the time was up. */
export const trialStatuses = ['finished', 'dropped', 'failed', 'stopped'] as const;
export type TrialStatus = (typeof trialStatuses)[number];

type MetricSummary = Readonly<Record<MetricName, number | null>>;

/** One fold of a cross-validation. */
export class FoldDto {
  /** On the fold's held-out rows, at a threshold of 0.5. */
  @ApiProperty({ type: MetricsDto })
  metrics!: Metrics;
  /** Time of the fit, milliseconds. */
  fitMs!: number;
}

/** One threshold on a ROC curve. */
export class RocPointDto implements RocPoint {
  /** Probability from which a row is flagged; null in the first point: above every probability. */
  threshold!: number | null;
  /** Share of the benign rows that are flagged there, 0 to 1. */
  falsePositiveRate!: number;
  /** Share of the threats that are flagged there, 0 to 1. */
  truePositiveRate!: number;
}

/** One threshold on a precision-recall curve. */
export class PrecisionRecallPointDto implements PrecisionRecallPoint {
  /** Probability from which a row is flagged. */
  threshold!: number;
  /** Share of threats among the flagged rows, 0 to 1. */
  precision!: number;
  /** Share of the threats that are flagged, 0 to 1. */
  recall!: number;
}

/** Curves of the out-of-fold predictions. */
export class CurvesDto {
  /** ROC curve, at most 100 points. */
  @ApiProperty({ type: [RocPointDto] })
  roc!: readonly RocPointDto[];
  /** Precision-recall curve, at most 100 points. */
  @ApiProperty({ type: [PrecisionRecallPointDto] })
  precisionRecall!: readonly PrecisionRecallPointDto[];
}

/** One set of options that a search tried. */
export class TrialDto {
  /** Its number; 0 are the contract's plain options. */
  trial!: number;
  /** The options that the search may change, by name. */
  @ApiProperty(optionsByName())
  options!: LearnerOptions;
  /** `finished` on all folds; `dropped` for better ones; `failed` to fit; `stopped` when the time was up. */
  @ApiProperty({ enum: trialStatuses })
  status!: TrialStatus;
  /** The last rung it was measured on, from 0. */
  rung!: number;
  /** Share of a fold's training rows that it was fitted on there, 0 to 1. */
  share!: number;
  /** Folds that it was measured on there. */
  folds!: number;
  /** Mean of the contract's selection metric over these folds; null without a value. */
  score!: number | null;
  /** Mean time of a fit over these folds, milliseconds; null where none was finished. */
  fitMs!: number | null;
  /** Why it failed; null where it did not. */
  error!: string | null;
}

/** How one candidate did in cross-validation. */
export class CandidateDto {
  /** As the contract names it. @example 'random-forest' */
  name!: string;
  /** The learner that it fits. @example 'random-forest' */
  learner!: string;
  /** What it puts in the place of missing values. @example 'median' */
  imputer!: string;
  /** How it turns categories into numbers. @example 'ordinal' */
  encoder!: string;
  /** Options of its best trial by name, with the learner's defaults filled in. */
  @ApiProperty(optionsByName())
  options!: LearnerOptions;
  /** Every fold with its metrics. */
  @ApiProperty({ type: [FoldDto] })
  folds!: readonly FoldDto[];
  /** Mean of each metric over the folds, at a threshold of 0.5; null where a fold had no value. */
  @ApiProperty({ type: MetricValuesDto })
  mean!: MetricSummary;
  /** Standard deviation of each metric over the folds. */
  @ApiProperty({ type: MetricValuesDto })
  std!: MetricSummary;
  /** Of the out-of-fold predictions. */
  curves!: CurvesDto;
  /** How many sets of options were tried, the plain ones among them. */
  tried!: number;
  /** The best of them, at most a hundred, in the order in which they were drawn. */
  @ApiProperty({ type: [TrialDto] })
  trials!: readonly TrialDto[];
  /** Whether the model was made with it. */
  selected!: boolean;
}

/** What a run's search of options took. */
export class SearchReportDto {
  /** How options were looked for. */
  @ApiProperty({ enum: searchMethods })
  method!: SearchMethod;
  /** Fits that it might take, all candidates together. */
  maxFits!: number;
  /** Seconds that it might take; null without a limit. */
  maxSeconds!: number | null;
  /** Fits of folds that it finished; the plain options' are not counted. */
  fits!: number;
  /** Sets of options that it tried besides the plain ones. */
  trials!: number;
  /** Time that it took, seconds. */
  seconds!: number;
  /** Whether `maxSeconds` ended it; what was finished by then counts. */
  outOfTime!: boolean;
}
