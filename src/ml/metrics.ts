import {
  binSums,
  checkScores,
  type CumulativeCounts,
  cumulativeCounts,
  type Ranking,
  totals,
} from './curves.js';

// Taken out once: in a VM context, as tests run in, looking up a global costs more than the call itself.
const { log, max, min } = Math;
const epsilon = Number.EPSILON;

/*
 * Metrics of a binary detector: `y` is 1 for a threat (the positive class) and 0 for benign, `p` the probability of
 * threat. Definitions are scikit-learn's; optional `weights` (one a row, >= 0) are its `sample_weight`.
 *
 * Where the rows cannot answer, the answer is `null`, never NaN: without rows everything, without threats recall,
 * F1 and average precision, without benign rows the false-positive rate, without either class the ROC AUC and the
 * recall at a false-positive rate. Precision with nothing predicted is 0 (scikit-learn's zero_division=0): a detector that never speaks is never right.
 */

/** Rows by truth and prediction; weighted when weights were given. */
export interface Confusion {
  readonly tp: number;
  readonly fp: number;
  readonly tn: number;
  readonly fn: number;
}

export const metricNames = [
  'accuracy',
  'precision',
  'recall',
  'f1',
  'rocAuc',
  'averagePrecision',
  'recallAtFpr01',
  'recallAtFpr001',
  'falsePositiveRate',
  'brier',
  'logLoss',
  'calibrationError',
] as const;
export type MetricName = (typeof metricNames)[number];

/** Metrics of which less is better. */
export const lowerIsBetter: ReadonlySet<MetricName> = new Set<MetricName>([
  'falsePositiveRate',
  'brier',
  'logLoss',
  'calibrationError',
]);

export type Metrics = Readonly<Record<MetricName, number | null>> & {
  /** Rows measured; the sum of the weights when given. */
  readonly rows: number;
  readonly confusion: Confusion;
};

export interface EvaluateOptions {
  readonly weights?: ArrayLike<number>;
  /** `rank(p)`, for callers that measure the same probabilities many times. */
  readonly ranking?: Ranking;
}

/** False-positive rate of `recallAtFpr01`: a detector that calls 1 in 100 benign rows is about as loud as anyone bears. */
const boundedRate = 0.01;
/** Of `recallAtFpr001`: where one row in a thousand is a threat, the alarms are then about half threats. */
const lowRate = 0.001;

/**
 * All metrics at one threshold (a row is called a threat when p >= threshold).
 * @throws RangeError when labels and probabilities differ in number or a probability is not in [0, 1].
 */
export function evaluate(
  y: Uint8Array,
  p: Float64Array,
  threshold: number,
  options: EvaluateOptions = {},
): Metrics {
  checkScores(y, p);
  const scored = new ScoredRows(y, p, threshold, options);
  const values = metricNames.map((name) => [name, formulas[name](scored)] as const);
  const { confusion } = scored;
  return {
    rows: confusion.tp + confusion.fp + confusion.tn + confusion.fn,
    ...(Object.fromEntries(values) as Record<MetricName, number | null>),
    confusion,
  };
}

/** One of the metrics of {@link evaluate}, without the cost of the others. @throws RangeError as there */
export function measure(
  metric: MetricName,
  y: Uint8Array,
  p: Float64Array,
  threshold: number,
  options: EvaluateOptions = {},
): number | null {
  checkScores(y, p);
  return formulas[metric](new ScoredRows(y, p, threshold, options));
}

/** What the metrics are made of, each part worked out when the first metric asks for it. */
class ScoredRows {
  private knownConfusion: Confusion | undefined;
  private knownCounts: CumulativeCounts | undefined;

  constructor(
    readonly y: Uint8Array,
    readonly p: Float64Array,
    private readonly threshold: number,
    private readonly options: EvaluateOptions,
  ) {}

  get weights(): ArrayLike<number> | undefined {
    return this.options.weights;
  }

