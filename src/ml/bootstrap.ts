import { rank } from './curves.js';
import { evaluate, type MetricName, metricNames } from './metrics.js';
import { Random } from './random.js';
import { denseGroups } from './splits.js';

/*
 * Percentile intervals of the cluster bootstrap (Efron 1979; Field and Welsh 2007): whole groups are drawn with
 * replacement, because rows of one group (copies, one domain, one capture) are not independent and drawing rows
 * would make the intervals too narrow. A resample is a weight per row, so the rows are sorted only once.
 */

export interface BootstrapOptions {
  /** Resamples drawn; 1,000 unless told. */
  readonly resamples?: number;
  /** Coverage of the interval in (0, 1); 0.95 unless told. */
  readonly level?: number;
  readonly seed: number;
}

export type Interval = readonly [low: number, high: number];

/** An interval for each metric, `null` where it has none. */
export type Intervals = Readonly<Record<MetricName, Interval | null>>;

export interface PairedDifference {
  /** Metric of A minus metric of B on the rows themselves. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/**
 * An interval for every metric of `evaluate(y, p, threshold)`. `groups` has the group id of each row, any integers.
 * Resamples in which a metric has no value (a class was not drawn) are left out for it. `null` where there are fewer
 * than two groups or no resample had a value.
 * @throws RangeError on unequal lengths, probabilities outside [0, 1] or bad options.
 */
export function bootstrapIntervals(
  y: Uint8Array,
  p: Float64Array,
  groups: Int32Array,
  threshold: number,
  options: BootstrapOptions,
): Intervals {
  const ranking = rank(p);
  const samples = Object.fromEntries(metricNames.map((name) => [name, [] as number[]]));
  for (const weights of resampledWeights(y, groups, options)) {
    const metrics = evaluate(y, p, threshold, { weights, ranking });
    for (const name of metricNames) {
      const value = metrics[name];
      if (value !== null) samples[name].push(value);
    }
  }
  const intervals = metricNames.map((name) => [name, percentiles(samples[name], options.level)] as const);
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
    const a = evaluate(y, pA, thresholdA, { weights, ranking: rankingA })[metric];
    const b = evaluate(y, pB, thresholdB, { weights, ranking: rankingB })[metric];
    return a === null || b === null ? null : a - b;
  };
  const difference = differenceWith();
  const samples: number[] = [];
  for (const weights of resampledWeights(y, groups, options)) {
    const sample = differenceWith(weights);
    if (sample !== null) samples.push(sample);
  }
  const interval = percentiles(samples, options.level);
  if (difference === null || interval === null) return null;
  return { difference, low: interval[0], high: interval[1] };
}

/** How often each row was drawn, one resample after another, in one reused array. Nothing with fewer than two groups. */
function* resampledWeights(
  y: Uint8Array,
  groups: Int32Array,
  { resamples = 1000, level = 0.95, seed }: BootstrapOptions,
): Generator<Float64Array> {
  if (!Number.isInteger(resamples) || resamples < 1)
    throw new RangeError(`resamples ${resamples} is not >= 1`);
  if (!(level > 0 && level < 1)) throw new RangeError(`level ${level} is not between 0 and 1`);
  if (groups.length !== y.length) throw new RangeError(`${groups.length} groups for ${y.length} rows`);
  const { ids, count } = denseGroups(groups);
  if (count < 2) return;
  const random = new Random(seed);
  const drawn = new Int32Array(count);
  const weights = new Float64Array(ids.length);
  for (let b = 0; b < resamples; b++) {
    drawn.fill(0);
    for (let g = 0; g < count; g++) drawn[random.below(count)]++;
    for (let i = 0; i < ids.length; i++) weights[i] = drawn[ids[i]];
    yield weights;
  }
}

/** The middle `level` of the samples, by linear interpolation between order statistics (numpy's default). */
function percentiles(samples: readonly number[], level = 0.95): Interval | null {
  if (samples.length === 0) return null;
  const sorted = Float64Array.from(samples).sort();
  const at = (share: number): number => {
    const position = share * (sorted.length - 1);
    const below = Math.floor(position);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  };
  return [at((1 - level) / 2), at((1 + level) / 2)];
}
