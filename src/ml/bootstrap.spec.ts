import { bootstrapIntervals, pairedBootstrap } from './bootstrap.js';
import { evaluate, metricNames } from './metrics.js';
import { Random } from './random.js';
import { percentileInterval, resampleRows } from './resampling.js';

/** Labels, and probabilities that overlap between the classes where `noise` is above 1. */
function sample(rows: number, seed: number, noise = 1.2): { y: Uint8Array; p: Float64Array } {
  const random = new Random(seed);
  const y = Uint8Array.from({ length: rows }, () => random.below(2));
  const p = Float64Array.from(y, (label) => (label + noise * random.float()) / (1 + noise));
  return { y, p };
}

const eachItsOwn = (rows: number): Int32Array => Int32Array.from({ length: rows }, (_, i) => i);

describe('bootstrapIntervals', () => {
  const { y, p } = sample(400, 1);

  it('stand around the measured value of every metric', () => {
    const intervals = bootstrapIntervals(y, p, eachItsOwn(400), 0.5, { seed: 3, resamples: 300 });
    const measured = evaluate(y, p, 0.5);
    expect(Object.keys(intervals)).toEqual([...metricNames, 'tp', 'fp', 'tn', 'fn']);
    for (const name of metricNames) {
      if (name === 'calibrationError') continue; // biased upwards in resamples, as any binned distance is
      const [low, high] = intervals[name]!;
      expect(low).toBeLessThan(measured[name]!);
      expect(high).toBeGreaterThan(measured[name]!);
    }
  });

  it('count the rows of each confusion cell', () => {
    const { confusion } = evaluate(y, p, 0.5);
    const intervals = bootstrapIntervals(y, p, eachItsOwn(400), 0.5, { seed: 3, resamples: 500 });
    for (const cell of ['tp', 'fp', 'tn', 'fn'] as const) {
      const share = confusion[cell] / 400;
      const [low, high] = intervals[cell]!;
      expect(low).toBeLessThan(confusion[cell]);
      expect(high).toBeGreaterThan(confusion[cell]);
      // 1.96 binomial standard deviations each way
      expect((high - low) / (3.92 * Math.sqrt(400 * share * (1 - share)))).toBeCloseTo(1, 0);
    }
  });

  it('are those of the rows one by one, though equal rows are merged', () => {
    const tied = p.map((value) => Math.round(value * 10) / 10);
    const groups = eachItsOwn(400).map((i) => i % 50);
    const merged = bootstrapIntervals(y, tied, groups, 0.5, { seed: 3, resamples: 40 });
    const byRow = Array.from(resampleRows(y, groups, { seed: 3, resamples: 40 }), (weights) =>
      evaluate(y, tied, 0.5, { weights }),
    );
    expect(byRow).toHaveLength(40);
    for (const name of metricNames) {
      const interval = percentileInterval(byRow.map((metrics) => metrics[name]!))!;
      merged[name]!.forEach((end, k) => expect(end).toBeCloseTo(interval[k], 12));
    }
  });

  it('have the width that theory gives a share', () => {
    const intervals = bootstrapIntervals(y, p, eachItsOwn(400), 0.5, { seed: 3 });
    const { accuracy } = evaluate(y, p, 0.5);
    const expected = 2 * 1.96 * Math.sqrt((accuracy! * (1 - accuracy!)) / 400);
    const [low, high] = intervals.accuracy!;
    expect((high - low) / expected).toBeGreaterThan(0.9);
    expect((high - low) / expected).toBeLessThan(1.1);
  });

  it('widen by the square root of the copies when rows are copied, because groups are drawn', () => {
    const four = <T>(values: ArrayLike<T>): T[] => Array.from(values).flatMap((v) => [v, v, v, v]);
    const copies = [Uint8Array.from(four(y)), Float64Array.from(four(p))] as const;
    const widthOf = ([low, high]: readonly [number, number]): number => high - low;
    const byGroup = bootstrapIntervals(...copies, Int32Array.from(four(eachItsOwn(400))), 0.5, {
      seed: 5,
      resamples: 500,
    });
    const byRow = bootstrapIntervals(...copies, eachItsOwn(1600), 0.5, { seed: 5, resamples: 300 });
    const ratio = widthOf(byGroup.rocAuc!) / widthOf(byRow.rocAuc!);
    expect(ratio).toBeGreaterThan(1.6);
    expect(ratio).toBeLessThan(2.5);
  });

  it('repeat with the seed, whatever the groups are called', () => {
    const groups = eachItsOwn(400).map((i) => i >> 1);
    const renamed = groups.map((g) => 7 * g + 1000);
    const first = bootstrapIntervals(y, p, groups, 0.5, { seed: 3, resamples: 50 });
    expect(bootstrapIntervals(y, p, renamed, 0.5, { seed: 3, resamples: 50 })).toEqual(first);
    expect(bootstrapIntervals(y, p, groups, 0.5, { seed: 4, resamples: 50 })).not.toEqual(first);
  });

  it('are null where nothing can be drawn, and leave out resamples of one class', () => {
    const oneGroup = bootstrapIntervals(y, p, new Int32Array(400), 0.5, { seed: 1 });
    expect(oneGroup.accuracy).toBeNull();
    const benign = bootstrapIntervals(new Uint8Array(400), p, eachItsOwn(400), 0.5, {
      seed: 1,
      resamples: 20,
    });
    expect(benign.rocAuc).toBeNull();
    expect(benign.falsePositiveRate).not.toBeNull();
    const few = bootstrapIntervals(Uint8Array.of(1, 0), Float64Array.of(0.9, 0.1), eachItsOwn(2), 0.5, {
      seed: 1,
    });
    expect(few.rocAuc).toEqual([1, 1]);
  });

  it('refuse bad options', () => {
    expect(() => bootstrapIntervals(y, p, eachItsOwn(400), 0.5, { seed: 1, level: 1 })).toThrow(RangeError);
    expect(() => bootstrapIntervals(y, p, eachItsOwn(400), 0.5, { seed: 1, resamples: 0 })).toThrow(
      RangeError,
    );
    expect(() => bootstrapIntervals(y, p, eachItsOwn(399), 0.5, { seed: 1 })).toThrow(RangeError);
  });
});