  get confusion(): Confusion {
    return (this.knownConfusion ??= confusionMatrix(this.y, this.p, this.threshold, this.weights));
  }

  get counts(): CumulativeCounts {
    return (this.knownCounts ??= cumulativeCounts(this.y, this.p, this.weights, this.options.ranking));
  }
}

const formulas: Readonly<Record<MetricName, (rows: ScoredRows) => number | null>> = {
  accuracy: ({ confusion }) => accuracy(confusion),
  precision: ({ confusion }) => precision(confusion),
  recall: ({ confusion }) => recall(confusion),
  f1: ({ confusion }) => f1(confusion),
  rocAuc: ({ counts }) => areaUnderRoc(counts),
  averagePrecision: ({ counts }) => averagePrecisionOf(counts),
  recallAtFpr01: ({ counts }) => recallWithin(counts, boundedRate),
  recallAtFpr001: ({ counts }) => recallWithin(counts, lowRate),
  falsePositiveRate: ({ confusion }) => falsePositiveRate(confusion),
  brier: ({ y, p, weights }) => brier(y, p, weights),
  logLoss: ({ y, p, weights }) => logLoss(y, p, weights),
  calibrationError: ({ y, p, weights }) => expectedCalibrationError(y, p, 10, weights),
};

export function confusionMatrix(
  y: Uint8Array,
  p: Float64Array,
  threshold: number,
  weights?: ArrayLike<number>,
): Confusion {
  let [tp, fp, tn, fn] = [0, 0, 0, 0];
  for (let i = 0; i < p.length; i++) {
    const weight = weights ? weights[i] : 1;
    if (p[i] >= threshold) {
      if (y[i] === 1) tp += weight;
      else fp += weight;
    } else if (y[i] === 1) fn += weight;
    else tn += weight;
  }
  return { tp, fp, tn, fn };
}

/** Share of rows called rightly. */
export function accuracy({ tp, fp, tn, fn }: Confusion): number | null {
  return ratio(tp + tn, tp + fp + tn + fn);
}

/** Share of threats among the rows called threats; 0 when none were called, `null` without rows. */
export function precision({ tp, fp, tn, fn }: Confusion): number | null {
  if (tp + fp === 0) return tn + fn === 0 ? null : 0;
  return tp / (tp + fp);
}

/**
 * Precision where another share of the rows are threats, at the recall and the false-positive rate of these rows: what
 * alarms are worth in traffic, where threats are rarer than in a collection (Axelsson 2000, The base-rate fallacy).
 * @param baseRate share of threats, in (0, 1)
 * @returns `null` without rows of both classes
 */
export function precisionAtBaseRate(confusion: Confusion, baseRate: number): number | null {
  const [found, alarmed] = [recall(confusion), falsePositiveRate(confusion)];
  if (found === null || alarmed === null) return null;
  const right = baseRate * found;
  const wrong = (1 - baseRate) * alarmed;
  return right + wrong === 0 ? 0 : right / (right + wrong);
}

/** Share of the threats that were found. */
export function recall({ tp, fn }: Confusion): number | null {
  return ratio(tp, tp + fn);
}

/** Harmonic mean of precision and recall: 2 tp / (2 tp + fp + fn); `null` without threats. */
export function f1({ tp, fp, fn }: Confusion): number | null {
  return tp + fn === 0 ? null : (2 * tp) / (2 * tp + fp + fn);
}

/** Share of the benign rows that were called threats. */
export function falsePositiveRate({ fp, tn }: Confusion): number | null {
  return ratio(fp, fp + tn);
}

/** Probability that a threat scores above a benign row, ties counting one half (Mann-Whitney's U with midranks). */
export function rocAuc(y: Uint8Array, p: Float64Array, weights?: ArrayLike<number>): number | null {
  checkScores(y, p);
  return areaUnderRoc(cumulativeCounts(y, p, weights));
}

