import { Matrix } from './matrix.js';
import { type ColumnProfile, profileMatrixLike, type ReferenceProfile } from './reference-profile.js';
import { chiSquareTail, kolmogorovTail } from './special-functions.js';

export type { ReferenceProfile } from './reference-profile.js';

export interface TestResult {
  readonly statistic: number;
  readonly pValue: number;
}

export type DriftBand = 'stable' | 'moderate' | 'large';

/** Drift of one column, in Evidently's words. */
export interface ColumnDrift {
  readonly statTestName: 'psi' | 'ks';
  /** The least `driftScore` that counts as drift. */
  readonly threshold: number;
  /** PSI or Kolmogorov-Smirnov's D; `null` when a side has no rows. */
  readonly driftScore: number | null;
  /** Of the chi-square or the Kolmogorov-Smirnov test. */
  readonly pValue: number | null;
  readonly driftDetected: boolean;
  readonly band: DriftBand;
  /** Where the mean went, when by a tenth of the reference's standard deviation or more. */
  readonly direction: 'up' | 'down' | 'none';
  /** Categorical columns: the value whose share of the rows changed most. */
  readonly mostMoved?: {
    readonly value: number | 'other' | 'missing';
    readonly reference: number;
    readonly current: number;
  };
}

export interface DriftTable {
  readonly numberOfColumns: number;
  readonly numberOfDriftedColumns: number;
  readonly shareOfDriftedColumns: number;
  readonly datasetDrift: boolean;
  readonly driftByColumns: Readonly<Record<string, ColumnDrift>>;
  /** Drift of the labels, not counted among the columns; `null` unless both sides have labels. */
  readonly label: ColumnDrift | null;
  readonly referenceRows: number;
  readonly currentRows: number;
  /** False when a side has fewer than `minimumRows`: scores are reported, but nothing is called drift. */
  readonly enough: boolean;
}

export interface DriftOptions {
  /** Least effect: PSI or D. 0.1 by default, where PSI's "moderate" begins and Evidently's distances count as drift. */
  readonly threshold?: number;
  /** Highest p-value; 0.05 by default. */
  readonly significance?: number;
  /** Rows that each side must have; 100 by default. */
  readonly minimumRows?: number;
  /** Share of drifted columns from which the data set has drifted; Evidently's 0.5 by default. */
  readonly driftShare?: number;
}

const defaults = { threshold: 0.1, significance: 0.05, minimumRows: 100, driftShare: 0.5 };

/**
 * Compares current rows with a reference, column by column: PSI for categorical columns, Kolmogorov-Smirnov's D for
 * numeric ones. Drift needs both an effect (score >= threshold) and significance (p < 0.05): alone, the first flips
 * with a small sample and the second with a large one. Missing values are a bin of their own: in PSI one more
 * category, in D a bin below every value.
 *
 * `current` is a table in the reference's column order, or a profile of one in the reference's bins
 * (`profileMatrixLike`). @throws RangeError when the columns or their bins differ.
 */
export function driftTable(
  reference: ReferenceProfile,
  current: ReferenceProfile | Matrix,
  options: DriftOptions = {},
): DriftTable {
  const now = current instanceof Matrix ? profileMatrixLike(reference, current) : current;
  if (now.columns.length !== reference.columns.length) {
    throw new RangeError(`${reference.columns.length} columns in the reference, ${now.columns.length} now`);
  }
  const { minimumRows, driftShare } = { ...defaults, ...options };
  const driftByColumns = Object.fromEntries(
    reference.columns.map((column, j) => [column.name, columnDrift(column, now.columns[j], options)]),
  );
  const numberOfColumns = reference.columns.length;
  const numberOfDriftedColumns = Object.values(driftByColumns).filter(
    (column) => column.driftDetected,
  ).length;
  const shareOfDriftedColumns = numberOfColumns === 0 ? 0 : numberOfDriftedColumns / numberOfColumns;
  return {
    numberOfColumns,
    numberOfDriftedColumns,
    shareOfDriftedColumns,
    datasetDrift: numberOfDriftedColumns > 0 && shareOfDriftedColumns >= driftShare,
    driftByColumns,
    label: reference.label && now.label && columnDrift(reference.label, now.label, options),
    referenceRows: reference.rows,
    currentRows: now.rows,
    enough: Math.min(reference.rows, now.rows) >= minimumRows,
  };
}

/** Drift of one column between two profiles with the same bins, as {@link driftTable} says. */
export function columnDrift(
  reference: ColumnProfile,
  current: ColumnProfile,
  options: DriftOptions = {},
): ColumnDrift {
  if (!sameBins(reference, current))
    throw new RangeError(`column ${reference.name}: profiles have other bins`);
  const { threshold, significance, minimumRows } = { ...defaults, ...options };
  const statTestName = reference.kind === 'numeric' ? 'ks' : 'psi';
  const rows = Math.min(reference.rows, current.rows);
  const direction = directionOf(reference, current);
  if (rows === 0) {
    return {
      statTestName,
      threshold,
      driftScore: null,
      pValue: null,
      driftDetected: false,
      band: 'stable',
      direction,
    };
  }
  const before = [reference.missing, ...reference.counts];
  const now = [current.missing, ...current.counts];
  const { statistic: driftScore, pValue } =
    statTestName === 'ks'
      ? binnedKolmogorovSmirnov(before, now)
      : { statistic: populationStabilityIndex(before, now), pValue: chiSquare(before, now).pValue };
  return {
    statTestName,
    threshold,
    driftScore,
    pValue,
    driftDetected: rows >= minimumRows && driftScore >= threshold && pValue < significance,
    band: bandOf(driftScore),
    direction,
    ...(reference.kind === 'categorical' && { mostMoved: mostMoved(reference.values, before, now) }),
  };
}

