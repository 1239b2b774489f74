import type { WatchRule } from '../../detector/contract.js';
import { newcombeInterval, type Proportion, shareOf, wilsonInterval } from '../../ml/proportions.js';

type Interval = readonly [number, number];

/** What the previous version did before the promotion. */
export interface Baseline {
  /** Threats among its verdicts, in a window as long as the watch. */
  readonly threats: Proportion;
  /** Its precision by feedback, over a longer time: feedback is rare. */
  readonly precision: Proportion;
}

/** What the promoted version has done since. */
export interface Seen {
  readonly threats: Proportion;
  readonly precision: Proportion;
  /** Items that the previous version scored as well, and how many are threats to it. */
  readonly previousThreats: Proportion;
  /** Of those, benign to the previous version and a threat to the promoted one. */
  readonly benignToThreat: number;
  readonly threatToBenign: number;
  /** Items that could not be scored again as they were. Watches of older releases do not have it. */
  readonly leftOut?: number;
}

/** One comparison of a promoted version with the one before it. */
export interface WatchCheck {
  readonly name: 'threat-rate' | 'flip-rate' | 'precision';
  /** Of the promoted version; null while nothing is known. */
  readonly value: number | null;
  /** Of the previous version; null while nothing is known, and for flips. */
  readonly reference: number | null;
  /** What is compared with the limit: of `value - reference`, and of the flip rate itself. */
  readonly interval: Interval | null;
  readonly limit: number;
  /** The interval lies beyond the limit, and there are predictions enough to say so. */
  readonly left: boolean;
}

/**
 * Whether a version has left the band of the one before it. A rate has left it when the whole interval of its
 * difference (Newcombe's) or of itself (Wilson's) lies beyond the limit.
 */
export function checksOf(baseline: Baseline, seen: Seen, rule: WatchRule): WatchCheck[] {
  const enough = seen.threats.trials >= rule.minPredictions;
  return [threatRate(baseline, seen, rule), flipRate(seen, rule), precision(baseline, seen, rule)].map(
    (check) => ({ ...check, left: enough && check.left }),
  );
}

/** Why the watch goes back, with the numbers. */
export function reasonOf(checks: readonly WatchCheck[], previous: number, predictions: number): string {
  const left = checks.filter((check) => check.left).map(described);
  return `left the band of version ${previous} after ${predictions} predictions: ${left.join('; ')}`;
}

/**
 * Against what the previous version said before the promotion. Where the previous version says much the same of the
 * same items, it is the traffic that has changed and not the model.
 */
function threatRate(baseline: Baseline, seen: Seen, { threatRateMargin: limit, z }: WatchRule): WatchCheck {
  const { threats, previousThreats, benignToThreat, threatToBenign } = seen;
  const interval = newcombeInterval(threats, baseline.threats, z);
  const onSame: Proportion = {
    successes: previousThreats.successes + benignToThreat - threatToBenign,
    trials: previousThreats.trials,
  };
  const sameRecords = newcombeInterval(onSame, previousThreats, z);
  return {
    name: 'threat-rate',
    value: shareOf(threats),
    reference: shareOf(baseline.threats),
    interval,
    limit,
    left: isOutside(interval, limit) && (sameRecords === null || isOutside(sameRecords, limit)),
  };
}

function flipRate(seen: Seen, { maxFlipRate: limit, z }: WatchRule): WatchCheck {
  const flips = {
    successes: seen.benignToThreat + seen.threatToBenign,
    trials: seen.previousThreats.trials,
  };
  const interval = wilsonInterval(flips, z);
  const left = interval !== null && interval[0] > limit;
  return { name: 'flip-rate', value: shareOf(flips), reference: null, interval, limit, left };
}

function precision(baseline: Baseline, seen: Seen, { precisionDrop: limit, z }: WatchRule): WatchCheck {
  const interval = newcombeInterval(seen.precision, baseline.precision, z);
  return {
    name: 'precision',
    value: shareOf(seen.precision),
    reference: shareOf(baseline.precision),
    interval,
    limit,
    left: interval !== null && interval[1] < -limit,
  };
}

function isOutside(interval: Interval | null, limit: number): boolean {
  return interval !== null && (interval[0] > limit || interval[1] < -limit);
}

function described({ name, value, reference, interval, limit }: WatchCheck): string {
  const against = reference === null ? '' : ` against ${reference.toFixed(3)}`;
  const what = reference === null ? 'interval' : 'difference';
  const [low, high] = interval!.map((end) => end.toFixed(3));
  return `${name} ${value!.toFixed(3)}${against} (${what} ${low} to ${high}, allowed ${limit})`;
}
