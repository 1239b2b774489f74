/** What the times of attempts show. */
export interface Rhythm {
  /** Attempts; what follows a failure at once is the same. */
  readonly attempts: number;
  /** Seconds from one to the next, the median. */
  readonly interval: number;
  /** Median absolute deviation of the intervals over their median: 0 is a clock, a jitter of a quarter either way .125. */
  readonly deviation: number;
  /** Gaps up to it are within one attempt; -1 where each flow is one. */
  readonly retries: number;
  /** Bowley's skew of the intervals, -1 to 1: 0 for a clock with a jitter either way. */
  readonly skew: number;
}

/** Retries follow each other within so many seconds, and attempts come so many times later than retries. */
const [retrySeconds, retryRatio] = [30, 2.5];

/**
 * The rhythm of what began at these times, ascending, at least three. Where short gaps alternate with much longer ones the
 * short are retries, and the attempts are counted by the long.
 */
export function rhythmOf(times: ArrayLike<number>): Rhythm {
  const gaps = Float64Array.from({ length: times.length - 1 }, (_, i) => times[i + 1] - times[i]);
  const sorted = gaps.slice().sort();
  const retries = longestRetry(sorted);
  const intervals: number[] = [];
  let start = times[0];
  for (let i = 1; i < times.length; i++) {
    if (times[i] - times[i - 1] <= retries) continue;
    intervals.push(times[i] - start);
    start = times[i];
  }
  return { attempts: intervals.length + 1, retries, ...spreadOf(intervals) };
}

/** Sizes as a rhythm is looked at: median, deviation and skew. */
export function spreadOf(values: ArrayLike<number>): Pick<Rhythm, 'interval' | 'deviation' | 'skew'> {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return { interval: NaN, deviation: NaN, skew: NaN };
  const [low, middle, high] = [0.25, 0.5, 0.75].map((q) => quantile(sorted, q));
  const deviations = sorted.map((value) => Math.abs(value - middle)).sort();
  return {
    interval: middle,
    deviation: middle > 0 ? quantile(deviations, 0.5) / middle : 0,
    skew: high > low ? (high + low - 2 * middle) / (high - low) : 0,
  };
}

/** The longest of the gaps that are retries: -1 where there are none. @param sorted gaps, ascending */
function longestRetry(sorted: Float64Array): number {
  let [best, ratio] = [-1, retryRatio];
  // Where fewer than a fifth are long, those are pauses and not the rhythm.
  for (let i = 0; i < sorted.length * 0.8 && sorted[i] <= retrySeconds; i++) {
    const next = sorted[i + 1] / Math.max(sorted[i], 0.001);
    if (i + 1 < sorted.length && next >= ratio && sorted[i + 1] > 1) [best, ratio] = [sorted[i], next];
  }
  return best;
}

function quantile(sorted: Float64Array, q: number): number {
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}
