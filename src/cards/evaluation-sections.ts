import type { ThresholdPolicy } from '../detector/contract.js';
import {
  bestPrecision,
  bestRecall,
  precisionRecallLine,
  type PrecisionRecallPoint,
  rocLine,
  type RocPoint,
} from './curve-reading.js';
import { precisionAtBaseRate } from '../ml/metrics.js';
import { rareShare } from './caveats.js';
import { bar, code, heading, type Markdown, markup, table } from './markdown.js';
import { arrowOf, figureOf, labelOf, metricsIn } from './metric-labels.js';
import type { ModelCard } from './model-card.js';
import { count, countWithInterval, figure, percent, withInterval } from './number-text.js';
import type { CurvesRecord, ImportanceRecord, PartRecord } from './training-record.js';

/** Metrics of both parts, curves, calibration and importance. */
export function evaluationSection({ evaluation }: ModelCard): Markdown[] {
  const { test, validation, curves, importance } = evaluation;
  return [
    heading(2, 'Evaluation'),
    markup`At the threshold of ‘suspicious’, with 95 % intervals. The test part (${count(test.metrics.rows)} rows) chose nothing; the validation part (${count(validation.metrics.rows)} rows) is of the training part, predicted out of fold.`,
    table(
      ['metric', 'test', 'validation'],
      metricsIn(test.metrics).map((name) => [
        labelOf(name) + arrowOf(name),
        valueOf(test, name),
        valueOf(validation, name),
      ]),
      'lrr',
    ),
    ...(curves ? curvesSection(curves) : []),
    ...(importance?.length ? importanceSection(importance) : []),
  ];
}

/** How each verdict's threshold came about, and what it does on the test part. */
export function thresholdsSection({ thresholds, evaluation }: ModelCard): Markdown[] {
  const { metrics, intervals } = evaluation.test;
  const cells = ['tp', 'fn', 'fp', 'tn'] as const;
  return [
    heading(2, 'Thresholds'),
    table(
      ['verdict', 'from', 'chosen for', 'there', 'aim reached'],
      thresholds.map(({ verdict, threshold, policy, achieved, reached }) => [
        verdict,
        figure(threshold),
        policyText(policy),
        figure(achieved),
        reached === null ? '–' : reached ? 'yes' : 'no',
      ]),
      'lrlrl',
    ),
    markup`What they do on the ${count(metrics.rows)} test rows:`,
    table(
      [
        'flagged from',
        'threats found',
        'threats missed',
        'false alarms',
        'benign passed',
        'precision where 1 in 1,000 is a threat',
      ],
      thresholds.map(({ verdict, confusion }) => [
        verdict,
        // The intervals are of the metrics' threshold.
        ...cells.map((cell) =>
          countWithInterval(confusion?.[cell], verdict === 'suspicious' ? intervals?.[cell] : null),
        ),
        figure(confusion && precisionAtBaseRate(confusion, rareShare), 2),
      ]),
      'lrrrrr',
    ),
  ];
}

function valueOf({ metrics, intervals }: PartRecord, name: string): string {
  return withInterval(figureOf(metrics, name), intervals?.[name]);
}

function policyText(policy: ThresholdPolicy): string {
  switch (policy.policy) {
    case 'max-f1':
      return 'highest F1';
    case 'fixed':
      return `fixed at ${policy.value}`;
    case 'target-precision':
      return `precision of at least ${policy.value}`;
    case 'target-false-positive-rate':
      return policy.ofSources === undefined
        ? `false-positive rate of at most ${policy.value}`
        : `false-positive rate of at most ${policy.value} in ${percent(policy.ofSources)} of the sources`;
    case 'cost':
      return `least cost: ${policy.falsePositive} a false alarm, ${policy.falseNegative} a missed threat`;
  }
}

function curvesSection({ roc, precisionRecall, reliability }: CurvesRecord): Markdown[] {
  return [
    ...(roc?.length ? rocSection(roc) : []),
    ...(precisionRecall?.length ? precisionRecallSection(precisionRecall) : []),
    ...(reliability?.length ? calibrationSection(reliability) : []),
  ];
}

/** Where people read the curves. */
const readRates = [0.001, 0.005, 0.01, 0.05, 0.1];
const readRecalls = [0.5, 0.8, 0.9, 0.95, 0.99];

function rocSection(points: readonly RocPoint[]): Markdown[] {
  return [
    heading(3, 'Receiver operating characteristic'),
    markup`Recall over false-positive rates from 0.1 % to 100 %, on a logarithmic scale: ${code(rocLine(points))}`,
    table(
      ['false-positive rate at most', 'recall', 'threshold'],
      readRates.map((rate) => {
        const { truePositiveRate, threshold, band } = bestRecall(points, rate);
        return [percent(rate), withInterval(truePositiveRate, band?.truePositiveRate), figure(threshold)];
      }),
      'rrr',
    ),
  ];
}

function precisionRecallSection(points: readonly PrecisionRecallPoint[]): Markdown[] {
  return [
    heading(3, 'Precision and recall'),
    markup`Precision over recall from 0 % to 100 %: ${code(precisionRecallLine(points))}`,
    table(
      ['recall at least', 'precision', 'threshold'],
      readRecalls.map((recall) => {
        const point = bestPrecision(points, recall);
        return [
          percent(recall),
          withInterval(point?.precision, point?.band?.precision),
          figure(point?.threshold),
        ];
      }),
      'rrr',
    ),
  ];
}

function calibrationSection(points: NonNullable<CurvesRecord['reliability']>): Markdown[] {
  return [
    heading(3, 'Calibration'),
    markup`Where the probabilities are right, the predicted and the observed share of threats agree.`,
    table(
      ['predicted', 'observed', '', 'rows'],
      points.map(({ predicted, observed, rows, band }) => [
        figure(predicted),
        withInterval(observed, band?.observed),
        bar(observed),
        count(rows),
      ]),
      'rrlr',
    ),
  ];
}

const shownFeatures = 15;

function importanceSection(importance: readonly ImportanceRecord[]): Markdown[] {
  const sorted = [...importance].sort((a, b) => b.mean - a.mean);
  const most = Math.max(sorted[0].mean, Number.MIN_VALUE);
  const shown = sorted.slice(0, shownFeatures);
  const rest = sorted.length - shown.length;
  return [
    heading(3, 'Importance of the features'),
    markup`What the selection metric loses on test rows when a feature's values are shuffled${rest > 0 ? `; ${rest} more features are in the JSON card` : ''}.`,
    table(
      ['feature', 'loss', '', '±'],
      shown.map(({ feature, mean, std }) => [code(feature), figure(mean), bar(mean / most), figure(std)]),
      'lrlr',
    ),
  ];
}
