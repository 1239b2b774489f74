import type { Snapshot } from '../detector/dataset.js';
import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import { Matrix } from '../ml/matrix.js';
import { fittingSet } from './fitting-set.js';
import { splitSnapshot } from './split-snapshot.js';

const matrixOf = (durations: number[]): Matrix => Matrix.fromRows(durations.map((value) => [1, value, 0]));

/** 40 rows of 20 groups of a source, beside them a row of each of 10 groups and 3 of groups of their own. */
const keys = Float64Array.from({ length: 40 }, (_, row) => 1000 + (row >> 1));
const snapshot: Snapshot = {
  detector: 'tiny',
  x: matrixOf(Array.from({ length: 40 }, (_, row) => row)),
  y: Uint8Array.from({ length: 40 }, (_, row) => (row >> 1) % 2),
  groupKeys: keys,
  sources: { names: ['feed'], rows: new Int32Array(40) },
  supplement: {
    x: matrixOf(Array.from({ length: 13 }, (_, row) => 100 + row)),
    y: new Uint8Array(13),
    groupKeys: Float64Array.from({ length: 13 }, (_, row) => (row < 10 ? 1000 + 2 * row : 9000 + row)),
    sources: Int32Array.from({ length: 13 }, (_, row) => (row < 10 ? 0 : 1)),
  },
  fingerprint: '',
};
const contract = tinyContract({
  group: { column: 'capture' },
  weighting: { balance: ['source', 'label'] },
});

describe('what a learner is fitted on', () => {
  const split = splitSnapshot(contract, snapshot);

  it('is the rows asked for, below them the supplement of no group that stands elsewhere', () => {
    const rows = Int32Array.from({ length: 20 }, (_, i) => i);
    const { x, y, groups } = fittingSet(contract, snapshot, split, rows);
    expect([...x.column(1)]).toEqual([...rows, 100, 101, 102, 103, 104, 110, 111, 112]);
    expect([...y.subarray(16)]).toEqual([0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect([...groups.subarray(20, 25)]).toEqual([0, 2, 4, 6, 8].map((group) => groups[2 * group]));
    expect(new Set(groups).size).toBe(13);
  });

  it('holds nothing of a group of the test part or of a fold', () => {
    const measured = new Set([...split.test].map((row) => split.groups[row]));
    const whole = fittingSet(contract, snapshot, split, split.train);
    expect(whole.x.rows).toBeGreaterThan(split.train.length);
    expect(whole.groups.filter((group) => measured.has(group))).toHaveLength(0);

    const heldOut = new Set([...split.folds[0]].map((place) => split.groups[split.train[place]]));
    const others = split.train.filter((row) => !heldOut.has(split.groups[row]));
    const fold = fittingSet(contract, snapshot, split, others);
    expect(fold.groups.filter((group) => heldOut.has(group) || measured.has(group))).toHaveLength(0);
  });

  it('gives what is a source of its own the weight that the contract names', () => {
    const rows = Int32Array.from({ length: 40 }, (_, i) => i);
    const weighing = {
      ...contract,
      supplement: { homePages: true, knownDomains: 0.1, imitations: 0, ordinaryPages: 0 },
    };
    const { sampleWeight, y } = fittingSet(weighing, snapshot, split, rows);
    const total = (from: number, to: number, label: number): number =>
      sampleWeight!
        .subarray(from, to)
        .reduce((sum, weight, i) => sum + (y[from + i] === label ? weight : 0), 0);
    expect(total(50, 53, 0) / total(0, 50, 0)).toBeCloseTo(0.1, 9);
    expect([total(0, 53, 0), total(0, 53, 1)].map((sum) => Number(sum.toFixed(9)))).toEqual([26.5, 26.5]);
  });

  it('is the rows alone where there is nothing beside them', () => {
    const set = fittingSet(
      tinyContract(),
      { ...snapshot, supplement: undefined },
      split,
      Int32Array.of(3, 1),
    );
    expect([...set.x.column(1)]).toEqual([3, 1]);
    expect(set.sampleWeight).toBeUndefined();
  });
});
