import { mergeRows, percentileInterval, resample, resampleRows } from './resampling.js';

const y = Uint8Array.of(1, 0, 1, 1, 0, 1);
const p = Float64Array.of(0.5, 0.9, 0.5, 0.5, 0.9, 0.5);
const groups = Int32Array.of(7, 3, 7, 4, 4, 7);

describe('merged rows', () => {
  it('stand for the rows of one probability, label and group', () => {
    expect(mergeRows(y, p, groups)).toEqual({
      y: Uint8Array.of(0, 0, 1, 1),
      p: Float64Array.of(0.9, 0.9, 0.5, 0.5),
      group: Int32Array.of(1, 2, 0, 2),
      count: Float64Array.of(1, 1, 3, 1),
      groups: 3,
    });
  });

  it('keep rows of both labels apart', () => {
    const { count } = mergeRows(Uint8Array.of(0, 1), Float64Array.of(0.5, 0.5), new Int32Array(2));
    expect([...count]).toEqual([1, 1]);
  });

  it('are refused where groups are missing', () => {
    expect(() => mergeRows(y, p, groups.subarray(1))).toThrow('5 groups for 6 rows');
  });
});

describe('resamples', () => {
  it('draw as many groups as there are, each with all its rows', () => {
    const drawn = Array.from(resampleRows(y, groups, { seed: 1, resamples: 50 }), (weights) => [...weights]);
    expect(drawn).toHaveLength(50);
    for (const weights of drawn) {
      expect([weights[2], weights[5], weights[4]]).toEqual([weights[0], weights[0], weights[3]]);
      expect(weights[0] + weights[1] + weights[3]).toBe(3);
    }
    expect(new Set(drawn.map(String)).size).toBeGreaterThan(5);
  });

  it('are the same of merged rows as of the rows themselves', () => {
    const options = { seed: 4, resamples: 20 };
    const merged = Array.from(resample(mergeRows(y, p, groups), options), (weights) => [...weights]);
    const byRow = Array.from(resampleRows(y, groups, options), (w) => [w[1], w[4], 3 * w[0], w[3]]);
    expect(merged).toEqual(byRow);
  });

  it('are 1,000, and fewer of many rows', () => {
    const count = (rows: number): number => {
      const many = { ...mergeRows(y, p, groups), group: new Int32Array(rows), count: new Float64Array(rows) };
      return [...resample(many, { seed: 1 })].length;
    };
    expect([count(6), count(40_000), count(150_000)]).toEqual([1000, 500, 200]);
  });
});

describe('a percentile interval', () => {
  it('lies between order statistics', () => {
    // numpy.percentile(range(11), [2.5, 97.5])
    const [low, high] = percentileInterval([10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0])!;
    expect(low).toBeCloseTo(0.25, 14);
    expect(high).toBeCloseTo(9.75, 14);
    expect(percentileInterval([1, 2, 3, 4, 5], 0.5)).toEqual([2, 4]);
    expect(percentileInterval([4])).toEqual([4, 4]);
    expect(percentileInterval([])).toBeNull();
  });
});
