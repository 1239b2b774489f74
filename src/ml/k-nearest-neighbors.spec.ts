import fc from 'fast-check';
import KNN from 'ml-knn';
import { loadModel } from './factory.js';
import { FakeTeam } from './fixtures/fake-team.js';
import { phishingWebsites } from './fixtures/phishing-websites.js';
import { KNearestNeighbors } from './k-nearest-neighbors.js';
import { type LearnerOptions, ModelStateError, type StateArray } from './learner.js';
import { Matrix } from './matrix.js';
import helpVoting from './neighbors/vote.task.js';
import { Random } from './random.js';

const x = Matrix.fromRows([[0, 0], [0, 0], [1, 0], [0, 2], [3, 3], [4, 4]]); // prettier-ignore
const y = Uint8Array.of(0, 1, 1, 0, 1, 1);
const queries = Matrix.fromRows([[0, 0], [0.5, 0.25], [3, 2.5], [10, 10]]); // prettier-ignore

const predict = (options: LearnerOptions, sampleWeight?: Float64Array): number[] =>
  Array.from(new KNearestNeighbors(options).fit(x, y, { seed: 0, sampleWeight }).predict(queries));

const terms: Record<string, (a: number, b: number) => number> = {
  euclidean: (a, b) => (a - b) ** 2,
  manhattan: (a, b) => Math.abs(a - b),
  hamming: (a, b) => Number(a !== b),
};

/** The share of threats among the k first of all rows sorted by distance and number. */
function bySorting(metric: string, k: number, rows: number[][], labels: Uint8Array, query: number[]): number {
  const sums = rows.map((row) => row.reduce((sum, value, j) => sum + terms[metric](query[j], value), 0));
  const nearest = [...rows.keys()].sort((a, b) => sums[a] - sums[b] || a - b).slice(0, k);
  return nearest.filter((row) => labels[row] === 1).length / k;
}

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

  // scikit-learn 1.9.1: KNeighborsClassifier(4, weights='distance', metric=...)
  it.each([
    ['manhattan', [0.5, 0.6, 0.9017467248908297, 0.7887212073073869]],
    ['hamming', [0.5, 0.5, 0.8, 0.5]],
  ])('has its probabilities with the metric %s', (metric, wanted) => {
    const found = predict({ nNeighbors: 4, weights: 'distance', metric });
    found.forEach((p, i) => expect(p).toBeCloseTo(wanted[i], 12));
  });

  it('takes the earliest of rows that are as near as each other, equal or not', () => {
    expect(predict({ nNeighbors: 1 })[0]).toBe(0);
    expect(predict({ nNeighbors: 2 })[0]).toBe(0.5);
    const around = Matrix.fromRows([[1, 0], [0, 1], [0, -1], [0, 1], [-1, 0]]); // prettier-ignore
    const model = new KNearestNeighbors({ nNeighbors: 3 }).fit(around, Uint8Array.of(1, 0, 0, 1, 1), {
      seed: 0,
    });
    expect(model.predict(new Matrix(1, 2))[0]).toBeCloseTo(1 / 3, 12);
  });

  it('weighs votes by the sample weights and leaves out rows of weight 0', () => {
    expect(predict({ nNeighbors: 2 }, Float64Array.of(1, 3, 1, 1, 1, 1))[0]).toBe(0.75);
    expect(predict({ nNeighbors: 1 }, Float64Array.of(0, 1, 1, 1, 1, 1))[0]).toBe(1);
  });

  it('finds what sorting all rows by distance finds, with many ties', () => {
    const row = fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 5, maxLength: 5 });
    const rows = fc.array(row, { minLength: 8, maxLength: 120 });
    fc.assert(
      fc.property(
        rows,
        row,
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom(...Object.keys(terms)),
        (points, query, k, metric) => {
          const labels = Uint8Array.from(points, (_, i) => i % 2);
          const learner = new KNearestNeighbors({ nNeighbors: k, metric });
          const [found] = learner
            .fit(Matrix.fromRows(points), labels, { seed: 0 })
            .predict(Matrix.fromRows([query]));
          expect(found).toBeCloseTo(bySorting(metric, k, points, labels, query), 12);
        },
      ),
      { numRuns: 300, seed: 3 },
    );
  });

  it.each([
    ['euclidean', 2],
    ['euclidean', 13],
    ['manhattan', 7],
    ['hamming', 7],
  ])('finds what sorting finds among scattered rows, %s in %i columns', (metric, columns) => {
    const random = new Random(columns);
    const some = (count: number): number[][] =>
      Array.from({ length: count }, () =>
        Array.from({ length: columns }, () => (metric === 'hamming' ? random.below(4) : random.float())),
      );
    const [points, others] = [some(600), some(40)];
    const labels = Uint8Array.from(points, () => random.below(2));
    const learner = new KNearestNeighbors({ nNeighbors: 7, metric });
    const found = learner.fit(Matrix.fromRows(points), labels, { seed: 0 }).predict(Matrix.fromRows(others));
    others.forEach((query, i) =>
      expect(found[i]).toBeCloseTo(bySorting(metric, 7, points, labels, query), 12),
    );
  });

  it('finds the neighbours that ml-knn finds', () => {
    const random = new Random(6);
    const points = Array.from({ length: 200 }, () => [random.float(), random.float(), random.float()]);
    const labels = points.map(() => random.below(2));
    const reference = new KNN(points, labels, {
      // Called with objects that have no length as well, to prune: 0 makes it look everywhere.
      distance: (a, b) => Math.sqrt(Array.from(a).reduce((sum, value, j) => sum + (value - b[j]) ** 2, 0)),
    });
    const others = Array.from({ length: 30 }, () => [random.float(), random.float(), random.float()]);
    const model = new KNearestNeighbors().fit(Matrix.fromRows(points), Uint8Array.from(labels), { seed: 0 });
    const found = model.predict(Matrix.fromRows(others));
    others.forEach((query, i) => {
      const threats = reference.kdTree.nearest(query, 5).filter(([point]) => point[3] === 1);
      expect(found[i]).toBeCloseTo(threats.length / 5, 12);
    });
  });

  it('explains by what each column changes against the medians', () => {
    const model = new KNearestNeighbors({ nNeighbors: 3 }).fit(x, y, { seed: 0 });
    // Medians are (0.5, 1). Around (4, 4) are rows 5, 4 and 3; around (0.5, 4) 3, 4 and 2 or 5; around (4, 1) 4, 2, 5.
    const { base, values } = model.explain(Float64Array.of(4, 4));
    expect(values[1]).toBeCloseTo(2 / 3 - 1, 12);
    expect(base + values[0] + values[1]).toBeCloseTo(2 / 3, 12);
  });

  it('refuses missing values, fewer rows than neighbours, other columns and other metrics', () => {
    const holed = Matrix.fromRows([[1, 2], [3, NaN]]); // prettier-ignore
    expect(() => new KNearestNeighbors().fit(holed, Uint8Array.of(0, 1), { seed: 0 })).toThrow('column 1');
    expect(() => predict({ nNeighbors: 7 })).toThrow('nNeighbors is 7 of 6 rows');
    const model = new KNearestNeighbors().fit(x, y, { seed: 0 });
    expect(() => model.predict(new Matrix(1, 3))).toThrow('3 columns, fitted on 2');
    expect(() => new KNearestNeighbors({ metric: 'cosine' })).toThrow(
      '"euclidean" or "manhattan" or "hamming"',
    );
  });
});

