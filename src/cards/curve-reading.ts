import { sparkline } from './markdown.js';
import type { CurvesRecord } from './training-record.js';

export type RocPoint = NonNullable<CurvesRecord['roc']>[number];
export type PrecisionRecallPoint = NonNullable<CurvesRecord['precisionRecall']>[number];

/** Where the lines are drawn: false-positive rates from 0.1 % to 100 %, ten a decade, and recalls from 0 to 1. */
const drawnRates = Array.from({ length: 31 }, (_, i) => 10 ** (i / 10 - 3));
const drawnRecalls = Array.from({ length: 31 }, (_, i) => i / 30);

/** The point of highest recall with at most that false-positive rate. A thinned-out curve may show a little less. */
export function bestRecall(points: readonly RocPoint[], limit: number): RocPoint {
  return points.reduce((found, point) =>
    point.falsePositiveRate <= limit && point.truePositiveRate >= found.truePositiveRate ? point : found,
  );
}

/** The point of highest precision with at least that recall. */
export function bestPrecision(
  points: readonly PrecisionRecallPoint[],
  recall: number,
): PrecisionRecallPoint | undefined {
  return points
    .filter((point) => point.recall >= recall)
    .reduce<PrecisionRecallPoint | undefined>(
      (found, point) => (found && found.precision >= point.precision ? found : point),
      undefined,
    );
}

/** Recall over false-positive rate on a logarithmic scale, as a line of text. */
export function rocLine(points: readonly RocPoint[]): string {
  return sparkline(drawnRates.map((rate) => bestRecall(points, rate).truePositiveRate));
}

/** Precision over recall, as a line of text. */
export function precisionRecallLine(points: readonly PrecisionRecallPoint[]): string {
  return sparkline(drawnRecalls.map((recall) => bestPrecision(points, recall)?.precision ?? 0));
}
