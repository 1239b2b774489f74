import { ApiProperty } from '@nestjs/swagger';
import type { BandedCurves } from '../ml/curve-bands.js';
import type { ReliabilityPoint } from '../ml/curves.js';
import type { Intervals, PairedDifference } from '../ml/bootstrap.js';
import type { Metrics } from '../ml/metrics.js';
import type { Interval } from '../ml/resampling.js';
import type { ChosenThreshold } from '../ml/thresholds.js';
import {
  ConfusionDto,
  intervalOrNull,
  IntervalsDto,
  MetricsDto,
  ThresholdsDto,
} from '../registry/metrics.dto.js';
import { PrecisionRecallPointDto, RocPointDto } from './candidate.dto.js';

/** How a threshold came about. */
export class ChosenThresholdDto implements ChosenThreshold {
  /** Probability from which a row counts, 0 to 1. */
  threshold!: number;
  /** Whether the aim of the contract's policy was reached. */
  reached!: boolean;
  /** What the policy looks at, at this threshold: a rate, precision, F1, the mean cost of a row or the fixed value. */
  achieved!: number;
}

/** How each verdict's threshold came about. */
export class ThresholdPoliciesDto {
  /** Of the verdict `suspicious`. */
  suspicious!: ChosenThresholdDto;
  /** Of the verdict `malicious`, before it is raised to that of `suspicious`. */
  malicious!: ChosenThresholdDto;
}

/** Metrics on one part of the data, at the threshold of `suspicious`. */
export class PartMetricsDto {
  /** The metrics. */
  @ApiProperty({ type: MetricsDto })
  metrics!: Metrics;
  /** Their 95 % bootstrap intervals, drawn by group. */
  @ApiProperty({ type: IntervalsDto })
  intervals!: Intervals;
}

/** Rows by truth and verdict at the other threshold. */
export class ConfusionsDto {
  /** A row counts as flagged from `malicious` on. */
  malicious!: ConfusionDto;
}

/** Metrics on the test part. */
export class TestMetricsDto extends PartMetricsDto {
  /** What the metrics do not hold; absent of runs before it was kept. */
  confusions?: ConfusionsDto;
}

/** 95 % intervals of the rates at a point of the ROC curve. */
export class RocBandDto {
  /** Of the false-positive rate. */
  @ApiProperty(intervalOrNull)
  falsePositiveRate!: Interval | null;
  /** Of the share of threats that are flagged. */
  @ApiProperty(intervalOrNull)
  truePositiveRate!: Interval | null;
}

export class BandedRocPointDto extends RocPointDto {
  /** 95 % intervals of the two rates at this threshold. */
  band!: RocBandDto;
}

/** 95 % intervals at a point of the precision-recall curve. */
export class PrecisionRecallBandDto {
  /** Of the precision. */
  @ApiProperty(intervalOrNull)
  precision!: Interval | null;
  /** Of the recall. */
  @ApiProperty(intervalOrNull)
  recall!: Interval | null;
}

export class BandedPrecisionRecallPointDto extends PrecisionRecallPointDto {
  /** 95 % intervals of the two rates at this threshold. */
  band!: PrecisionRecallBandDto;
}

/** 95 % interval at a point of the reliability curve. */
export class ReliabilityBandDto {
  /** Of the share of threats. */
  @ApiProperty(intervalOrNull)
  observed!: Interval | null;
}

/** One bin of probabilities. */
export class ReliabilityPointDto implements ReliabilityPoint {
  /** Mean probability of the bin's rows, 0 to 1. */
  predicted!: number;
  /** Share of threats among them, 0 to 1. */
  observed!: number;
  /** Rows of the bin. */
  rows!: number;
  /** 95 % interval of the share of threats. */
  band!: ReliabilityBandDto;
}

/** Curves of the test part with 95 % bands by group. */
export class BandedCurvesDto implements BandedCurves {
  /** ROC curve, at most 100 points. */
  @ApiProperty({ type: [BandedRocPointDto] })
  roc!: readonly BandedRocPointDto[];
  /** Precision-recall curve, at most 100 points. */
  @ApiProperty({ type: [BandedPrecisionRecallPointDto] })
  precisionRecall!: readonly BandedPrecisionRecallPointDto[];
  /** Probability against observed share of threats, a point a bin that has rows. */
  @ApiProperty({ type: [ReliabilityPointDto] })
  reliability!: readonly ReliabilityPointDto[];
}

/** What the model loses when the values of one feature are shuffled. */
export class FeatureImportanceDto {
  /** The feature. */
  feature!: string;
  /** Mean loss of the contract's selection metric over the shuffles; positive where the model is worse off. */
  mean!: number;
  /** Standard deviation over the shuffles. */
  std!: number;
}

/** What an evaluation leaves in the run: all but the parts that go into the bundle alone. */
export class EvaluationDto {
  /** Probabilities from which the verdicts are given. */
  thresholds!: ThresholdsDto;
  /** How each threshold came about, and whether its policy's aim was reached. */
  policies!: ThresholdPoliciesDto;
  /** On out-of-fold predictions of the training part, where calibration and thresholds were chosen. */
  validation!: PartMetricsDto;
  /** On the test part, which chose nothing. */
  test!: TestMetricsDto;
  /** Of the test part. */
  curves!: BandedCurvesDto;
  /** Of each feature on the test part, greatest first; empty where the selection metric has no value there. */
  @ApiProperty({ type: [FeatureImportanceDto] })
  importance!: readonly FeatureImportanceDto[];
}

/** One rule of the gate with what it found. */
export class GateCheckDto {
  /** Which rule. @example 'not-worse-than-champion' */
  name!: string;
  /** Whether the version keeps to it. */
  passed!: boolean;
  /** What was found and what was asked for, in a sentence. */
  message!: string;
  /** The figure, in the rule's own unit; null where it has no value. */
  observed!: number | null;
  /** Its bound, in the same unit. */
  limit!: number;
}

/** Challenger minus champion on the same rows. */
export class PairedDifferenceDto implements PairedDifference {
  /** Of the comparison's metric. */
  difference!: number;
  /** Lower end of its 95 % interval. */
  low!: number;
  /** Upper end of its 95 % interval. */
  high!: number;
}

/** What the gate found of a new version. */
export class GateReportDto {
  /** Whether every check is passed. */
  passed!: boolean;
  /** The champion it was compared with; null when there was none or it cannot be compared. */
  champion!: number | null;
  /** Every check, passed or not. */
  @ApiProperty({ type: [GateCheckDto] })
  checks!: readonly GateCheckDto[];
  /** Challenger minus champion; null where they were not compared. */
  comparison!: PairedDifferenceDto | null;
  /** Why there was no comparison with a champion, and what decided in its place; null where there was one. */
  notCompared!: string | null;
}
