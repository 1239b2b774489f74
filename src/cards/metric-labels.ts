import type { CardMetrics } from './training-record.js';

interface MetricLabel {
  readonly label: string;
  readonly better: 'higher' | 'lower';
}

/** How people call the metrics. One that is not here is called by its name in words. */
const metricLabels: Readonly<Record<string, MetricLabel>> = {
  rocAuc: { label: 'ROC AUC', better: 'higher' },
  averagePrecision: { label: 'average precision', better: 'higher' },
  recallAtFpr01: { label: 'recall at 1 % false-positive rate', better: 'higher' },
  recallAtFpr001: { label: 'recall at 0.1 % false-positive rate', better: 'higher' },
  accuracy: { label: 'accuracy', better: 'higher' },
  precision: { label: 'precision', better: 'higher' },
  recall: { label: 'recall', better: 'higher' },
  f1: { label: 'F1', better: 'higher' },
  falsePositiveRate: { label: 'false-positive rate', better: 'lower' },
  brier: { label: 'Brier score', better: 'lower' },
  logLoss: { label: 'log loss', better: 'lower' },
  calibrationError: { label: 'calibration error', better: 'lower' },
};

export function labelOf(metric: string): string {
  return (
    metricLabels[metric]?.label ??
    metric.replace(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Za-z])(?=\d)/g, ' ').toLowerCase()
  );
}

/** Which way a metric improves, as an arrow; nothing for one that is not known. */
export function arrowOf(metric: string): string {
  const better = metricLabels[metric]?.better;
  if (better === undefined) return '';
  return better === 'higher' ? ' ↑' : ' ↓';
}

/** A metric by its name; null where it has no value or was not measured. */
export function figureOf(metrics: CardMetrics | undefined, name: string): number | null {
  const value = metrics?.[name];
  return typeof value === 'number' ? value : null;
}

/** Known metrics in the order of their table, then the others: those of `figures` that are figures of quality. */
export function metricsIn(figures: object): string[] {
  const names = Object.entries(figures)
    .filter(([name, value]) => name !== 'rows' && (typeof value === 'number' || value === null))
    .map(([name]) => name);
  const known = Object.keys(metricLabels).filter((name) => names.includes(name));
  return [...known, ...names.filter((name) => !known.includes(name))];
}
