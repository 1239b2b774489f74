import { newcombeInterval, shareOf, wilsonInterval } from './proportions.js';

const rounded = (interval: readonly [number, number] | null): number[] | undefined =>
  interval?.map((end) => Math.round(end * 1e4) / 1e4 + 0);

describe("Wilson's interval", () => {
  // Newcombe (1998), Statistics in Medicine 17:857, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i of %i has the published ends', (successes, trials, low, high) => {
    expect(rounded(wilsonInterval({ successes, trials }))).toEqual([low, high]);
  });

  it('touches 0 and 1 exactly', () => {
    for (const trials of [1, 3, 7, 1000]) {
      expect(wilsonInterval({ successes: 0, trials })![0]).toBe(0);
      expect(wilsonInterval({ successes: trials, trials })![1]).toBe(1);
    }
  });

  it('is wider for more standard errors', () => {
    expect(rounded(wilsonInterval({ successes: 50, trials: 100 }, 3))).toEqual([0.3563, 0.6437]);
  });

  it('of nothing is not known', () => {
    expect(wilsonInterval({ successes: 0, trials: 0 })).toBeNull();
    expect(shareOf({ successes: 0, trials: 0 })).toBeNull();
  });

  it.each([
    [3, 2],
    [-1, 2],
    [NaN, 2],
  ])('refuses %p of %p', (successes, trials) => {
    expect(() => wilsonInterval({ successes, trials })).toThrow(RangeError);
  });
});

describe("Newcombe's interval of a difference", () => {
  // Newcombe (1998), Statistics in Medicine 17:873, table II, method 10.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('of %i/%i and %i/%i has the published ends', (a, n, b, m, low, high) => {
    const ends = newcombeInterval({ successes: a, trials: n }, { successes: b, trials: m });
    expect(rounded(ends)).toEqual([low, high]);
  });

  it('is not known while a side is of nothing', () => {
    expect(newcombeInterval({ successes: 0, trials: 0 }, { successes: 1, trials: 2 })).toBeNull();
  });
});