/**
 * Population stability index of two samples counted in the same bins: sum((c - r) * ln(c / r)) over the bins' shares.
 * Shares below `floor` are raised to it, so that an empty bin counts much but not infinitely.
 * @throws RangeError when the bins differ in number or a side is empty.
 */
export function populationStabilityIndex(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  floor = 1e-4,
): number {
  const [before, now] = sharesOf(reference, current);
  return before.reduce((index, share, bin) => {
    const [r, c] = [Math.max(floor, share), Math.max(floor, now[bin])];
    return index + (c - r) * Math.log(c / r);
  }, 0);
}

/** The usual reading of PSI: below 0.1 stable, to 0.25 moderate, above large. D is read by the same limits. */
export function bandOf(score: number): DriftBand {
  if (score < 0.1) return 'stable';
  return score <= 0.25 ? 'moderate' : 'large';
}

/**
 * Two-sample Kolmogorov-Smirnov test of samples sorted in rising order: D, the largest distance of the two empirical
 * distributions, and its two-sided asymptotic p-value with Stephens' correction for small samples.
 * @throws RangeError when a sample is empty.
 */
export function kolmogorovSmirnov(a: ArrayLike<number>, b: ArrayLike<number>): TestResult {
  if (a.length === 0 || b.length === 0) throw new RangeError('a sample is empty');
  let statistic = 0;
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i], b[j]);
    while (i < a.length && a[i] <= value) i++;
    while (j < b.length && b[j] <= value) j++;
    statistic = Math.max(statistic, Math.abs(i / a.length - j / b.length));
  }
  return { statistic, pValue: kolmogorovSmirnovTail(statistic, a.length, b.length) };
}

/**
 * The same test of two samples counted in the same rising bins. D is taken at the bins' edges only: too small by at
 * most the larger share of one bin, and the p-value too large accordingly.
 * @throws RangeError when the bins differ in number or a side is empty.
 */
export function binnedKolmogorovSmirnov(a: ArrayLike<number>, b: ArrayLike<number>): TestResult {
  const [sharesA, sharesB] = sharesOf(a, b);
  let [statistic, distance] = [0, 0];
  sharesA.forEach((share, bin) => {
    distance += share - sharesB[bin];
    statistic = Math.max(statistic, Math.abs(distance));
  });
  return { statistic, pValue: kolmogorovSmirnovTail(statistic, sumOf(a), sumOf(b)) };
}

/**
 * Chi-square test that two samples counted in the same bins come from one distribution, without Yates' correction.
 * Bins empty on both sides are left out. @throws RangeError when the bins differ in number or a side is empty.
 */
export function chiSquare(a: ArrayLike<number>, b: ArrayLike<number>): TestResult {
  sharesOf(a, b);
  const [totalA, totalB] = [sumOf(a), sumOf(b)];
  let statistic = 0;
  let bins = 0;
  for (let bin = 0; bin < a.length; bin++) {
    const both = a[bin] + b[bin];
    if (both === 0) continue;
    bins++;
    const expectedA = (both * totalA) / (totalA + totalB);
    const expectedB = both - expectedA;
    statistic += (a[bin] - expectedA) ** 2 / expectedA + (b[bin] - expectedB) ** 2 / expectedB;
  }
  return { statistic, pValue: chiSquareTail(statistic, bins - 1) };
}

function kolmogorovSmirnovTail(statistic: number, n: number, m: number): number {
  const root = Math.sqrt((n * m) / (n + m));
  return kolmogorovTail((root + 0.12 + 0.11 / root) * statistic);
}

function sharesOf(a: ArrayLike<number>, b: ArrayLike<number>): [number[], number[]] {
  if (a.length !== b.length) throw new RangeError(`${a.length} bins against ${b.length}`);
  const [totalA, totalB] = [sumOf(a), sumOf(b)];
  if (totalA === 0 || totalB === 0) throw new RangeError('a sample is empty');
  return [Array.from(a, (count) => count / totalA), Array.from(b, (count) => count / totalB)];
}

function sumOf(counts: ArrayLike<number>): number {
  return Array.from(counts).reduce((sum, count) => sum + count, 0);
}

function sameBins(a: ColumnProfile, b: ColumnProfile): boolean {
  const [left, right] = [a, b].map((column) => (column.kind === 'numeric' ? column.edges : column.values));
  return (
    a.kind === b.kind &&
    a.name === b.name &&
    left.length === right.length &&
    left.every((v, i) => v === right[i])
  );
}

function directionOf(reference: ColumnProfile, current: ColumnProfile): ColumnDrift['direction'] {
  if (reference.mean === null || current.mean === null) return 'none';
  const moved = current.mean - reference.mean;
  if (moved === 0 || Math.abs(moved) < 0.1 * (reference.std ?? 0)) return 'none';
  return moved > 0 ? 'up' : 'down';
}

function mostMoved(values: readonly number[], before: number[], now: number[]): ColumnDrift['mostMoved'] {
  const [reference, current] = sharesOf(before, now);
  const moved = reference.map((share, bin) => Math.abs(current[bin] - share));
  const bin = moved.indexOf(Math.max(...moved));
  const value = bin === 0 ? 'missing' : (values[bin - 1] ?? 'other');
  return { value, reference: reference[bin], current: current[bin] };
}
