import fc from 'fast-check';
import type { Snapshot } from '../detector/dataset.js';
import { tinyContract, tinySource } from '../detector/fixtures/tiny-contract.js';
import { groupKeyOf } from '../detector/group-keys.js';
import { Matrix } from '../ml/matrix.js';
import { Random } from '../ml/random.js';
import { measuredPlaces, splitSnapshot, type SnapshotSplit } from './split-snapshot.js';

const byCapture = tinyContract({ group: { column: 'capture' } });
const byTime = tinyContract({
  group: { registeredDomain: 'url' },
  split: { ...tinySource.split, time: 'seen_at' },
});

/** 600 rows of 60 captures (or domains), which come and go over time. */
function rowsOf(seed: number, of = byCapture): { snapshot: Snapshot; texts: string[] } {
  const random = new Random(seed);
  const captures = Array.from({ length: 600 }, () => random.below(60));
  const texts = captures.map((capture, i) =>
    of === byCapture ? `capture ${capture}` : `http://host${i}.site${capture}.example/`,
  );
  const snapshot: Snapshot = {
    detector: 'tiny',
    x: Matrix.fromRows(captures.map(() => [random.below(3) - 1, random.below(4), random.below(3)])),
    y: Uint8Array.from(captures, () => random.below(2)),
    groupKeys: Float64Array.from(texts, (text) => groupKeyOf(of, text)),
    times: Float64Array.from(captures, (capture) => 100 * capture + random.below(250)),
    fingerprint: '',
  };
  return { snapshot, texts };
}

const groupsOn = (texts: readonly string[], rows: Iterable<number>): Set<string> =>
  new Set(Array.from(rows, (i) => texts[i]));
const shared = (a: Set<string>, b: Set<string>): string[] => [...a].filter((text) => b.has(text));
const rising = (rows: Iterable<number>): number[] => [...rows].sort((a, b) => a - b);

describe('a split by a column', () => {
  it('leaves no group on two sides, and every row on one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (seed) => {
        const { snapshot, texts } = rowsOf(seed);
        const { train, test, folds, fitPlaces, testFrom } = splitSnapshot(byCapture, snapshot);
        expect(rising([...train, ...test])).toEqual([...snapshot.y.keys()]);
        expect(shared(groupsOn(texts, train), groupsOn(texts, test))).toEqual([]);
        expect(rising(folds.flatMap((places) => [...places]))).toEqual([...train.keys()]);
        folds.forEach((places, fold) => {
          const others = folds.flatMap((part, other) => (other === fold ? [] : [...part]));
          const on = (part: Iterable<number>): Set<string> =>
            groupsOn(
              texts,
              Array.from(part, (k) => train[k]),
            );
          expect(shared(on(places), on(others))).toEqual([]);
        });
        expect([fitPlaces, testFrom]).toEqual([undefined, undefined]);
      }),
      { numRuns: 20 },
    );
  });

  it('keeps a group on its side however much data comes in', () => {
    const before = rowsOf(1);
    const later = rowsOf(2);
    const split = splitSnapshot(byCapture, before.snapshot);
    const tested = groupsOn(before.texts, split.test);
    const after = splitSnapshot(byCapture, later.snapshot);
    expect(shared(tested, groupsOn(later.texts, after.train))).toEqual([]);
  });

  it('is refused without the column', () => {
    expect(() => splitSnapshot(byCapture, { ...rowsOf(1).snapshot, groupKeys: undefined })).toThrow(
      'lack the column',
    );
  });
});

describe('a split that leaves out whole sources', () => {
  const bySource = tinyContract({
    group: { column: 'capture' },
    split: { ...tinySource.split, wholeSources: true },
  });
  const { snapshot } = rowsOf(4);
  // The first source has half of the rows, the other ten a twentieth each.
  const rows = Int32Array.from({ length: 600 }, (_, i) => (i % 2 === 0 ? 0 : 1 + ((i >> 1) % 10)));
  const sources = { names: Array.from({ length: 11 }, (_, i) => `source ${i}`), rows };
  const { train, folds, fitPlaces, groups } = splitSnapshot(bySource, { ...snapshot, sources });

  it('measures each source on one fold, but the one that has no room there', () => {
    expect(rising(folds.flatMap((places) => [...places]))).toEqual([...train.keys()]);
    const foldsOf = (source: number): number =>
      folds.filter((places) => places.some((place) => rows[train[place]] === source)).length;
    expect(Array.from({ length: 11 }, (_, source) => foldsOf(source))).toEqual([
      3,
      ...Array<number>(10).fill(1),
    ]);
  });

  it('fits a fold on nothing of the sources and the groups that it is measured on', () => {
    folds.forEach((places, fold) => {
      const fitted = [...fitPlaces![fold]].map((place) => train[place]);
      const measured = [...places].map((place) => train[place]);
      const on = (of: (row: number) => number, part: number[]): Set<number> => new Set(part.map(of));
      const both = (of: (row: number) => number): number[] => {
        const known = on(of, measured);
        return [...on(of, fitted)].filter((item) => known.has(item));
      };
      expect(both((row) => groups[row])).toEqual([]);
      expect(both((row) => rows[row]).filter((source) => source > 0)).toEqual([]);
      expect(fitted.length).toBeGreaterThan(0);
    });
  });

  it('is one by groups where there is one source', () => {
    const one = { names: ['feed'], rows: new Int32Array(600) };
    expect(splitSnapshot(bySource, { ...snapshot, sources: one }).folds).toHaveLength(3);
  });
});

describe('a split by time', () => {
  const { snapshot } = rowsOf(3, byTime);
  const split = splitSnapshot(byTime, snapshot);
  const times = snapshot.times!;
  const lastOf = (rows: Iterable<number>): number => Math.max(...Array.from(rows, (i) => times[i]));

  it('trains on what was seen before the cut and tests on groups that reach beyond it', () => {
    expect(rising([...split.train, ...split.test])).toEqual([...snapshot.y.keys()]);
    expect(lastOf(split.train)).toBeLessThan(split.testFrom!);
    expect(lastOf(split.test)).toBeGreaterThanOrEqual(split.testFrom!);
    expect(split.test.length / 600).toBeCloseTo(0.25, 1);
    const trained = new Set(split.train.map((i) => split.groups[i]));
    expect([...split.test].filter((i) => trained.has(split.groups[i]))).toEqual([]);
  });

  it('chains its folds: each is fitted on what came before', () => {
    const { train, folds, fitPlaces } = split as Required<SnapshotSplit>;
    expect([folds.length, fitPlaces.length]).toEqual([3, 3]);
    folds.forEach((places, fold) => {
      const rows = (part: Int32Array): Int32Array => part.map((place) => train[place]);
      expect(lastOf(rows(fitPlaces[fold]))).toBeLessThan(lastOf(rows(places)));
      if (fold > 0)
        expect(rising([...fitPlaces[fold - 1], ...folds[fold - 1]])).toEqual([...fitPlaces[fold]]);
    });
  });

  it('measures no row of the first block', () => {
    const measured = measuredPlaces(split);
    expect([...measured]).toEqual(rising(measured));
    expect(rising([...split.fitPlaces![0], ...measured])).toEqual([...split.train.keys()]);
  });

  it('is refused without times', () => {
    expect(() => splitSnapshot(byTime, { ...snapshot, times: undefined })).toThrow('lack the time');
  });
});
