import { combinationsOf, drawCombinations, probesOf, type Range, type Space } from './space.js';

const rate: Range = { low: 0.01, high: 1, log: true, integer: false };
const depth: Range = { low: 2, high: 5, log: false, integer: true };
const grid: Space = { criterion: ['gini', 'entropy'], maxDepth: [3, null, 9] };

describe('a space of options', () => {
  it('has as many combinations as its lists together, without end with a range, and one when empty', () => {
    expect([combinationsOf(grid), combinationsOf({ ...grid, rate }), combinationsOf({})]).toEqual([
      6,
      Infinity,
      1,
    ]);
  });

  it('of lists is drawn from without replacement, the whole grid where that is asked for', () => {
    const all = drawCombinations(grid, 60, 1);
    expect(all).toHaveLength(6);
    expect(new Set(all.map((one) => `${one.criterion} ${one.maxDepth}`))).toEqual(
      new Set(['gini 3', 'gini null', 'gini 9', 'entropy 3', 'entropy null', 'entropy 9']),
    );
    expect(drawCombinations(grid, 4, 1)).toEqual(all.slice(0, 4));
    expect(drawCombinations(grid, 6, 2)).not.toEqual(all);
  });

  it('gives the same combinations for the same seed, and no two alike', () => {
    const space = { rate, depth, kind: ['a', 'b'] };
    const drawn = drawCombinations(space, 40, 7);
    expect(drawn).toEqual(drawCombinations(space, 40, 7));
    expect(new Set(drawn.map((one) => JSON.stringify(one))).size).toBe(40);
    expect(Object.keys(drawn[0])).toEqual(['rate', 'depth', 'kind']);
  });

  it('is too small for ever more combinations, also where it is a range', () => {
    const drawn = drawCombinations({ depth }, 50, 3).map((one) => one.depth);
    expect([...drawn].sort()).toEqual([2, 3, 4, 5]);
  });

  it('is drawn from evenly, by the logarithm where that is said', () => {
    const draws = drawCombinations({ rate }, 2000, 5).map((one) => Number(one.rate));
    expect(draws.every((value) => value >= 0.01 && value <= 1)).toBe(true);
    const small = draws.filter((value) => value < 0.1).length / draws.length;
    expect(small).toBeGreaterThan(0.45);
    expect(small).toBeLessThan(0.55);
    const linear = drawCombinations({ rate: { ...rate, log: false } }, 2000, 5);
    const below = linear.filter((one) => Number(one.rate) < 0.1).length / linear.length;
    expect(below).toBeGreaterThan(0.06);
    expect(below).toBeLessThan(0.13);
  });

  it('draws the ends of a range of whole numbers as often as those between', () => {
    const counts = new Map<unknown, number>();
    for (let seed = 0; seed < 2000; seed++) {
      const [{ depth: drawn }] = drawCombinations({ depth }, 1, seed);
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([2, 3, 4, 5]);
    for (const count of counts.values()) expect(Math.abs(count / 2000 - 0.25)).toBeLessThan(0.04);
  });

  it('is checked by each value of a list, and by the ends of a range and a number between', () => {
    expect(probesOf([1, 'sqrt', null])).toEqual([1, 'sqrt', null]);
    expect(probesOf(depth)).toEqual([2, 5, 3]);
    const [low, high, between] = probesOf({ low: 1, high: 3, log: false, integer: false });
    expect([low, high, Number.isInteger(between)]).toEqual([1, 3, false]);
  });
});