describe('KNearestNeighborsModel', () => {
  const data = phishingWebsites();
  const [train, test] = [0, 1].map((part) =>
    Array.from({ length: data.x.rows }, (_, i) => i).filter((i) => Number(i % 5 === 0) === part),
  );
  const labels = Uint8Array.from(train, (row) => data.y[row]);
  const model = new KNearestNeighbors({ weights: 'distance' }).fit(data.x.take(train), labels, { seed: 0 });
  const some = data.x.take(test);
  const answers = model.predict(some);

  it.each([1, 2, 5])('answers the same to the bit with %i threads', (size) => {
    expect(model.predict(some, new FakeTeam(size, helpVoting))).toEqual(answers);
  });

  it('asks nobody for help with a row', () => {
    const team = new FakeTeam(2, () => {
      throw new Error('not for this');
    });
    expect(model.predict(data.x.take([test[3]]), team)[0]).toBe(answers[3]);
  });

  it('keeps each distinct row once in its state, and comes back from it', () => {
    const state = model.toState();
    const points = (state.arrays.points as Float64Array).length / 30;
    expect(points).toBe(new Set(train.map((row) => data.x.row(row).join())).size);
    expect(points).toBeLessThan(0.6 * train.length);
    expect(loadModel(state).predict(some)).toEqual(answers);
  });

  const small = new KNearestNeighbors({ nNeighbors: 2 }).fit(x, y, { seed: 0 }).toState();
  it.each<[string, Record<string, StateArray>]>([
    ['a point without rows', { rows: Uint32Array.of(2, 0, 2, 1, 1) }],
    ['more rows than there are', { rows: Uint32Array.of(2, 1, 1, 1, 2) }],
    ['a row in two places', { order: Int32Array.of(0, 1, 2, 3, 4, 4) }],
    ['a negative row', { order: Int32Array.of(-1, 1, 2, 3, 4, 5) }],
    ['rows of a point out of order', { order: Int32Array.of(1, 0, 2, 3, 4, 5) }],
    ['a vote without weight', { weight: Float64Array.of(1, 1, 1, 1, 0, 1) }],
    ['a third class', { threat: Uint8Array.of(0, 1, 2, 0, 1, 1) }],
  ])('is refused with %s', (_, change) => {
    expect(() => loadModel({ ...small, arrays: { ...small.arrays, ...change } })).toThrow(ModelStateError);
  });
});