/** Sum over thresholds of (recall gained) x (precision there): scikit-learn's step sum, no interpolation. */
export function averagePrecision(y: Uint8Array, p: Float64Array, weights?: ArrayLike<number>): number | null {
  checkScores(y, p);
  return averagePrecisionOf(cumulativeCounts(y, p, weights));
}

/**
 * Highest recall at a threshold whose false-positive rate is at most `limit`; 0 when even the highest probability
 * breaks it, `null` when a class is missing. scikit-learn: `max(tpr[fpr <= limit])` of `roc_curve`. `recallAtFpr01` is
 * this at 1 %, `recallAtFpr001` at 0.1 %.
 */
export function recallAtFalsePositiveRate(
  y: Uint8Array,
  p: Float64Array,
  limit: number,
  weights?: ArrayLike<number>,
): number | null {
  checkScores(y, p);
  return recallWithin(cumulativeCounts(y, p, weights), limit);
}

/** Mean squared distance of probability and truth (Brier 1950, the binary form in [0, 1]). */
export function brier(y: Uint8Array, p: Float64Array, weights?: ArrayLike<number>): number | null {
  return weightedMean(p.length, weights, (i) => (p[i] - y[i]) ** 2);
}

/**
 * Mean negative log-likelihood in nats. Probabilities are clipped by 2^-52, scikit-learn's `eps` of doubles, so that one
 * row costs at most 36.04.
 */
export function logLoss(y: Uint8Array, p: Float64Array, weights?: ArrayLike<number>): number | null {
  return weightedMean(p.length, weights, (i) => {
    const clipped = min(1 - epsilon, max(epsilon, p[i]));
    return -log(y[i] === 1 ? clipped : 1 - clipped);
  });
}

/**
 * Expected calibration error (Naeini, Cooper and Hauskrecht 2015): the mean distance of predicted and observed share
 * of threats over `bins` bins of equal width ({@link binSums}), weighted by their rows. In [0, 1].
 */
export function expectedCalibrationError(
  y: Uint8Array,
  p: Float64Array,
  bins = 10,
  weights?: ArrayLike<number>,
): number | null {
  const { rows, predicted, observed } = binSums(y, p, bins, weights);
  let error = 0;
  let total = 0;
  for (let b = 0; b < bins; b++) {
    error += Math.abs(predicted[b] - observed[b]);
    total += rows[b];
  }
  return ratio(error, total);
}

function recallWithin(counts: CumulativeCounts, limit: number): number | null {
  const { truePositives: tp, falsePositives: fp } = counts;
  const { threats, benign } = totals(counts);
  if (threats === 0 || benign === 0) return null;
  let found = 0;
  for (let k = 0; k < tp.length && fp[k] / benign <= limit; k++) found = tp[k];
  return found / threats;
}

function areaUnderRoc(counts: CumulativeCounts): number | null {
  const { truePositives: tp, falsePositives: fp } = counts;
  const { threats, benign } = totals(counts);
  let area = 0;
  for (let k = 0; k < tp.length; k++) {
    const [previousTp, previousFp] = k === 0 ? [0, 0] : [tp[k - 1], fp[k - 1]];
    area += ((fp[k] - previousFp) * (tp[k] + previousTp)) / 2;
  }
  return ratio(area, threats * benign);
}

function averagePrecisionOf(counts: CumulativeCounts): number | null {
  const { truePositives: tp, falsePositives: fp } = counts;
  let sum = 0;
  for (let k = 0; k < tp.length; k++) {
    const gained = tp[k] - (k === 0 ? 0 : tp[k - 1]);
    if (gained > 0) sum += (gained * tp[k]) / (tp[k] + fp[k]);
  }
  return ratio(sum, totals(counts).threats);
}

function weightedMean(
  rows: number,
  weights: ArrayLike<number> | undefined,
  value: (row: number) => number,
): number | null {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const weight = weights ? weights[i] : 1;
    if (weight === 0) continue;
    sum += weight * value(i);
    total += weight;
  }
  return ratio(sum, total);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
