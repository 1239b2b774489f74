import { checkScores, rank } from './curves.js';
import { type Confusion, evaluate, measure, type MetricName, metricNames } from './metrics.js';
import {
  type BootstrapOptions,
  type Interval,
  mergeRows,
  percentileInterval,
  resample,
  resampleRows,
} from './resampling.js';

const cells = ['tp', 'fp', 'tn', 'fn'] as const satisfies readonly (keyof Confusion)[];
const intervalNames = [...metricNames, ...cells];

/** An interval for each metric and each cell of the confusion matrix (in rows), `null` where it has none. */
export type Intervals = Readonly<Record<(typeof intervalNames)[number], Interval | null>>;

export interface PairedDifference {
  /** Metric of A minus metric of B on the rows themselves. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/**
 * A percentile interval for every metric and confusion cell of `evaluate(y, p, threshold)`. `groups` has the group id
 * of each row, any integers; groups are drawn whole. Resamples in which a metric has no value (a class was not drawn)
 * are left out for it. `null` where there are fewer than two groups or no resample had a value.
 * @throws RangeError on unequal lengths, probabilities outside [0, 1] or bad options.
 */
export function bootstrapIntervals(
  y: Uint8Array,
  p: Float64Array,
  groups: Int32Array,
  threshold: number,
  options: BootstrapOptions,
): Intervals {
  checkScores(y, p);
  const rows = mergeRows(y, p, groups);
  const ranking = rank(rows.p);
  const samples = intervalNames.map((): number[] => []);
  for (const weights of resample(rows, options)) {
    const { confusion, ...metrics } = evaluate(rows.y, rows.p, threshold, { weights, ranking });
    const values = { ...metrics, ...confusion };
    intervalNames.forEach((name, i) => {
      const value = values[name];
      if (value !== null) samples[i].push(value);
    });
  }
  const intervals = intervalNames.map((name, i) => [name, percentileInterval(samples[i], options.level)]);
  return Object.fromEntries(intervals) as Intervals;
}

/**
 * Metric of A minus metric of B (challenger minus champion) on the same rows, with an interval from resamples that
 * both sides share. The classifiers may have different thresholds. `null` where the metric has no value on these
 * rows or there are fewer than two groups.
 * @throws RangeError as {@link bootstrapIntervals}.
 */
export function pairedBootstrap(
  y: Uint8Array,
  pA: Float64Array,
  pB: Float64Array,
  groups: Int32Array,
  thresholdA: number,
  thresholdB: number,
  options: BootstrapOptions & { readonly metric: MetricName },
): PairedDifference | null {
  const { metric } = options;
  const [rankingA, rankingB] = [rank(pA), rank(pB)];
  const differenceWith = (weights?: Float64Array): number | null => {
    const a = measure(metric, y, pA, thresholdA, { weights, ranking: rankingA });
    const b = measure(metric, y, pB, thresholdB, { weights, ranking: rankingB });
    return a === null || b === null ? null : a - b;
  };
  const difference = differenceWith();
  const samples: number[] = [];
  for (const weights of resampleRows(y, groups, options)) {
    const sample = differenceWith(weights);
    if (sample !== null) samples.push(sample);
  }
  const interval = percentileInterval(samples, options.level);
  if (difference === null || interval === null) return null;
  return { difference, low: interval[0], high: interval[1] };
}
