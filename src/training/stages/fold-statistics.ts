import { type MetricName, metricNames, type Metrics } from '../../ml/metrics.js';

export type MetricSummary = Readonly<Record<MetricName, number | null>>;

/** A statistic of each metric over the folds; null where one of them had no value. */
export function summarise(
  folds: readonly { readonly metrics: Metrics }[],
  statistic: (values: readonly number[]) => number,
): MetricSummary {
  const entries = metricNames.map((name) => {
    const values = folds.map(({ metrics }) => metrics[name]);
    return [name, values.every((value) => value !== null) ? statistic(values) : null] as const;
  });
  return Object.fromEntries(entries) as MetricSummary;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}
