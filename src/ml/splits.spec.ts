import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Matrix } from './matrix.js';
import { Random } from './random.js';
import { denseGroups, groupedFolds, groupedHoldout, groupsOf } from './splits.js';

const groupsFrom = (...ids: number[]): Int32Array => Int32Array.from(ids);

describe('groupsOf', () => {
  it('numbers equal rows alike in order of first appearance, NaN equal to NaN and 0 to -0', () => {
    const x = Matrix.fromRows([
      [1, NaN],
      [0, 2],
      [1, NaN],
      [-0, 2],
      [NaN, 1],
      [1, 0],
    ]);
    expect(Array.from(groupsOf(x))).toEqual([0, 1, 0, 1, 2, 3]);
  });

  it('agrees with comparing the rows as text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.constantFrom(-1, 0, 1, NaN, 0.5, 1e300), { minLength: 3, maxLength: 3 }), {
          minLength: 1,
        }),
        (rows) => {
          const known = new Map<string, number>();
          const expected = rows.map((row) => {
            const key = row.join();
            if (!known.has(key)) known.set(key, known.size);
            return known.get(key);
          });
          expect(Array.from(groupsOf(Matrix.fromRows(rows)))).toEqual(expected);
        },
      ),
    );
  });

  it('finds the copies in the bundled phishing data', () => {
    const text = readFileSync(new URL('../../data/phishing-websites.csv', import.meta.url), 'utf8');
    const rows = text.trim().split(/\r?\n/).slice(1);
    const groups = groupsOf(Matrix.fromRows(rows.map((row) => row.split(',').slice(0, 30).map(Number))));
    expect(groups).toHaveLength(11_055);
    // 5,849 distinct rows less 64 feature vectors that carry both labels
    expect(denseGroups(groups).count).toBe(5785);
  });

  it('tells apart many rows whose hashes must collide somewhere', () => {
    const x = new Matrix(
      200_000,
      1,
      Float64Array.from({ length: 200_000 }, (_, i) => i * 0.1),
    );
    expect(groupsOf(x).at(-1)).toBe(199_999);
  });
});

describe('denseGroups', () => {
  it('renumbers ids in order of first appearance', () => {
    expect(denseGroups(groupsFrom(40, -3, 40, 7))).toEqual({ ids: groupsFrom(0, 1, 0, 2), count: 3 });
  });
});

/** Labels and groups of up to 12 rows, both classes in at least two groups. */
const grouped = fc
  .record({
    sizes: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 6, maxLength: 150 }),
    seed: fc.integer({ min: 0, max: 2 ** 31 }),
    mixed: fc.boolean(),
  })
  .map(({ sizes, seed, mixed }) => {
    const random = new Random(seed);
    const rows = sizes.flatMap((size, group) =>
      Array.from({ length: size }, () => ({
        group,
        label: mixed && random.below(3) === 0 ? random.below(2) : group % 2,
      })),
    );
    return {
      y: Uint8Array.from(rows, (row) => row.label),
      groups: Int32Array.from(rows, (row) => row.group),
      seed,
    };
  })
  .filter(({ y, groups }) =>
    [0, 1].every((label) => new Set(groups.filter((_, i) => y[i] === label)).size >= 2),
  );

const shareOf = (label: number, y: Uint8Array, rows: Int32Array): number =>
  rows.filter((i) => y[i] === label).length / y.filter((v) => v === label).length;

