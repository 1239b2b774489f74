import type { Snapshot } from '../detector/dataset.js';
import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import { Matrix } from '../ml/matrix.js';
import { Random } from '../ml/random.js';
import { loadPreprocessor } from './preprocessor.js';
import transform, { type Transformation } from './transform.task.js';

const contract = tinyContract();
const candidates = ['forest', 'logistic', 'neighbours'];

/** 400 rows with some 180 different vectors of both labels, many of them copies. */
function snapshotOf(seed = 1): Snapshot {
  const random = new Random(seed);
  const rows = Array.from({ length: 400 }, () => [
    random.below(3) - 1,
    random.below(20),
    random.below(10) === 0 ? NaN : random.below(3),
  ]);
  const y = Uint8Array.from(rows, ([ip, duration]) => (ip + duration > 9 ? 1 : 0));
  return { detector: 'tiny', x: Matrix.fromRows(rows), y, fingerprint: '' };
}

function run(
  snapshot = snapshotOf(),
  options: { contract?: typeof contract; seed?: number } = {},
): Transformation {
  return transform({ contract, snapshot, candidates, seed: 1, ...options }, { onProgress: () => undefined });
}

function vectorsOf(x: Matrix, rows: Iterable<number>, columns = [0, 1, 2]): Set<string> {
  return new Set(Array.from(rows, (i) => columns.map((j) => x.at(i, j)).join()));
}

function shared(a: Set<string>, b: Set<string>): string[] {
  return [...a].filter((vector) => b.has(vector));
}

describe('splitting a snapshot', () => {
  const snapshot = snapshotOf();
  const { train, test, groups, folds } = run(snapshot);

  it('gives every row to one side, about the share of the groups to the test', () => {
    expect([...train, ...test].sort((a, b) => a - b)).toEqual([...snapshot.y.keys()]);
    const share = vectorsOf(snapshot.x, test).size / vectorsOf(snapshot.x, snapshot.y.keys()).size;
    expect(share).toBeGreaterThan(0.18);
    expect(share).toBeLessThan(0.32);
  });

  it('leaves no vector on two sides', () => {
    expect(shared(vectorsOf(snapshot.x, train), vectorsOf(snapshot.x, test))).toEqual([]);
  });

  it('gives every training row to one fold, and no vector to two', () => {
    expect(folds).toHaveLength(3);
    expect(folds.flatMap((places) => [...places]).sort((a, b) => a - b)).toEqual([...train.keys()]);
    const [a, b, c] = folds.map((places) =>
      vectorsOf(
        snapshot.x,
        places.map((place) => train[place]),
      ),
    );
    expect([shared(a, b), shared(a, c), shared(b, c)]).toEqual([[], [], []]);
  });

  it('numbers equal vectors alike, and others not', () => {
    const byGroup = new Map<number, string>();
    groups.forEach((group, i) => {
      const vector = snapshot.x.row(i).join();
      expect(byGroup.get(group) ?? vector).toBe(vector);
      byGroup.set(group, vector);
    });
    expect(byGroup.size).toBe(vectorsOf(snapshot.x, snapshot.y.keys()).size);
  });

  it('tests the same vectors however much data comes in', () => {
    const more = snapshotOf(2);
    const both: Snapshot = {
      ...snapshot,
      x: Matrix.fromRows(
        [snapshot, more].flatMap(({ x }) => Array.from({ length: x.rows }, (_, i) => x.row(i))),
      ),
      y: Uint8Array.of(...snapshot.y, ...more.y),
    };
    const later = run(both);
    expect(shared(vectorsOf(snapshot.x, test), vectorsOf(both.x, later.train))).toEqual([]);
    expect(shared(vectorsOf(snapshot.x, train), vectorsOf(both.x, later.test))).toEqual([]);
  });

  it('takes the split from the contract, whatever the seed of the run', () => {
    const other = run(snapshot, { seed: 99 });
    expect([other.train, other.test, other.folds]).toEqual([train, test, folds]);
    const resplit = run(snapshot, { contract: tinyContract({ split: { test: 0.25, folds: 3, seed: 2 } }) });
    expect(resplit.test).not.toEqual(test);
  });

  it('groups by the columns that the contract names', () => {
    const byIp = run(snapshot, { contract: tinyContract({ group: ['protocol', 'duration'] }) });
    const vectors = (rows: Iterable<number>): Set<string> => vectorsOf(snapshot.x, rows, [1, 2]);
    expect(shared(vectors(byIp.train), vectors(byIp.test))).toEqual([]);
    const [a, b, c] = byIp.folds.map((places) => vectors(places.map((place) => byIp.train[place])));
    expect([shared(a, b), shared(a, c), shared(b, c)]).toEqual([[], [], []]);
  });
});

describe("the candidates' preprocessors", () => {
  it('are one each, with the imputer and encoder of the candidate', () => {
    const { preprocessors } = run();
    expect(
      Object.entries(preprocessors).map(([name, { imputer, encoder }]) => [name, imputer.name, encoder]),
    ).toEqual([
      ['forest', 'none', 'ordinal'],
      ['logistic', 'most-frequent', 'one-hot'],
      ['neighbours', 'median', 'ordinal'],
    ]);
    expect(loadPreprocessor(preprocessors.logistic).columns).toHaveLength(7);
  });

  it('are those of the named candidates only, reported one by one', () => {
    const reported: [number, number][] = [];
    const { preprocessors } = transform(
      { contract, snapshot: snapshotOf(), candidates: ['logistic'], seed: 1 },
      { onProgress: (done, total) => reported.push([done, total]) },
    );
    expect([Object.keys(preprocessors), reported]).toEqual([['logistic'], [[1, 1]]]);
  });

  it('learn from the training part alone', () => {
    const snapshot = snapshotOf();
    const x = new Matrix(400, 3, snapshot.x.data.slice());
    const byIp = tinyContract({ group: ['having_IP', 'duration'] });
    const grouped = run(snapshot, { contract: byIp });
    // The hold-out looks at two columns here, so what the third has in the test part must not matter.
    for (const i of grouped.test) x.setRow(i, [x.at(i, 0), x.at(i, 1), 2]);
    const changed = run({ ...snapshot, x }, { contract: byIp });
    expect(changed.test).toEqual(grouped.test);
    expect(changed.preprocessors).toEqual(grouped.preprocessors);
    // The same change to the training part does matter.
    for (const i of grouped.train) x.setRow(i, [x.at(i, 0), x.at(i, 1), 2]);
    expect(run({ ...snapshot, x }, { contract: byIp }).preprocessors).not.toEqual(grouped.preprocessors);
  });
});
