import { readFileSync } from 'node:fs';
import { precisionRecallCurve, reliabilityCurve, rocCurve } from './curves.js';
import {
  averagePrecision,
  confusionMatrix,
  evaluate,
  expectedCalibrationError,
  f1,
  falsePositiveRate,
  logLoss,
  lowerIsBetter,
  measure,
  metricNames,
  precision,
  precisionAtBaseRate,
  recall,
  recallAtFalsePositiveRate,
  rocAuc,
} from './metrics.js';
import { Random } from './random.js';

interface Case {
  readonly name: string;
  readonly y: number[];
  readonly p: number[];
  readonly weights: number[] | null;
  readonly threshold: number;
  readonly metrics: Record<string, number | null>;
  readonly confusion: object;
  readonly roc: (number | null)[][];
  readonly precisionRecall: number[][];
  readonly reliability: number[][];
}

const file = new URL('./fixtures/scikit-learn-metrics.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] };

const labels = (...values: number[]): Uint8Array => Uint8Array.from(values);
const scores = (...values: number[]): Float64Array => Float64Array.from(values);

/** Rows of numbers that agree to 12 decimals. */
function expectClose(found: readonly (number | null)[][], wanted: readonly (number | null)[][]): void {
  expect(found).toHaveLength(wanted.length);
  found.forEach((row, i) =>
    row.forEach((value, j) => {
      const other = wanted[i][j];
      if (value === null || other === null) expect(value).toBe(other);
      else expect(value).toBeCloseTo(other, 12);
    }),
  );
}

describe.each(cases)('scikit-learn on $name', (stored) => {
  const y = Uint8Array.from(stored.y);
  const p = Float64Array.from(stored.p);
  const weights = stored.weights ?? undefined;

  it('has these metrics', () => {
    const { rows, confusion, ...metrics } = evaluate(y, p, stored.threshold, { weights });
    expect(rows).toBe(weights ? weights.reduce((sum, weight) => sum + weight) : y.length);
    expect(confusion).toEqual(stored.confusion);
    expect(Object.keys(metrics).sort()).toEqual([...metricNames].sort());
    expect(Object.keys(stored.metrics).sort()).toEqual([...metricNames].sort());
    for (const name of metricNames) {
      expectClose([[metrics[name]]], [[stored.metrics[name]]]);
      expect(measure(name, y, p, stored.threshold, { weights })).toBe(metrics[name]);
    }
  });

  it('has these curves', () => {
    expectClose(
      rocCurve(y, p, 100, weights).map((point) => [
        point.threshold,
        point.falsePositiveRate,
        point.truePositiveRate,
      ]),
      stored.roc,
    );
    expectClose(
      precisionRecallCurve(y, p, 100, weights).map((point) => [
        point.threshold,
        point.precision,
        point.recall,
      ]),
      stored.precisionRecall,
    );
    expectClose(
      reliabilityCurve(y, p, 10, weights).map((bin) => [bin.predicted, bin.observed, bin.rows]),
      stored.reliability,
    );
  });
});

describe('evaluate', () => {
  it('counts a row of weight 2 as if it stood there twice', () => {
    const once = evaluate(labels(1, 0, 1, 0), scores(0.9, 0.6, 0.4, 0.1), 0.5, { weights: [2, 1, 0, 3] });
    const spelled = evaluate(labels(1, 1, 0, 0, 0, 0), scores(0.9, 0.9, 0.6, 0.1, 0.1, 0.1), 0.5);
    expect(once.rows).toBe(6);
    for (const name of ['rocAuc', 'averagePrecision', 'logLoss', 'calibrationError', 'precision'] as const) {
      expect(once[name]).toBeCloseTo(spelled[name]!, 14);
    }
  });

  it('say what precision remains where threats are rare', () => {
    // 9 of 10 threats found, 1 of 100 benign rows called: where 1 in 1,000 is a threat, 0.9 right alarms beside 9.99 wrong.
    const confusion = { tp: 9, fn: 1, fp: 1, tn: 99 };
    expect(precisionAtBaseRate(confusion, 0.001)).toBeCloseTo(0.0009 / (0.0009 + 0.00999), 12);
    expect(precisionAtBaseRate(confusion, 10 / 110)).toBeCloseTo(precision(confusion)!, 12);
    expect(precisionAtBaseRate({ ...confusion, tp: 0, fp: 0 }, 0.001)).toBe(0);
    expect(precisionAtBaseRate({ ...confusion, tp: 0, fn: 0 }, 0.001)).toBeNull();
  });

  it('answers null without rows', () => {
    expect(evaluate(labels(), scores(), 0.5)).toEqual({
      rows: 0,
      accuracy: null,
      precision: null,
      recall: null,
      f1: null,
      rocAuc: null,
      averagePrecision: null,
      recallAtFpr01: null,
      recallAtFpr001: null,
      falsePositiveRate: null,
      brier: null,
      logLoss: null,
      calibrationError: null,
      confusion: { tp: 0, fp: 0, tn: 0, fn: 0 },
    });
  });

  it('answers null to what rows of one class cannot tell', () => {
    const benignOnly = evaluate(labels(0, 0), scores(0.7, 0.2), 0.5);
    expect(benignOnly).toMatchObject({
      accuracy: 0.5,
      precision: 0,
      recall: null,
      f1: null,
      falsePositiveRate: 0.5,
    });
    expect(benignOnly).toMatchObject({ rocAuc: null, averagePrecision: null });
    expect(evaluate(labels(1, 1), scores(0.7, 0.2), 0.5)).toMatchObject({
      recall: 0.5,
      rocAuc: null,
      averagePrecision: 1,
      falsePositiveRate: null,
    });
  });

  it('refuses scores that are not probabilities', () => {
    expect(() => evaluate(labels(1), scores(1.2), 0.5)).toThrow(RangeError);
    expect(() => evaluate(labels(1, 0), scores(0.5, NaN), 0.5)).toThrow(RangeError);
    expect(() => evaluate(labels(1, 0), scores(0.5), 0.5)).toThrow(RangeError);
  });
});

describe('the metrics', () => {
  it('call a row at the threshold a threat', () => {
    expect(confusionMatrix(labels(1, 0, 0), scores(0.5, 0.5, 0.49), 0.5)).toEqual({
      tp: 1,
      fp: 1,
      tn: 1,
      fn: 0,
    });
  });

  it('call precision 0 when nothing is predicted', () => {
    const silent = { tp: 0, fp: 0, tn: 3, fn: 2 };
    expect([precision(silent), recall(silent), f1(silent), falsePositiveRate(silent)]).toEqual([0, 0, 0, 0]);
  });

  it('count ties as half in the ROC AUC', () => {
    expect(rocAuc(labels(0, 1, 0, 1), scores(0.5, 0.5, 0.5, 0.5))).toBe(0.5);
    // 9 pairs: 7 won, 1 tied, 1 lost
    expect(rocAuc(labels(1, 1, 1, 0, 0, 0), scores(0.9, 0.6, 0.3, 0.3, 0.4, 0.1))).toBe(7.5 / 9);
  });

  it('agree with counting pairs', () => {
    const random = new Random(1);
    const truth = Uint8Array.from({ length: 80 }, () => random.below(2));
    const tied = Float64Array.from({ length: 80 }, () => random.below(12) / 11);
    let won = 0;
    let pairs = 0;
    truth.forEach((a, i) =>
      truth.forEach((b, j) => {
        if (a !== 1 || b !== 0) return;
        pairs++;
        won += tied[i] > tied[j] ? 1 : tied[i] === tied[j] ? 0.5 : 0;
      }),
    );
    expect(rocAuc(truth, tied)).toBeCloseTo(won / pairs, 12);
  });

  it('take average precision as a step sum', () => {
    expect(averagePrecision(labels(0, 0, 1, 1), scores(0.1, 0.4, 0.35, 0.8))).toBeCloseTo(
      0.8333333333333333,
      14,
    );
    expect(averagePrecision(labels(0, 1, 0, 0), scores(0.3, 0.3, 0.3, 0.3))).toBe(0.25);
  });

  it('bound the loss of a certain mistake', () => {
    expect(logLoss(labels(1), scores(0))).toBeCloseTo(36.04365338911715, 10);
  });

  it('find the recall within a false-positive rate', () => {
    // falling: threat, benign, threat, benign, threat, benign, benign
    const rows = [labels(1, 0, 1, 0, 1, 0, 0), scores(0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)] as const;
    expect([0, 0.25, 0.5, 1].map((limit) => recallAtFalsePositiveRate(...rows, limit))).toEqual([
      1 / 3,
      2 / 3,
      1,
      1,
    ]);
    expect(recallAtFalsePositiveRate(labels(0, 1), scores(0.9, 0.1), 0.5)).toBe(0);
    expect(recallAtFalsePositiveRate(labels(0, 1), scores(0.5, 0.5), 0.5)).toBe(0);
    expect(recallAtFalsePositiveRate(labels(1, 1), scores(0.9, 0.1), 0.5)).toBeNull();
    expect(recallAtFalsePositiveRate(labels(1, 0, 1), scores(0.9, 0.8, 0.7), 0.01, [1, 0, 3])).toBeNull();
    expect(
      recallAtFalsePositiveRate(labels(1, 0, 1, 0), scores(0.9, 0.8, 0.7, 0.6), 0.01, [1, 0, 3, 2]),
    ).toBe(1);
  });

  it('know which of them fall as a model improves', () => {
    const truth = labels(0, 1, 0, 1, 1, 0);
    const [better, worse] = [scores(0.1, 0.9, 0.2, 0.8, 0.9, 0.4), scores(0.6, 0.6, 0.9, 0.4, 0.3, 0.5)];
    for (const name of metricNames) {
      const gain = measure(name, truth, better, 0.5)! - measure(name, truth, worse, 0.5)!;
      expect([name, Math.sign(gain)]).toEqual([name, lowerIsBetter.has(name) ? -1 : 1]);
    }
  });

  it('bin the calibration error by equal width', () => {
    // bin (0.2, 0.3]: |0.25 - 0.5| x 2 rows; bin (0.9, 1]: |0.975 - 1| x 2 rows
    expect(expectedCalibrationError(labels(0, 1, 1, 1), scores(0.25, 0.25, 0.95, 1))).toBeCloseTo(0.1375, 12);
  });
});

describe('the curves', () => {
  it('shrink to the wanted number of points and keep both ends and the area', () => {
    const random = new Random(2);
    const truth = Uint8Array.from({ length: 5000 }, () => random.below(2));
    const probability = Float64Array.from(truth, (label) => (random.float() + label * 0.4) / 1.4);
    const curve = rocCurve(truth, probability, 100);
    expect(curve.length).toBeLessThanOrEqual(100);
    expect(curve.length).toBeGreaterThan(90);
    expect(curve[0]).toEqual({ threshold: null, falsePositiveRate: 0, truePositiveRate: 0 });
    expect(curve.at(-1)).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 });
    const area = curve
      .slice(1)
      .reduce(
        (sum, { falsePositiveRate: x, truePositiveRate: tpr }, k) =>
          sum + ((x - curve[k].falsePositiveRate) * (tpr + curve[k].truePositiveRate)) / 2,
        0,
      );
    expect(Math.abs(area - rocAuc(truth, probability)!)).toBeLessThan(0.001);
    expect(precisionRecallCurve(truth, probability, 2)).toHaveLength(2);
    expect(rocCurve(truth, probability, 2)).toHaveLength(2);
    expect(() => rocCurve(truth, probability, 1)).toThrow(RangeError);
  });

  it('are empty where they are undefined', () => {
    expect(rocCurve(labels(1, 1), scores(0.2, 0.3))).toEqual([]);
    expect(precisionRecallCurve(labels(0, 0), scores(0.2, 0.3))).toEqual([]);
    expect(reliabilityCurve(labels(), scores())).toEqual([]);
  });

  it('compare predicted and observed shares', () => {
    expect(reliabilityCurve(labels(0, 1, 1), scores(0.25, 0.25, 1), 4)).toEqual([
      { predicted: 0.25, observed: 0.5, rows: 2 },
      { predicted: 1, observed: 1, rows: 1 },
    ]);
  });
});