describe('groupedHoldout', () => {
  it('puts every row on one side, no group on two, both classes on both', () => {
    fc.assert(
      fc.property(
        grouped,
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        ({ y, groups, seed }, testShare) => {
          const { train, test } = groupedHoldout(y, groups, { testShare, seed });
          expect([...train, ...test].sort((a, b) => a - b)).toEqual(Array.from(y.keys()));
          const trained = new Set(Array.from(train, (i) => groups[i]));
          expect(Array.from(test).filter((i) => trained.has(groups[i]))).toEqual([]);
          for (const rows of [train, test]) expect(new Set(rows.map((i) => y[i])).size).toBe(2);
        },
      ),
    );
  });

  it('takes the wanted share of each class, off by two of the largest groups at most', () => {
    fc.assert(
      fc.property(
        grouped,
        fc.double({ min: 0.1, max: 0.5, noNaN: true }),
        ({ y, groups, seed }, testShare) => {
          const { test } = groupedHoldout(y, groups, { testShare, seed });
          for (const label of [0, 1]) {
            const ofClass = y.filter((v) => v === label).length;
            expect(Math.abs(shareOf(label, y, test) - testShare)).toBeLessThanOrEqual(24 / ofClass);
          }
        },
      ),
    );
  });

  it('is exact on rows that are their own groups', () => {
    const y = Uint8Array.from({ length: 1000 }, (_, i) => (i % 4 === 0 ? 1 : 0));
    const { test } = groupedHoldout(y, Int32Array.from(y.keys()), { testShare: 0.2, seed: 1 });
    expect(test).toHaveLength(200);
    expect(test.filter((i) => y[i] === 1)).toHaveLength(50);
  });

  it('repeats with the seed and differs without it', () => {
    const y = Uint8Array.from({ length: 100 }, (_, i) => i % 2);
    const groups = Int32Array.from(y.keys());
    const first = groupedHoldout(y, groups, { testShare: 0.3, seed: 5 });
    expect(groupedHoldout(y, groups, { testShare: 0.3, seed: 5 })).toEqual(first);
    expect(groupedHoldout(y, groups, { testShare: 0.3, seed: 6 })).not.toEqual(first);
  });

  it('gives a small test side a group of each class even where none fits its share', () => {
    const y = Uint8Array.of(0, 0, 0, 1, 1, 1, 0, 0, 1, 1);
    const groups = groupsFrom(0, 0, 0, 1, 1, 1, 2, 2, 3, 3);
    const { test } = groupedHoldout(y, groups, { testShare: 0.05, seed: 1 });
    expect(Array.from(test)).toEqual([6, 7, 8, 9]);
  });

  it('refuses what cannot be split', () => {
    const y = Uint8Array.of(0, 1, 0, 1);
    const own = groupsFrom(0, 1, 2, 3);
    expect(() => groupedHoldout(y, own, { testShare: 0, seed: 1 })).toThrow(RangeError);
    expect(() => groupedHoldout(y, own, { testShare: 1, seed: 1 })).toThrow(RangeError);
    expect(() => groupedHoldout(new Uint8Array(4), own, { testShare: 0.5, seed: 1 })).toThrow(
      /class 1 stands in 0 groups/,
    );
    expect(() => groupedHoldout(y, groupsFrom(0, 1, 2, 1), { testShare: 0.5, seed: 1 })).toThrow(RangeError);
    expect(() => groupedHoldout(y, groupsFrom(0, 1), { testShare: 0.5, seed: 1 })).toThrow(RangeError);
  });
});

describe('groupedFolds', () => {
  it('tests every row once, keeps groups whole and leaves no fold empty', () => {
    fc.assert(
      fc.property(grouped, fc.integer({ min: 2, max: 6 }), ({ y, groups, seed }, folds) => {
        const tests = groupedFolds(y, groups, { folds, seed });
        expect(tests).toHaveLength(folds);
        expect(tests.flatMap((rows) => Array.from(rows)).sort((a, b) => a - b)).toEqual(Array.from(y.keys()));
        const foldOf = new Map<number, number>();
        tests.forEach((rows, fold) => {
          expect(rows.length).toBeGreaterThan(0);
          rows.forEach((i) => {
            expect(foldOf.get(groups[i]) ?? fold).toBe(fold);
            foldOf.set(groups[i], fold);
          });
        });
      }),
    );
  });

  it('keeps each class even, off by two of the largest groups at most', () => {
    fc.assert(
      fc.property(grouped, fc.integer({ min: 2, max: 5 }), ({ y, groups, seed }, folds) => {
        for (const rows of groupedFolds(y, groups, { folds, seed })) {
          for (const label of [0, 1]) {
            const ofClass = y.filter((v) => v === label).length;
            expect(Math.abs(shareOf(label, y, rows) - 1 / folds)).toBeLessThanOrEqual(24 / ofClass);
          }
        }
      }),
    );
  });

  it('balances as many groups as there are rows', () => {
    const y = Uint8Array.from({ length: 100_000 }, (_, i) => i % 2);
    const tests = groupedFolds(y, Int32Array.from(y.keys()), { folds: 10, seed: 1 });
    for (const rows of tests) expect(rows).toHaveLength(10_000);
  });

  it('refuses what cannot be folded', () => {
    const y = Uint8Array.of(0, 1, 0, 1);
    const own = groupsFrom(0, 1, 2, 3);
    expect(() => groupedFolds(y, own, { folds: 1, seed: 1 })).toThrow(RangeError);
    expect(() => groupedFolds(y, own, { folds: 2.5, seed: 1 })).toThrow(RangeError);
    expect(() => groupedFolds(y, own, { folds: 5, seed: 1 })).toThrow('4 groups cannot fill 5 folds');
    expect(() => groupedFolds(Uint8Array.of(1, 1, 1, 1), own, { folds: 2, seed: 1 })).toThrow(RangeError);
  });
});
