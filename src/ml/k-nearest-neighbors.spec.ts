import { KNearestNeighbors } from './k-nearest-neighbors.js';
import type { LearnerOptions } from './learner.js';
import { Matrix } from './matrix.js';
import { Random } from './random.js';

const x = Matrix.fromRows([[0, 0], [0, 0], [1, 0], [0, 2], [3, 3], [4, 4]]); // prettier-ignore
const y = Uint8Array.of(0, 1, 1, 0, 1, 1);
const queries = Matrix.fromRows([[0, 0], [0.5, 0.25], [3, 2.5], [10, 10]]); // prettier-ignore

const predict = (options: LearnerOptions, sampleWeight?: Float64Array): number[] =>
  Array.from(new KNearestNeighbors(options).fit(x, y, { seed: 0, sampleWeight }).predict(queries));

describe('KNearestNeighbors', () => {
  // scikit-learn 1.9.1: KNeighborsClassifier(k, weights=...).fit(x, y).predict_proba(queries)[:, 1]
  it.each([
    ['uniform', 3, [2 / 3, 2 / 3, 2 / 3, 2 / 3]],
    ['uniform', 4, [0.5, 0.5, 0.75, 0.75]],
    ['distance', 3, [0.5, 2 / 3, 0.8859725392108038, 0.7370398308729098]],
    ['distance', 4, [0.5, 0.6047507601860181, 0.8971170682098548, 0.7896834807979379]],
  ])(
    'has the probabilities of scikit-learn with %s weights and %i neighbours',
    (weights, nNeighbors, wanted) => {
      predict({ weights, nNeighbors }).forEach((p, i) => expect(p).toBeCloseTo(wanted[i], 12));
    },
  );

  it('counts identical rows as rows, and takes their mean label where only some of them are among the k', () => {
    expect(predict({ nNeighbors: 1 })[0]).toBe(0.5);
    expect(predict({ nNeighbors: 2 })[0]).toBe(0.5);
    expect(predict({ nNeighbors: 3 })[0]).toBeCloseTo(2 / 3, 12);
  });

  it('weighs votes by the sample weights and leaves out rows of weight 0', () => {
    expect(predict({ nNeighbors: 2 }, Float64Array.of(1, 3, 1, 1, 1, 1))[0]).toBe(0.75);
    expect(predict({ nNeighbors: 1 }, Float64Array.of(0, 1, 1, 1, 1, 1))[0]).toBe(1);
  });

  it.each([2, 8, 13])('finds what a search through all rows finds, in %i columns', (columns) => {
    const random = new Random(columns);
    const points = Array.from({ length: 300 }, () => Array.from({ length: columns }, () => random.float()));
    const labels = Uint8Array.from(points, () => random.below(2));
    const model = new KNearestNeighbors({ nNeighbors: 7 }).fit(Matrix.fromRows(points), labels, { seed: 0 });
    const others = Array.from({ length: 40 }, () => Array.from({ length: columns }, () => random.float()));
    const found = model.predict(Matrix.fromRows(others));
    others.forEach((query, i) => {
      const distance = points.map((point) =>
        point.reduce((sum, value, j) => sum + (value - query[j]) ** 2, 0),
      );
      const nearest = [...points.keys()].sort((a, b) => distance[a] - distance[b]).slice(0, 7);
      const threats = nearest.filter((row) => labels[row] === 1);
      expect(found[i]).toBeCloseTo(threats.length / 7, 12);
    });
  });

  it('explains by what each column changes against the medians', () => {
    const model = new KNearestNeighbors({ nNeighbors: 3 }).fit(x, y, { seed: 0 });
    // Medians are (0.5, 1). Around (4, 4) are rows 5, 4 and 3; around (0.5, 4) 3, 4 and 2 or 5; around (4, 1) 4, 2, 5.
    const { base, values } = model.explain(Float64Array.of(4, 4));
    expect(values[1]).toBeCloseTo(2 / 3 - 1, 12);
    expect(base + values[0] + values[1]).toBeCloseTo(2 / 3, 12);
  });

  it('refuses missing values, fewer rows than neighbours and other columns', () => {
    const holed = Matrix.fromRows([[1, 2], [3, NaN]]); // prettier-ignore
    expect(() => new KNearestNeighbors().fit(holed, Uint8Array.of(0, 1), { seed: 0 })).toThrow('column 1');
    expect(() => predict({ nNeighbors: 7 })).toThrow('nNeighbors is 7 of 6 rows');
    const model = new KNearestNeighbors().fit(x, y, { seed: 0 });
    expect(() => model.predict(new Matrix(1, 3))).toThrow('3 columns, fitted on 2');
  });
});
