import type { FeatureSpec } from '../detector/feature-specs.js';
import { Matrix } from '../ml/matrix.js';
import { Random } from '../ml/random.js';
import { createImputer, fitImputer, type ImputerName, type ImputerState } from './imputers.js';

const features: FeatureSpec[] = [
  { name: 'age', type: 'integer' },
  { name: 'rate', type: 'number' },
  { name: 'service', type: 'category', values: ['http', 'dns', 'ssh'] },
  { name: 'never', type: 'integer', values: [-1, 1] },
];
const training = Matrix.fromRows([
  [1, 0.5, 2, NaN],
  [4, 1.5, 0, NaN],
  [7, NaN, 2, NaN],
  [9, 1.5, NaN, NaN],
]);
const gaps = Matrix.fromRows([
  [NaN, NaN, NaN, NaN],
  [5, NaN, 1, 1],
]);

const rowsOf = (x: Matrix): number[][] => Array.from({ length: x.rows }, (_, i) => Array.from(x.row(i)));
const fillOf = (name: ImputerName): ImputerState => fitImputer(name, features, training, 1);

describe('median', () => {
  it('takes the lower median of whole numbers, the mean of the middle two of others, the mode of categories', () => {
    expect(fillOf('median')).toEqual({ name: 'median', fill: [4, 1.5, 2, -1] });
    const even = Matrix.fromRows([
      [1, 1, 0, 1],
      [2, 2, 0, 1],
    ]);
    expect(fitImputer('median', features, even, 1)).toEqual({ name: 'median', fill: [1, 1.5, 0, 1] });
  });

  it('fills the gaps and nothing else, and leaves its input alone', () => {
    const before = gaps.data.slice();
    expect(rowsOf(createImputer(fillOf('median'), features).impute(gaps))).toEqual([
      [4, 1.5, 2, -1],
      [5, 1.5, 1, 1],
    ]);
    expect(gaps.data).toEqual(before);
  });
});

describe('most-frequent', () => {
  it('takes the mode, the least on ties', () => {
    expect(fillOf('most-frequent')).toEqual({ name: 'most-frequent', fill: [1, 1.5, 2, -1] });
  });
});

describe('none', () => {
  it('keeps NaN for learners that take it', () => {
    expect(createImputer(fillOf('none'), features).impute(gaps).data).toEqual(gaps.data);
  });
});

