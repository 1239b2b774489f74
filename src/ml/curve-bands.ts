import {
  binSums,
  cumulativeCounts,
  precisionRecallCurve,
  type PrecisionRecallPoint,
  rank,
  reliabilityCurve,
  type ReliabilityPoint,
  rocCurve,
  type RocPoint,
  totals,
} from './curves.js';
import {
  type BootstrapOptions,
  type Interval,
  mergeRows,
  percentileInterval,
  resample,
} from './resampling.js';

/** A curve's point with the interval of each of its rates; `null` where no resample gave one. */
type Banded<Point, Rate extends keyof Point> = Point & {
  readonly band: Readonly<Record<Rate, Interval | null>>;
};

export interface BandedCurves {
  readonly roc: readonly Banded<RocPoint, 'falsePositiveRate' | 'truePositiveRate'>[];
  readonly precisionRecall: readonly Banded<PrecisionRecallPoint, 'precision' | 'recall'>[];
  readonly reliability: readonly Banded<ReliabilityPoint, 'observed'>[];
}

export interface BandOptions extends BootstrapOptions {
  /** Of the ROC and of the precision-recall curve, at least 2; 100 by default. */
  readonly maxPoints?: number;
  /** Of the reliability curve; 10 by default. */
  readonly bins?: number;
}

/**
 * The three curves with pointwise bands: percentile intervals of the bootstrap by group, at each point by itself (the
 * whole curve leaves a 95 % band more often than 1 time in 20). A point of the ROC and of the precision-recall curve
 * is a threshold, and its band holds what its two rates come to at that threshold on other rows of the same kind
 * ("threshold averaging", Fawcett 2006, section 8): what one gets who sets the threshold now. A point of the
 * reliability curve is a bin, and its band holds the share of threats seen in it.
 *
 * Curves are thinned to `maxPoints` points, evenly spread along the ROC curve, so a run keeps a bounded size.
 * @throws RangeError on unequal lengths, probabilities outside [0, 1] or bad options.
 */
export function bandedCurves(
  y: Uint8Array,
  p: Float64Array,
  groups: Int32Array,
  { maxPoints = 100, bins = 10, ...options }: BandOptions,
): BandedCurves {
  const roc = rocCurve(y, p, maxPoints);
  const precisionRecall = precisionRecallCurve(y, p, maxPoints);
  const reliability = reliabilityCurve(y, p, bins);
  const filled = Array.from(binSums(y, p, bins).rows.entries()).flatMap(([bin, n]) => (n > 0 ? [bin] : []));

  const rows = mergeRows(y, p, groups);
  const ranking = rank(rows.p);
  const placeOf = new Map(Array.from(ranking.ends, (end, k) => [rows.p[end - 1], k]));
  const rocPlaces = roc.map(({ threshold }) => (threshold === null ? -1 : placeOf.get(threshold)!));
  const recallPlaces = precisionRecall.map(({ threshold }) => placeOf.get(threshold)!);

  const [falsePositiveRates, truePositiveRates] = [new RateSamples(), new RateSamples()];
  const [precisions, recalls, shares] = [new RateSamples(), new RateSamples(), new RateSamples()];
  for (const weights of resample(rows, options)) {
    const counts = cumulativeCounts(rows.y, rows.p, weights, ranking);
    const { truePositives: tp, falsePositives: fp } = counts;
    const { threats, benign } = totals(counts);
    rocPlaces.forEach((k, i) => {
      falsePositiveRates.add(i, k < 0 ? 0 : fp[k], benign);
      truePositiveRates.add(i, k < 0 ? 0 : tp[k], threats);
    });
    recallPlaces.forEach((k, i) => {
      precisions.add(i, tp[k], tp[k] + fp[k]);
      recalls.add(i, tp[k], threats);
    });
    const sums = binSums(rows.y, rows.p, bins, weights);
    filled.forEach((bin, i) => shares.add(i, sums.observed[bin], sums.rows[bin]));
  }

  const { level } = options;
  return {
    roc: roc.map((point, i) => ({
      ...point,
      band: {
        falsePositiveRate: falsePositiveRates.interval(i, level),
        truePositiveRate: truePositiveRates.interval(i, level),
      },
    })),
    precisionRecall: precisionRecall.map((point, i) => ({
      ...point,
      band: { precision: precisions.interval(i, level), recall: recalls.interval(i, level) },
    })),
    reliability: reliability.map((point, i) => ({ ...point, band: { observed: shares.interval(i, level) } })),
  };
}

/** The resampled values of one rate at each point of a curve; a resample that has no rows for it gives none. */
class RateSamples {
  private readonly samples: number[][] = [];

  add(point: number, part: number, whole: number): void {
    const samples = (this.samples[point] ??= []);
    if (whole > 0) samples.push(part / whole);
  }

  interval(point: number, level?: number): Interval | null {
    return percentileInterval(this.samples[point] ?? [], level);
  }
}
