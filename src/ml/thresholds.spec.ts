import { readFileSync } from 'node:fs';
import { chooseThreshold, type ThresholdPolicy } from './thresholds.js';

const stored = JSON.parse(readFileSync(new URL('./fixtures/scikit-learn.json', import.meta.url), 'utf8'));
const y = Uint8Array.from(stored.y as number[]);
const p = Float64Array.from(stored.p as number[]);

/** Rates at each threshold of these rows: 0.6 -> FPR .176, precision .727; 0.7 -> .029, .929; 0.8 -> .029, .909. */
const choose = (policy: ThresholdPolicy): ReturnType<typeof chooseThreshold> => chooseThreshold(policy, y, p);

describe('chooseThreshold', () => {
  it('takes the lowest threshold within a false-positive rate', () => {
    expect(choose({ policy: 'target-false-positive-rate', value: 0.1 })).toEqual({
      threshold: 0.7,
      reached: true,
      achieved: 1 / 34,
    });
    expect(choose({ policy: 'target-false-positive-rate', value: 1 }).threshold).toBe(0);
  });

  it('takes the lowest threshold at which a share of the sources keep a false-positive rate', () => {
    // Three sources of 100 benign rows each, the second scored higher by .1 and the third by .2, and one of 20 by .5.
    const sources = Int32Array.from({ length: 330 }, (_, i) =>
      i < 300 ? Math.floor(i / 100) : i < 320 ? 3 : 0,
    );
    const benign = Float64Array.from({ length: 330 }, (_, i) =>
      i < 320 ? Number(((i % 100) / 200 + [0, 0.1, 0.2, 0.5][sources[i]]).toFixed(3)) : 0.999,
    );
    const labels = Uint8Array.from({ length: 330 }, (_, i) => (i < 320 ? 0 : 1));
    const of = (ofSources: number): ReturnType<typeof chooseThreshold> =>
      chooseThreshold(
        { policy: 'target-false-positive-rate', value: 0.1, ofSources },
        labels,
        benign,
        sources,
      );
    // The eleventh highest of the second is .545, of the third .645.
    expect(of(0.6)).toMatchObject({ threshold: 0.55, reached: true });
    expect(of(1)).toMatchObject({ threshold: 0.65, reached: true });
    expect(of(1).achieved).toBe(10 / 320);
  });

  it('says when even the highest score breaks the false-positive rate', () => {
    expect(choose({ policy: 'target-false-positive-rate', value: 0.01 })).toEqual({
      threshold: 1,
      reached: false,
      achieved: 1 / 34,
    });
  });

  it('takes the lowest threshold of the wanted precision', () => {
    expect(choose({ policy: 'target-precision', value: 0.7 })).toEqual({
      threshold: 0.6,
      reached: true,
      achieved: 16 / 22,
    });
    // 0.8 (0.909) meets it as well, 0.7 (0.929) finds more threats
    expect(choose({ policy: 'target-precision', value: 0.9 }).threshold).toBe(0.7);
  });

  it('gives the best precision there is when the target is out of reach', () => {
    expect(choose({ policy: 'target-precision', value: 0.95 })).toEqual({
      threshold: 0.7,
      reached: false,
      achieved: 13 / 14,
    });
  });

  it('finds the best F1, the fewest alarms on ties', () => {
    const best = choose({ policy: 'max-f1' });
    expect(best.threshold).toBe(0.4);
    expect(best.achieved).toBeCloseTo(0.7352941176470589, 14);
    const tied = chooseThreshold(
      { policy: 'max-f1' },
      Uint8Array.of(1, 0, 1, 0, 0),
      // F1 2/3 at 0.9 and again at 0.5
      Float64Array.of(0.9, 0.8, 0.5, 0.5, 0.1),
    );
    expect(tied).toEqual({ threshold: 0.9, reached: true, achieved: 2 / 3 });
  });

  it('finds the least cost', () => {
    const cheapest = choose({ policy: 'cost', falsePositive: 1, falseNegative: 5 });
    expect(cheapest.threshold).toBe(0.4);
    expect(cheapest.reached).toBe(true);
    expect(cheapest.achieved).toBeCloseTo(0.36666666666666664, 14);
    expect(choose({ policy: 'cost', falsePositive: 0, falseNegative: 1 }).threshold).toBe(0);
  });

  it('says when silence would be cheaper than any threshold', () => {
    const silent = choose({ policy: 'cost', falsePositive: 1000, falseNegative: 1 });
    expect(silent.reached).toBe(false);
    // one benign row scores 1.0, so that every threshold costs 1,000; 0.7 finds most threats for it
    expect(silent.threshold).toBe(0.7);
  });

  it('takes a fixed value without looking at the rows', () => {
    expect(chooseThreshold({ policy: 'fixed', value: 0.8 }, new Uint8Array(0), new Float64Array(0))).toEqual({
      threshold: 0.8,
      reached: true,
      achieved: 0.8,
    });
  });

  it.each<ThresholdPolicy>([
    { policy: 'fixed', value: 1.1 },
    { policy: 'target-precision', value: -0.1 },
    { policy: 'target-false-positive-rate', value: NaN },
    { policy: 'cost', falsePositive: 0, falseNegative: 0 },
    { policy: 'cost', falsePositive: -1, falseNegative: 1 },
  ])('refuses %j', (policy) => {
    expect(() => choose(policy)).toThrow(RangeError);
  });

  it('refuses rows of one class', () => {
    expect(() => chooseThreshold({ policy: 'max-f1' }, new Uint8Array(3), new Float64Array(3))).toThrow(
      RangeError,
    );
  });
});
