import { rank } from './curves.js';
import { Random } from './random.js';
import { denseGroups } from './splits.js';

/*
 * The cluster bootstrap (Efron 1979; Field and Welsh 2007): whole groups are drawn with replacement, because rows of
 * one group (copies, one domain, one capture) are not independent and drawing rows would make the intervals too
 * narrow. A resample is a weight per row, so the rows are sorted only once.
 */

export interface BootstrapOptions {
  /** Resamples drawn; 1,000 by default, fewer (200 at least) where there are more than 20,000 rows to weigh. */
  readonly resamples?: number;
  /** Coverage of the interval in (0, 1); 0.95 by default. */
  readonly level?: number;
  readonly seed: number;
}

export type Interval = readonly [low: number, high: number];

/** Rows in which equals have become one: those of the same probability, label and group share every resample's weight. */
export interface MergedRows {
  readonly y: Uint8Array;
  /** Falling. */
  readonly p: Float64Array;
  /** Group of each merged row: 0, 1, ... in order of first appearance among the original rows. */
  readonly group: Int32Array;
  /** Original rows behind each merged one. */
  readonly count: Float64Array;
  readonly groups: number;
}

/** Data sets full of copies shrink to a fraction, and every resample with them. @throws RangeError on unequal lengths */
export function mergeRows(y: Uint8Array, p: Float64Array, groups: Int32Array): MergedRows {
  const { ids, count: groupCount } = denseIds(y, groups);
  const { order, ends } = rank(p);
  const first: number[] = [];
  const count: number[] = [];
  let position = 0;
  for (const end of ends) {
    const places = new Map<number, number>();
    for (; position < end; position++) {
      const row = order[position];
      const key = ids[row] * 2 + y[row];
      const place = places.get(key);
      if (place === undefined) {
        places.set(key, first.push(row) - 1);
        count.push(1);
      } else count[place]++;
    }
  }
  return {
    y: Uint8Array.from(first, (row) => y[row]),
    p: Float64Array.from(first, (row) => p[row]),
    group: Int32Array.from(first, (row) => ids[row]),
    count: Float64Array.from(count),
    groups: groupCount,
  };
}

/** Each resample of merged rows as their weights, in one reused array. Nothing with fewer than two groups. */
export function* resample(rows: MergedRows, options: BootstrapOptions): Generator<Float64Array> {
  const weights = new Float64Array(rows.group.length);
  for (const drawn of drawGroups(rows.groups, rows.group.length, options)) {
    for (let i = 0; i < weights.length; i++) weights[i] = rows.count[i] * drawn[rows.group[i]];
    yield weights;
  }
}

/** The same for rows as they are. @throws RangeError on unequal lengths */
export function* resampleRows(
  y: Uint8Array,
  groups: Int32Array,
  options: BootstrapOptions,
): Generator<Float64Array> {
  const { ids, count } = denseIds(y, groups);
  const weights = new Float64Array(ids.length);
  for (const drawn of drawGroups(count, ids.length, options)) {
    for (let i = 0; i < weights.length; i++) weights[i] = drawn[ids[i]];
    yield weights;
  }
}

/** The middle `level` of the samples, by linear interpolation between order statistics (numpy's default). */
export function percentileInterval(samples: readonly number[], level = 0.95): Interval | null {
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

/** Intervals get no better to the eye beyond this work, only later: rows weighed over all resamples. */
const work = 2e7;

/** How often each group is drawn, one resample after another. */
function* drawGroups(
  groups: number,
  rows: number,
  { seed, level = 0.95, ...options }: BootstrapOptions,
): Generator<Int32Array> {
  const resamples = options.resamples ?? Math.min(1000, Math.max(200, Math.floor(work / rows)));
  if (!Number.isInteger(resamples) || resamples < 1)
    throw new RangeError(`resamples ${resamples} is not >= 1`);
  if (!(level > 0 && level < 1)) throw new RangeError(`level ${level} is not between 0 and 1`);
  if (groups < 2) return;
  const random = new Random(seed);
  const drawn = new Int32Array(groups);
  for (let b = 0; b < resamples; b++) {
    drawn.fill(0);
    for (let g = 0; g < groups; g++) drawn[random.below(groups)]++;
    yield drawn;
  }
}

function denseIds(y: Uint8Array, groups: Int32Array): { ids: Int32Array; count: number } {
  if (groups.length !== y.length) throw new RangeError(`${groups.length} groups for ${y.length} rows`);
  return denseGroups(groups);
}
