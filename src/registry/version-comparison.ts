import { lowerIsBetter, type MetricName, metricNames } from '../ml/metrics.js';
import type { Interval } from '../ml/resampling.js';
import type { Thresholds } from './bundle/bundle.js';
import type { ModelCard } from '../cards/model-card.js';
import type { CardOptions, CurvesRecord } from '../cards/training-record.js';
import type { ModelVersion } from './model-version.schema.js';

/** Versions side by side; every list has one entry a version, in the order in which they were asked for. */
export interface VersionComparison {
  readonly detector: string;
  readonly versions: readonly ComparedVersion[];
  /**
   * Whether all were measured on the same test rows: same data, same contract. Where not, differences are also
   * those of the rows.
   */
  readonly sameTestRows: boolean;
  readonly metrics: readonly ComparedMetric[];
  /** Every option that one of the learners has; null where a version's has no such option. */
  readonly options: readonly ComparedOption[];
}

export interface ComparedVersion {
  readonly version: number;
  readonly candidate: string;
  readonly learner: string;
  readonly createdAt: Date;
  /** Of the snapshot; null where it is not known. */
  readonly fingerprint: string | null;
  readonly rows: number;
  readonly contractSha256: string;
  readonly codeVersion: string | null;
  readonly seed: number | null;
  readonly thresholds: Thresholds;
  /** Bytes of the bundle. */
  readonly size: number;
  readonly sha256: string;
  /** Of the test part; null where the version came without. */
  readonly curves: CurvesRecord | null;
}

export interface ComparedMetric {
  readonly metric: MetricName;
  readonly lowerIsBetter: boolean;
  readonly values: readonly (number | null)[];
  /** With 95 % coverage. */
  readonly intervals: readonly (Interval | null)[];
  /** Value minus that of the first version. */
  readonly differences: readonly (number | null)[];
}

export interface ComparedOption {
  readonly option: string;
  readonly values: readonly (CardOptions[string] | null)[];
  readonly differs: boolean;
}

/** What is known of a version; its card is null where its bundle is damaged. */
export interface KnownVersion {
  readonly row: ModelVersion;
  readonly card: ModelCard | null;
}

export function compareVersions(detector: string, known: readonly KnownVersion[]): VersionComparison {
  const [{ row: first }] = known;
  return {
    detector,
    versions: known.map(describe),
    sameTestRows: known.every(
      ({ row: { lineage } }) =>
        lineage.fingerprint !== null &&
        lineage.fingerprint === first.lineage.fingerprint &&
        lineage.contractSha256 === first.lineage.contractSha256,
    ),
    metrics: metricNames.map((metric) => compareMetric(metric, known)),
    options: compareOptions(known.map(({ card }) => card?.modelDetails.options ?? {})),
  };
}

function describe({ row, card }: KnownVersion): ComparedVersion {
  const { version, candidate, learner, createdAt, lineage, thresholds, size, sha256 } = row;
  const { fingerprint, rows, contractSha256, codeVersion, seed } = lineage;
  const curves = card?.evaluation.curves ?? null;
  return {
    ...{ version, candidate, learner, createdAt, fingerprint, rows, contractSha256, codeVersion, seed },
    ...{ thresholds, size, sha256, curves },
  };
}

/** A version from before there was a metric has no value of it. */
function compareMetric(metric: MetricName, known: readonly KnownVersion[]): ComparedMetric {
  const values = known.map(({ row }) => row.metrics[metric] ?? null);
  const [first] = values;
  return {
    metric,
    lowerIsBetter: lowerIsBetter.has(metric),
    values,
    intervals: known.map(({ row }) => row.intervals[metric] ?? null),
    differences: values.map((value) => (value === null || first === null ? null : value - first)),
  };
}

function compareOptions(options: readonly CardOptions[]): ComparedOption[] {
  const names = [...new Set(options.flatMap((given) => Object.keys(given)))];
  return names.map((option) => {
    const values = options.map((given) => given[option] ?? null);
    return { option, values, differs: values.some((value) => value !== values[0]) };
  });
}
