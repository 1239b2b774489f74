import { ApiProperty, type OpenAPIObject } from '@nestjs/swagger';
import type { Intervals } from '../ml/bootstrap.js';
import type { Confusion, MetricName, Metrics } from '../ml/metrics.js';
import type { Interval } from '../ml/resampling.js';
import type { Thresholds } from './bundle/bundle.js';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

const numbers = { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 } as const;

/** Documents `[low, high]`. */
export const interval = { ...numbers, example: [0.97, 0.99] } as const;
export const intervalOrNull = { ...interval, nullable: true } as const;

/** Documents the value of a learner's option. */
export const optionValue = (): Schemas[string] => ({
  oneOf: [{ type: 'number' }, { type: 'string' }, { type: 'boolean' }],
  nullable: true,
});
/** Documents a learner's options by name. */
export const optionsByName = () => ({ type: 'object', additionalProperties: optionValue() }) as const;

/** Rows by truth and verdict; a row counts as flagged from the threshold on. */
export class ConfusionDto implements Confusion {
  /** Threats that were flagged, rows. */
  tp!: number;
  /** Benign rows that were flagged. */
  fp!: number;
  /** Benign rows that were not flagged. */
  tn!: number;
  /** Threats that were not flagged, rows. */
  fn!: number;
}

/** A figure for each metric; null where the rows give it no value. The threat is the positive class. */
export class MetricValuesDto implements Record<MetricName, number | null> {
  /** Share of the rows called rightly, 0 to 1. */
  accuracy!: number | null;
  /** Share of threats among the flagged rows, 0 to 1. */
  precision!: number | null;
  /** Share of the threats that are flagged, 0 to 1. */
  recall!: number | null;
  /** Harmonic mean of precision and recall, 0 to 1. */
  f1!: number | null;
  /** Probability that a threat scores above a benign row, 0 to 1. */
  rocAuc!: number | null;
  /** Area under the precision-recall curve as scikit-learn sums it, 0 to 1. */
  averagePrecision!: number | null;
  /** Recall at the lowest threshold that flags at most 1 in 100 benign rows, 0 to 1. */
  recallAtFpr01!: number | null;
  /** Recall at the lowest threshold that flags at most 1 in 1,000 benign rows, 0 to 1; absent of versions of earlier programs. */
  @ApiProperty({ required: false })
  recallAtFpr001!: number | null;
  /** Share of the benign rows that are flagged, 0 to 1; less is better. */
  falsePositiveRate!: number | null;
  /** Mean squared distance of probability and truth, 0 to 1; less is better. */
  brier!: number | null;
  /** Mean logarithmic loss in nats; less is better. */
  logLoss!: number | null;
  /** Mean distance of probability and observed share of threats over ten bins, 0 to 1; less is better. */
  calibrationError!: number | null;
}

/** Metrics on some rows. */
export class MetricsDto extends MetricValuesDto implements Metrics {
  /** Rows measured. */
  rows!: number;
  /** Rows by truth and verdict. */
  confusion!: ConfusionDto;
}

/** 95 % bootstrap intervals, `[low, high]`, drawn by group; null where one is not known. */
export class IntervalsDto implements Intervals {
  /** Of the share of rows called rightly. */
  @ApiProperty(intervalOrNull)
  accuracy!: Interval | null;
  /** Of the share of threats among the flagged rows. */
  @ApiProperty(intervalOrNull)
  precision!: Interval | null;
  /** Of the share of the threats that are flagged. */
  @ApiProperty(intervalOrNull)
  recall!: Interval | null;
  /** Of the harmonic mean of precision and recall. */
  @ApiProperty(intervalOrNull)
  f1!: Interval | null;
  /** Of the area under the ROC curve. */
  @ApiProperty(intervalOrNull)
  rocAuc!: Interval | null;
  /** Of the area under the precision-recall curve. */
  @ApiProperty(intervalOrNull)
  averagePrecision!: Interval | null;
  /** Of the recall at a false-positive rate of at most 1 %. */
  @ApiProperty(intervalOrNull)
  recallAtFpr01!: Interval | null;
  /** Of the recall at a false-positive rate of at most 0.1 %; absent of versions of earlier programs. */
  @ApiProperty({ ...intervalOrNull, required: false })
  recallAtFpr001!: Interval | null;
  /** Of the share of the benign rows that are flagged. */
  @ApiProperty(intervalOrNull)
  falsePositiveRate!: Interval | null;
  /** Of the Brier score. */
  @ApiProperty(intervalOrNull)
  brier!: Interval | null;
  /** Of the logarithmic loss, nats. */
  @ApiProperty(intervalOrNull)
  logLoss!: Interval | null;
  /** Of the calibration error. */
  @ApiProperty(intervalOrNull)
  calibrationError!: Interval | null;
  /** Of the threats that are flagged, rows. */
  @ApiProperty(intervalOrNull)
  tp!: Interval | null;
  /** Of the benign rows that are flagged. */
  @ApiProperty(intervalOrNull)
  fp!: Interval | null;
  /** Of the benign rows that are not flagged. */
  @ApiProperty(intervalOrNull)
  tn!: Interval | null;
  /** Of the threats that are not flagged, rows. */
  @ApiProperty(intervalOrNull)
  fn!: Interval | null;
}

/** Probabilities from which a verdict is given. */
export class ThresholdsDto implements Thresholds {
  /** Probability of threat from which a record is `suspicious`, 0 to 1. */
  suspicious!: number;
  /** Probability of threat from which a record is `malicious`, 0 to 1; never below the other one. */
  malicious!: number;
}