describe('pairedBootstrap', () => {
  const { y, p } = sample(600, 2);
  const groups = eachItsOwn(600);

  it('finds no difference between a classifier and itself', () => {
    const same = pairedBootstrap(y, p, p, groups, 0.5, 0.5, { seed: 1, resamples: 50, metric: 'rocAuc' });
    expect(same).toEqual({ difference: 0, low: 0, high: 0 });
  });

  it('tells a better challenger from a worse one', () => {
    const random = new Random(9);
    const worse = p.map((value) => 0.7 * value + 0.3 * random.float());
    const options = { seed: 1, resamples: 200, metric: 'rocAuc' } as const;
    const gain = pairedBootstrap(y, p, worse, groups, 0.5, 0.5, options)!;
    expect(gain.low).toBeGreaterThan(0);
    expect(gain.difference).toBeGreaterThan(gain.low);
    expect(gain.difference).toBeLessThan(gain.high);
    const loss = pairedBootstrap(y, worse, p, groups, 0.5, 0.5, options)!;
    expect(loss.difference).toBe(-gain.difference);
    expect(loss.low).toBeCloseTo(-gain.high, 12);
  });

  it('uses each side’s own threshold', () => {
    const halved = p.map((value) => value / 2);
    const options = { seed: 1, resamples: 20, metric: 'accuracy' } as const;
    expect(pairedBootstrap(y, p, halved, groups, 0.5, 0.25, options)).toEqual({
      difference: 0,
      low: 0,
      high: 0,
    });
    expect(pairedBootstrap(y, p, halved, groups, 0.5, 0.5, options)!.difference).toBeGreaterThan(0);
  });

  it('is null where the metric has no value', () => {
    const options = { seed: 1, resamples: 20, metric: 'rocAuc' } as const;
    expect(pairedBootstrap(new Uint8Array(600), p, p, groups, 0.5, 0.5, options)).toBeNull();
    expect(pairedBootstrap(y, p, p, new Int32Array(600), 0.5, 0.5, options)).toBeNull();
  });
});
