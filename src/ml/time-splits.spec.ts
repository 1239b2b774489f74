import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Random } from './random.js';
import { timeOrderedFolds, timeOrderedHoldout } from './time-splits.js';

const file = new URL('./fixtures/scikit-learn-metrics.json', import.meta.url);
const stored = JSON.parse(readFileSync(file, 'utf8')).timeSeriesSplit as {
  times: number[];
  folds: { train: number[]; test: number[] }[];
};

/** Rows in groups of up to 6 that are scattered over time, with ties, both classes everywhere. */
const timed = fc
  .record({
    sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 40, maxLength: 120 }),
    seed: fc.integer({ min: 0, max: 2 ** 31 }),
    spread: fc.constantFrom(0, 3, 30),
    ties: fc.constantFrom(1, 0.2),
  })
  .map(({ sizes, seed, spread, ties }) => {
    const random = new Random(seed);
    const rows = sizes.flatMap((size, group) =>
      Array.from({ length: size }, () => ({
        group,
        time: Math.round((group + spread * random.float()) * ties * 10),
        label: random.below(2),
      })),
    );
    const order = random.shuffle(Int32Array.from(rows.keys()));
    return {
      y: Uint8Array.from(order, (i) => rows[i].label),
      times: Float64Array.from(order, (i) => rows[i].time),
      groups: Int32Array.from(order, (i) => rows[i].group),
    };
  });

/** What every time-ordered part must keep to. */
function expectHonest(
  { times, groups }: { times: Float64Array; groups: Int32Array },
  { train, test }: { train: Int32Array; test: Int32Array },
): void {
  expect(train.length).toBeGreaterThan(0);
  expect(test.length).toBeGreaterThan(0);
  const trained = new Set(train.map((i) => groups[i]));
  expect([...test].filter((i) => trained.has(groups[i]))).toEqual([]);
  const lastTrained = Math.max(...train.map((i) => times[i]));
  const lastOf = new Map<number, number>();
  for (const i of test) lastOf.set(groups[i], Math.max(lastOf.get(groups[i]) ?? -Infinity, times[i]));
  for (const last of lastOf.values()) expect(last).toBeGreaterThan(lastTrained);
}

describe('timeOrderedHoldout', () => {
  it('puts every row on one side, no group on two, and trains on nothing as late as the cut', () => {
    fc.assert(
      fc.property(timed, fc.double({ min: 0.1, max: 0.5, noNaN: true }), (data, testShare) => {
        const split = timeOrderedHoldout(data.y, data.times, data.groups, { testShare });
        const all = [...split.train, ...split.test].sort((a, b) => a - b);
        expect(all).toEqual([...data.y.keys()]);
        expectHonest(data, split);
        for (const i of split.train) expect(data.times[i]).toBeLessThan(split.cut);
      }),
    );
  });

  it('holds out exactly the last rows where each is a group of its own', () => {
    const y = Uint8Array.of(0, 1, 0, 1, 0, 1, 0, 1, 0, 1);
    const times = Float64Array.of(9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    const { train, test, cut } = timeOrderedHoldout(y, times, Int32Array.from(y.keys()), { testShare: 0.3 });
    expect([[...train], [...test], cut]).toEqual([[3, 4, 5, 6, 7, 8, 9], [0, 1, 2], 7]);
  });

  it('gives a group that spans the cut to the later side, its early rows included', () => {
    const y = Uint8Array.of(0, 1, 0, 1, 0, 1, 0, 1);
    const times = Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7);
    const groups = Int32Array.of(5, 1, 1, 2, 2, 3, 3, 5);
    const { train, test, cut } = timeOrderedHoldout(y, times, groups, { testShare: 0.5 });
    expect([[...train], [...test], cut]).toEqual([[1, 2, 3, 4], [0, 5, 6, 7], 6]);
  });

  it('keeps rows of one time together', () => {
    const y = Uint8Array.of(0, 1, 0, 1, 0, 1);
    const times = Float64Array.of(1, 1, 1, 1, 2, 2);
    const { train, test } = timeOrderedHoldout(y, times, Int32Array.from(y.keys()), { testShare: 0.5 });
    expect([[...train], [...test]]).toEqual([
      [0, 1, 2, 3],
      [4, 5],
    ]);
  });

  it('refuses what cannot be split', () => {
    const y = Uint8Array.of(0, 1, 0, 1);
    const own = Int32Array.of(0, 1, 2, 3);
    const split = (times: number[], labels = y, testShare = 0.5): unknown =>
      timeOrderedHoldout(labels, Float64Array.from(times), own, { testShare });
    expect(() => split([1, 2, 3, 4], y, 1)).toThrow(RangeError);
    expect(() => split([1, 2, 3])).toThrow('3 times');
    expect(() => split([1, NaN, 3, 4])).toThrow('row 1: NaN is not a time');
    expect(() => split([5, 5, 5, 5])).toThrow('groups of 1 times');
    expect(() => split([1, 2, 3, 4], Uint8Array.of(0, 0, 1, 1))).toThrow(
      'before the cut has rows of class 0 only',
    );
    expect(() => split([1, 2, 3, 4], Uint8Array.of(0, 1, 1, 1))).toThrow(
      'after the cut has rows of class 1 only',
    );
  });
});

describe('timeOrderedFolds', () => {
  it('are scikit-learn’s TimeSeriesSplit where each row is a group of its own', () => {
    const times = Float64Array.from(stored.times);
    const y = Uint8Array.from(times, (time) => time % 2);
    const folds = timeOrderedFolds(y, times, Int32Array.from(y.keys()), { folds: 4 });
    expect(folds.map(({ train, test }) => ({ train: [...train], test: [...test] }))).toEqual(stored.folds);
  });

  it('chain forward: each is fitted on all before it, no group stands on two sides', () => {
    fc.assert(
      fc.property(timed, fc.integer({ min: 2, max: 5 }), (data, folds) => {
        const chain = timeOrderedFolds(data.y, data.times, data.groups, { folds });
        expect(chain).toHaveLength(folds);
        const measured = chain.flatMap(({ test }) => [...test]);
        expect(new Set(measured).size).toBe(measured.length);
        expect([...chain[0].train, ...measured].sort((a, b) => a - b)).toEqual([...data.y.keys()]);
        chain.forEach((fold, k) => {
          expectHonest(data, fold);
          if (k === 0) return;
          const before = [...chain[k - 1].train, ...chain[k - 1].test].sort((a, b) => a - b);
          expect([...fold.train]).toEqual(before);
        });
      }),
    );
  });

  it('refuse what cannot be folded', () => {
    const y = Uint8Array.of(0, 1, 0, 1, 0, 1);
    const own = Int32Array.from(y.keys());
    const fold = (times: number[], folds: number, labels = y): unknown =>
      timeOrderedFolds(labels, Float64Array.from(times), own, { folds });
    expect(() => fold([1, 2, 3, 4, 5, 6], 1)).toThrow(RangeError);
    expect(() => fold([1, 1, 2, 2, 3, 3], 3)).toThrow('groups of 3 times cannot be cut 3 times');
    expect(() => fold([1, 2, 3, 4, 5, 6], 2, Uint8Array.of(1, 1, 0, 0, 1, 0))).toThrow(
      'before the first fold has rows of class 1 only',
    );
  });
});
