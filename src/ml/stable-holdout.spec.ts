import fc from 'fast-check';
import { Matrix } from './matrix.js';
import { Random } from './random.js';
import { groupsOf } from './splits.js';
import { stableHoldout } from './stable-holdout.js';

function randomTable(rows: number, seed: number): number[][] {
  const random = new Random(seed);
  return Array.from({ length: rows }, () => Array.from({ length: 5 }, () => random.below(4) - 1));
}

describe('stableHoldout', () => {
  const table = randomTable(4000, 1);

  it('holds out about the share asked for, with every row on one side', () => {
    const { train, test } = stableHoldout(Matrix.fromRows(table), { share: 0.2, seed: 1 });
    expect([...train, ...test].sort((a, b) => a - b)).toEqual(table.map((_, i) => i));
    expect(test.length / table.length).toBeGreaterThan(0.15);
    expect(test.length / table.length).toBeLessThan(0.25);
  });

  it('puts every row on one side and no group on two', () => {
    const tables = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.constantFrom(0, -0, NaN, 0.5)), {
      minLength: 200,
      maxLength: 400,
    });
    fc.assert(
      fc.property(tables, fc.integer({ min: 0, max: 2 ** 31 }), (rows, seed) => {
        const keys = Matrix.fromRows(rows);
        const groups = groupsOf(keys);
        const { train, test } = stableHoldout(keys, { share: 0.4, seed });
        expect([...train, ...test].sort((a, b) => a - b)).toEqual([...rows.keys()]);
        const trained = new Set(train.map((i) => groups[i]));
        expect([...test].filter((i) => trained.has(groups[i]))).toEqual([]);
      }),
    );
  });

  it('keeps equal rows together, missing values and signed zeros included', () => {
    const twins = table.flatMap((row) => [
      row.map((value) => (value === 2 ? NaN : value)),
      row.map((value) => (value === 2 ? NaN : value === 0 ? -0 : value)),
    ]);
    const { test } = stableHoldout(Matrix.fromRows(twins), { share: 0.3, seed: 5 });
    const held = new Set(test);
    for (let i = 0; i < twins.length; i += 2) expect(held.has(i)).toBe(held.has(i + 1));
  });

  it('gives a row the same side whatever else is in the data', () => {
    const before = stableHoldout(Matrix.fromRows(table), { share: 0.2, seed: 1 });
    const more = [...randomTable(500, 2), ...table];
    const after = stableHoldout(Matrix.fromRows(more), { share: 0.2, seed: 1 });
    expect([...after.test].filter((i) => i >= 500).map((i) => i - 500)).toEqual([...before.test]);
  });

  it('splits otherwise under another seed', () => {
    const [a, b] = [1, 2].map((seed) => stableHoldout(Matrix.fromRows(table), { share: 0.2, seed }));
    expect([...a.test]).not.toEqual([...b.test]);
  });

  it('refuses impossible shares', () => {
    const x = Matrix.fromRows(table);
    for (const share of [0, 1, -1, NaN])
      expect(() => stableHoldout(x, { share, seed: 1 })).toThrow(RangeError);
    expect(() => stableHoldout(Matrix.fromRows([[1], [1]]), { share: 0.5, seed: 1 })).toThrow(RangeError);
  });
});