describe('knn', () => {
  const specs: FeatureSpec[] = [
    { name: 'port', type: 'integer', values: [0, 1] },
    { name: 'bytes', type: 'number' },
    { name: 'service', type: 'category', values: ['http', 'dns'] },
  ];
  /** 25 rows of small flows to dns, 25 of large ones to http; more distinct sizes than are voted on. */
  const flows = Matrix.fromRows(
    Array.from({ length: 50 }, (_, i) => (i < 25 ? [0, i, 1] : [1, 1000 + i, 0])),
  );
  const imputer = createImputer(fitImputer('knn', specs, flows, 3), specs);

  it('votes on categories and averages numbers among the five nearest rows', () => {
    const filled = imputer.impute(
      Matrix.fromRows([
        [0, 11, NaN],
        [NaN, 1040, 0],
        [NaN, 3, NaN],
        [1, 1030, 0],
      ]),
    );
    expect(rowsOf(filled)).toEqual([
      [0, 11, 1],
      [1, 1040, 0],
      [0, 3, 1],
      [1, 1030, 0],
    ]);
  });

  it('gives the mean of the neighbours’ numbers', () => {
    const mixed: FeatureSpec[] = [
      { name: 'x', type: 'number' },
      { name: 'y', type: 'number' },
      { name: 'n', type: 'integer' },
    ];
    const x = Matrix.fromRows(Array.from({ length: 30 }, (_, i) => [i, 2 * i + 0.5, i * i]));
    const filled = createImputer(fitImputer('knn', mixed, x, 1), mixed).impute(
      Matrix.fromRows([[10, NaN, NaN]]),
    );
    // neighbours 8, 9, 10, 11, 12: y = 20.5; n = (64 + 81 + 100 + 121 + 144) / 5 = 102
    expect(rowsOf(filled)).toEqual([[10, 20.5, 102]]);
  });

  it('agrees with looking at every row', () => {
    const random = new Random(8);
    const number: FeatureSpec[] = ['a', 'b', 'c', 'd'].map((name) => ({ name, type: 'number' }));
    const x = Matrix.fromRows(
      Array.from({ length: 300 }, () => Array.from({ length: 4 }, () => random.float())),
    );
    const state = fitImputer('knn', number, x, 1);
    if (state.name !== 'knn') throw new Error(state.name);
    const ranges = [0, 1, 2, 3].map((j) => Math.max(...x.column(j)) - Math.min(...x.column(j)));
    const query = Matrix.fromRows(
      Array.from({ length: 20 }, () => [random.float(), NaN, random.float(), random.float()]),
    );
    const filled = createImputer(state, number).impute(query);
    for (let i = 0; i < query.rows; i++) {
      const nearest = state.rows
        .map((row) => ({
          value: row[1],
          distance: [0, 2, 3].reduce((sum, j) => sum + ((row[j] - query.at(i, j)) / ranges[j]) ** 2, 0),
        }))
        .sort((a, b) => a.distance - b.distance)
        .slice(0, 5);
      expect(filled.at(i, 1)).toBeCloseTo(nearest.reduce((sum, { value }) => sum + value, 0) / 5, 12);
    }
  });

  it('does not let the order of a category’s codes count as distance', () => {
    const protocols: FeatureSpec[] = [
      { name: 'protocol', type: 'category', values: ['a', 'b', 'c', 'd', 'e', 'f'] },
      { name: 'size', type: 'number' },
      { name: 'flag', type: 'integer', values: [0, 1] },
    ];
    // code 0 is as far from 1 as from 5, so size decides: 0.6 lies at the flag 1 rows
    const x = Matrix.fromRows([
      ...Array.from({ length: 5 }, () => [1, 0, 0]),
      ...Array.from({ length: 5 }, () => [5, 1, 1]),
    ]);
    const filled = createImputer(fitImputer('knn', protocols, x, 1), protocols).impute(
      Matrix.fromRows([[0, 0.6, NaN]]),
    );
    expect(filled.at(0, 2)).toBe(1);
  });

  it('fills a row without any value like median', () => {
    expect(rowsOf(imputer.impute(Matrix.fromRows([[NaN, NaN, NaN]])))).toEqual([[0, 524.5, 0]]);
  });

  it('looks in complete rows only, in filled ones where there are too few, in 1,000 at most', () => {
    const rows = [...Array.from({ length: 5 }, (_, i) => [0, i, 1]), [1, NaN, 0], [NaN, 7, 1]];
    const five = fitImputer('knn', specs, Matrix.fromRows(rows), 1);
    expect(five.name === 'knn' && five.rows.map((row) => row[1]).sort()).toEqual([0, 1, 2, 3, 4]);
    const six = fitImputer('knn', specs, Matrix.fromRows(rows.slice(1)), 1);
    expect(six.name === 'knn' && six.rows).toHaveLength(6);
    expect(six.name === 'knn' && six.rows.flat().some(Number.isNaN)).toBe(false);
    const many = fitImputer('knn', specs, new Matrix(1500, 3), 1);
    expect(many.name === 'knn' && many.rows).toHaveLength(1000);
  });

  it('repeats with the seed', () => {
    const x = new Matrix(
      1200,
      3,
      Float64Array.from({ length: 3600 }, (_, i) => i),
    );
    expect(fitImputer('knn', specs, x, 5)).toEqual(fitImputer('knn', specs, x, 5));
    expect(fitImputer('knn', specs, x, 5)).not.toEqual(fitImputer('knn', specs, x, 6));
  });
});
