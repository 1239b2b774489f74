import { bandedCurves } from './curve-bands.js';
import { precisionRecallCurve, reliabilityCurve, rocCurve } from './curves.js';
import { Random } from './random.js';

function sample(rows: number, seed: number): { y: Uint8Array; p: Float64Array } {
  const random = new Random(seed);
  const y = Uint8Array.from({ length: rows }, () => random.below(2));
  return { y, p: Float64Array.from(y, (label) => (label + 1.5 * random.float()) / 2.5) };
}

const eachItsOwn = (rows: number): Int32Array => Int32Array.from({ length: rows }, (_, i) => i);
const bandless = (points: readonly { band: object }[]): object[] =>
  points.map(({ band: _, ...point }) => point);

describe('banded curves', () => {
  const { y, p } = sample(500, 1);
  const curves = bandedCurves(y, p, eachItsOwn(500), { seed: 2, resamples: 300 });

  it('are the curves themselves, with a band at each point', () => {
    expect(bandless(curves.roc)).toEqual(rocCurve(y, p, 100));
    expect(bandless(curves.precisionRecall)).toEqual(precisionRecallCurve(y, p, 100));
    expect(bandless(curves.reliability)).toEqual(reliabilityCurve(y, p));
    expect(curves.roc.length).toBeLessThanOrEqual(100);
  });

  it('hold the point itself, but for the ends that no resample moves', () => {
    const [first, ...points] = curves.roc;
    expect(first.band).toEqual({ falsePositiveRate: [0, 0], truePositiveRate: [0, 0] });
    expect(points.at(-1)!.band).toEqual({ falsePositiveRate: [1, 1], truePositiveRate: [1, 1] });
    const inner = points.filter((point) => point.truePositiveRate > 0.05 && point.truePositiveRate < 0.95);
    expect(inner.length).toBeGreaterThan(20);
    for (const { truePositiveRate, band } of inner) {
      expect(band.truePositiveRate![0]).toBeLessThan(truePositiveRate);
      expect(band.truePositiveRate![1]).toBeGreaterThan(truePositiveRate);
    }
    for (const { observed, band } of curves.reliability) {
      expect(band.observed![0]).toBeLessThanOrEqual(observed);
      expect(band.observed![1]).toBeGreaterThanOrEqual(observed);
    }
  });

  it('have the width that theory gives a share', () => {
    const middle = curves.roc.find((point) => point.truePositiveRate >= 0.5)!;
    const threats = y.filter((label) => label === 1).length;
    const [low, high] = middle.band.truePositiveRate!;
    const expected = 3.92 * Math.sqrt((middle.truePositiveRate * (1 - middle.truePositiveRate)) / threats);
    expect((high - low) / expected).toBeGreaterThan(0.85);
    expect((high - low) / expected).toBeLessThan(1.15);
  });

  it('contain the population’s rates in 95 % of the samples, about', () => {
    const many = sample(20_000, 9);
    const threshold = 0.5;
    const truth = many.p.filter((value, i) => many.y[i] === 1 && value >= threshold).length;
    const rate = truth / many.y.filter((label) => label === 1).length;
    let inside = 0;
    for (let s = 0; s < 50; s++) {
      const { y: labels, p: scores } = sample(120, 100 + s);
      const { roc } = bandedCurves(labels, scores, eachItsOwn(120), {
        seed: s,
        resamples: 100,
        maxPoints: 200,
      });
      const [low, high] = roc.findLast((point) => (point.threshold ?? 1) >= threshold)!.band
        .truePositiveRate!;
      if (low <= rate && rate <= high) inside++;
    }
    expect(inside).toBeGreaterThanOrEqual(42);
  });

  it('widen when rows are copied within their groups', () => {
    const twice = { y: Uint8Array.of(...y, ...y), p: Float64Array.of(...p, ...p) };
    const widthOf = (groups: Int32Array): number => {
      const { roc } = bandedCurves(twice.y, twice.p, groups, { seed: 2, resamples: 200 });
      const [low, high] = roc.find((point) => point.truePositiveRate >= 0.5)!.band.truePositiveRate!;
      return high - low;
    };
    const byGroup = widthOf(eachItsOwn(1000).map((i) => i % 500));
    expect(byGroup / widthOf(eachItsOwn(1000))).toBeGreaterThan(1.2);
  });

  it('are null where nothing can be drawn, and curves empty where they are undefined', () => {
    const one = bandedCurves(y, p, new Int32Array(500), { seed: 1 });
    expect(one.roc[5].band).toEqual({ falsePositiveRate: null, truePositiveRate: null });
    expect(one.reliability[0].band).toEqual({ observed: null });
    const benign = bandedCurves(new Uint8Array(500), p, eachItsOwn(500), { seed: 1, resamples: 10 });
    expect([benign.roc, benign.precisionRecall]).toEqual([[], []]);
    expect(benign.reliability[0].band).toEqual({ observed: [0, 0] });
  });
});
