import { checkScores, type CumulativeCounts, cumulativeCounts, totals } from './curves.js';

/** How the probability at which a row is called a threat is chosen; the contract's `thresholds` section. */
export type ThresholdPolicy =
  | { readonly policy: 'target-false-positive-rate'; readonly value: number; readonly ofSources?: number }
  | { readonly policy: 'target-precision'; readonly value: number }
  | { readonly policy: 'max-f1' }
  | { readonly policy: 'cost'; readonly falsePositive: number; readonly falseNegative: number }
  | { readonly policy: 'fixed'; readonly value: number };

export interface ChosenThreshold {
  /** In [0, 1]; a row is called a threat when p >= threshold. One of the given probabilities unless fixed. */
  readonly threshold: number;
  /** Whether the policy's goal is met. */
  readonly reached: boolean;
  /** What the policy looks at, at this threshold: the rate, the precision, F1, the mean cost a row, the fixed value. */
  readonly achieved: number;
}

/**
 * Chooses a threshold on rows the model was not fitted on. Each distinct probability is a possible threshold.
 *
 * - `target-false-positive-rate`: the lowest threshold (most threats found) whose rate is at most `value`.
 *   Unreachable when even the highest probability exceeds it: that one is returned, `reached` false. With `ofSources`
 *   it is the lowest threshold at which that share of the sources keep the rate each by itself; those with few benign
 *   rows have no say, and `achieved` is the rate of all rows.
 * - `target-precision`: the lowest threshold whose precision is at least `value`. Unreachable: the one of highest
 *   precision, the lowest such on ties, `reached` false.
 * - `max-f1`: highest F1; the highest threshold (fewest alarms) on ties.
 * - `cost`: least cost of errors; the highest threshold on ties. `reached` is false when calling nothing a threat
 *   would cost less than any threshold.
 * - `fixed`: the value itself; the rows are not looked at.
 *
 * @param sources where each row's label comes from, for `ofSources`
 * @throws RangeError on a value outside [0, 1], costs that are negative or both 0, rows of one class, or scores that
 * are not probabilities.
 */
export function chooseThreshold(
  policy: ThresholdPolicy,
  y: Uint8Array,
  p: Float64Array,
  sources?: Int32Array,
): ChosenThreshold {
  if ('value' in policy && !(policy.value >= 0 && policy.value <= 1)) {
    throw new RangeError(`${policy.policy}: ${policy.value} is not in [0, 1]`);
  }
  if (policy.policy === 'fixed') return { threshold: policy.value, reached: true, achieved: policy.value };
  checkScores(y, p);
  const counts = cumulativeCounts(y, p);
  const { threats, benign } = totals(counts);
  if (threats === 0 || benign === 0)
    throw new RangeError(`${policy.policy}: rows of both classes are needed`);

  const { thresholds, truePositives: tp, falsePositives: fp } = counts;
  switch (policy.policy) {
    case 'target-false-positive-rate': {
      const ofSources = policy.ofSources === undefined ? [] : benignBySource(y, p, sources);
      return ofSources.length > 1
        ? atMostInSources(policy.value, policy.ofSources!, counts, ofSources)
        : atMost(policy.value, counts, benign);
    }
    case 'target-precision':
      return atLeast(
        policy.value,
        thresholds,
        thresholds.map((_, k) => tp[k] / (tp[k] + fp[k])),
      );
    case 'max-f1': {
      const f1 = thresholds.map((_, k) => (2 * tp[k]) / (tp[k] + fp[k] + threats));
      const best = f1.indexOf(maximum(f1));
      return { threshold: thresholds[best], reached: true, achieved: f1[best] };
    }
    case 'cost':
      return leastCost(policy.falsePositive, policy.falseNegative, counts);
  }
}

function atMost(limit: number, counts: CumulativeCounts, benign: number): ChosenThreshold {
  const rates = counts.falsePositives.map((fp) => fp / benign);
  // Rates rise as thresholds fall, so the last one within the limit finds the most threats.
  const chosen = Math.max(
    0,
    rates.findLastIndex((rate) => rate <= limit),
  );
  return { threshold: counts.thresholds[chosen], reached: rates[chosen] <= limit, achieved: rates[chosen] };
}

/** A source of fewer benign rows says little about a rate of a few percent. */
const fewestBenign = 100;

/** Probabilities of the benign rows of each source that has enough of them, the highest first. */
function benignBySource(
  y: Uint8Array,
  p: Float64Array,
  sources: Int32Array = new Int32Array(y.length),
): Float64Array[] {
  const bySource = new Map<number, number[]>();
  sources.forEach((source, i) => {
    if (y[i] !== 0) return;
    const known = bySource.get(source);
    if (known) known.push(p[i]);
    else bySource.set(source, [p[i]]);
  });
  return [...bySource.values()]
    .filter(({ length }) => length >= fewestBenign)
    .map((of) => Float64Array.from(of).sort().reverse());
}

function atMostInSources(
  limit: number,
  share: number,
  counts: CumulativeCounts,
  sources: readonly Float64Array[],
): ChosenThreshold {
  // At a threshold above this probability a source has no more false positives than the rate allows.
  const bounds = sources.map((of) => of[Math.floor(limit * of.length)] ?? -Infinity).sort((a, b) => a - b);
  const bound = bounds[Math.max(0, Math.ceil(share * bounds.length) - 1)];
  const { thresholds, falsePositives } = counts;
  const above = thresholds.findLastIndex((threshold) => threshold > bound);
  const chosen = Math.max(0, above);
  const benign = falsePositives[falsePositives.length - 1];
  return {
    threshold: thresholds[chosen],
    reached: above >= 0,
    achieved: falsePositives[chosen] / benign,
  };
}

function atLeast(goal: number, thresholds: Float64Array, precisions: Float64Array): ChosenThreshold {
  const attainable = Math.min(goal, maximum(precisions));
  const chosen = precisions.findLastIndex((precision) => precision >= attainable);
  return { threshold: thresholds[chosen], reached: precisions[chosen] >= goal, achieved: precisions[chosen] };
}

function leastCost(falsePositive: number, falseNegative: number, counts: CumulativeCounts): ChosenThreshold {
  if (!(falsePositive >= 0 && falseNegative >= 0 && falsePositive + falseNegative > 0)) {
    throw new RangeError('cost: the two costs are at least 0 and not both 0');
  }
  const { threats, benign } = totals(counts);
  const cost = (tp: number, fp: number): number =>
    (falsePositive * fp + falseNegative * (threats - tp)) / (threats + benign);
  const costs = counts.thresholds.map((_, k) => cost(counts.truePositives[k], counts.falsePositives[k]));
  const best = costs.reduce((least, value, k) => (value < costs[least] ? k : least), 0);
  return { threshold: counts.thresholds[best], reached: costs[best] <= cost(0, 0), achieved: costs[best] };
}

function maximum(values: Float64Array): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}
