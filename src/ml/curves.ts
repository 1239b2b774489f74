// Taken out once: in a VM context, as tests run in, looking up a global costs more than the call itself.
const { ceil } = Math;

/** Rows by falling probability, and where each run of equal probabilities ends. See {@link rank}. */
export interface Ranking {
  /** Row indices, highest probability first; equal ones in row order. */
  readonly order: Uint32Array;
  /** For each distinct probability, the position in `order` after its last row. */
  readonly ends: Uint32Array;
}

/** True and false positives when every row at or above a threshold is called a threat. */
export interface CumulativeCounts {
  /** Distinct probabilities, falling. */
  readonly thresholds: Float64Array;
  /** Threats at or above each threshold; the last entry is all of them. */
  readonly truePositives: Float64Array;
  /** Benign rows at or above each threshold; the last entry is all of them. */
  readonly falsePositives: Float64Array;
}

export interface RocPoint {
  /** `null` in the first point: above every probability. */
  readonly threshold: number | null;
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

export interface PrecisionRecallPoint {
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
}

export interface ReliabilityPoint {
  /** Mean probability of the bin's rows. */
  readonly predicted: number;
  /** Share of threats among them. */
  readonly observed: number;
  readonly rows: number;
}

/** @throws RangeError when labels and probabilities differ in number or a probability is not in [0, 1]. */
export function checkScores(y: Uint8Array, p: Float64Array): void {
  if (y.length !== p.length) throw new RangeError(`${y.length} labels for ${p.length} probabilities`);
  for (let i = 0; i < p.length; i++) {
    if (!(p[i] >= 0 && p[i] <= 1)) throw new RangeError(`row ${i}: ${p[i]} is not a probability`);
  }
}

/** Sorts the rows once, so that many weightings of them can be measured in linear time. */
export function rank(p: Float64Array): Ranking {
  const order = Uint32Array.from(p, (_, i) => i).sort((a, b) => p[b] - p[a] || a - b);
  const ends: number[] = [];
  for (let i = 1; i <= order.length; i++) {
    if (i === order.length || p[order[i]] !== p[order[i - 1]]) ends.push(i);
  }
  return { order, ends: Uint32Array.from(ends) };
}

/**
 * Counts behind every ranking metric, one entry a distinct probability (scikit-learn's `_binary_clf_curve`).
 * `weights` (one a row) count a row more than once or not at all; thresholds whose rows all weigh 0 remain.
 */
export function cumulativeCounts(
  y: Uint8Array,
  p: Float64Array,
  weights?: ArrayLike<number>,
  ranking: Ranking = rank(p),
): CumulativeCounts {
  const { order, ends } = ranking;
  const thresholds = new Float64Array(ends.length);
  const truePositives = new Float64Array(ends.length);
  const falsePositives = new Float64Array(ends.length);
  let threats = 0;
  let benign = 0;
  let position = 0;
  for (let k = 0; k < ends.length; k++) {
    for (; position < ends[k]; position++) {
      const row = order[position];
      const weight = weights ? weights[row] : 1;
      if (y[row] === 1) threats += weight;
      else benign += weight;
    }
    thresholds[k] = p[order[position - 1]];
    truePositives[k] = threats;
    falsePositives[k] = benign;
  }
  return { thresholds, truePositives, falsePositives };
}

/**
 * Receiver operating characteristic from (0, 0) to (1, 1), at most `maxPoints` (>= 2) of its points, evenly spread
 * along the curve. Empty when a class is missing. `weights` as in {@link cumulativeCounts}; thresholds that no weight
 * stands behind are left out, as in scikit-learn's `roc_curve(drop_intermediate=False)`.
 */
export function rocCurve(
  y: Uint8Array,
  p: Float64Array,
  maxPoints = 100,
  weights?: ArrayLike<number>,
): RocPoint[] {
  checkScores(y, p);
  const counts = cumulativeCounts(y, p, weights);
  const { threats, benign } = totals(counts);
  if (threats === 0 || benign === 0) return [];
  const points = spread(counts, maxPoints - 1).map((k) => ({
    threshold: counts.thresholds[k],
    falsePositiveRate: counts.falsePositives[k] / benign,
    truePositiveRate: counts.truePositives[k] / threats,
  }));
  return [{ threshold: null, falsePositiveRate: 0, truePositiveRate: 0 }, ...points];
}

/**
 * Precision and recall by falling threshold, at most `maxPoints` (>= 2) points, evenly spread along the ROC curve.
 * scikit-learn's extra point (recall 0, precision 1) belongs to no threshold and is left out. Empty when there
 * are no threats. `weights` as in {@link rocCurve}.
 */
export function precisionRecallCurve(
  y: Uint8Array,
  p: Float64Array,
  maxPoints = 100,
  weights?: ArrayLike<number>,
): PrecisionRecallPoint[] {
  checkScores(y, p);
  const counts = cumulativeCounts(y, p, weights);
  const { threats } = totals(counts);
  if (threats === 0) return [];
  return spread(counts, maxPoints).map((k) => ({
    threshold: counts.thresholds[k],
    precision: counts.truePositives[k] / (counts.truePositives[k] + counts.falsePositives[k]),
    recall: counts.truePositives[k] / threats,
  }));
}

/** Sums over the rows of each bin; `weights` as in {@link cumulativeCounts}. */
export interface BinSums {
  /** Rows, their probabilities and their threats, each one value a bin. */
  readonly rows: Float64Array;
  readonly predicted: Float64Array;
  readonly observed: Float64Array;
}

/**
 * Rows by probability in `bins` bins of equal width, [0, 1/bins], (1/bins, 2/bins], ..., closed above like
 * scikit-learn's `calibration_curve`.
 */
export function binSums(y: Uint8Array, p: Float64Array, bins = 10, weights?: ArrayLike<number>): BinSums {
  const rows = new Float64Array(bins);
  const predicted = new Float64Array(bins);
  const observed = new Float64Array(bins);
  for (let i = 0; i < p.length; i++) {
    const bin = p[i] > 0 ? ceil(p[i] * bins) - 1 : 0;
    const weight = weights ? weights[i] : 1;
    rows[bin] += weight;
    predicted[bin] += weight * p[i];
    observed[bin] += weight * y[i];
  }
  return { rows, predicted, observed };
}

/** Predicted against observed share of threats in the bins of {@link binSums}; empty ones are left out. */
export function reliabilityCurve(
  y: Uint8Array,
  p: Float64Array,
  bins = 10,
  weights?: ArrayLike<number>,
): ReliabilityPoint[] {
  const { rows, predicted, observed } = binSums(y, p, bins, weights);
  return Array.from(rows, (n, b) => ({
    predicted: predicted[b] / n,
    observed: observed[b] / n,
    rows: n,
  })).filter((point) => point.rows > 0);
}

/** All threats and all benign rows of the counts; both 0 when there are no rows. */
export function totals(counts: CumulativeCounts): { threats: number; benign: number } {
  return { threats: counts.truePositives.at(-1) ?? 0, benign: counts.falsePositives.at(-1) ?? 0 };
}

/**
 * At most `limit` indices into `counts`, first and last among them, evenly spaced in (recall + false-positive rate).
 * Thresholds whose rows all weigh 0 are never among them.
 */
function spread(counts: CumulativeCounts, limit: number): number[] {
  if (!(limit >= 1)) throw new RangeError('a curve needs at least 2 points');
  const { truePositives: tp, falsePositives: fp } = counts;
  const { threats, benign } = totals(counts);
  const steps = Array.from(tp.keys()).filter((k) =>
    k === 0 ? tp[0] + fp[0] > 0 : tp[k] > tp[k - 1] || fp[k] > fp[k - 1],
  );
  if (steps.length <= limit) return steps;
  const along = (k: number): number => tp[k] / threats + (benign === 0 ? 0 : fp[k] / benign);
  const [first, last] = [steps[0], steps[steps.length - 1]];
  const chosen: number[] = [];
  let at = 0;
  for (let step = 0; step < limit - 1; step++) {
    const goal = along(first) + ((along(last) - along(first)) * step) / (limit - 1);
    while (steps[at] < last && along(steps[at]) < goal) at++;
    if (steps[at] < last && chosen.at(-1) !== steps[at]) chosen.push(steps[at]);
  }
  return [...chosen, last];
}
