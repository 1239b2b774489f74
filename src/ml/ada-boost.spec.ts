import { readFileSync } from 'node:fs';
import { AdaBoost, type AdaBoostModel } from './ada-boost.js';
import { loadModel } from './factory.js';
import { type LearnerOptions, ModelStateError } from './learner.js';
import { Matrix } from './matrix.js';
import { Random } from './random.js';

const stored = JSON.parse(
  readFileSync(new URL('./fixtures/scikit-learn-trees.json', import.meta.url), 'utf8'),
);

function fit(
  rows: number[][],
  labels: number[],
  options: LearnerOptions = {},
  weight?: number[],
): AdaBoostModel {
  return new AdaBoost(options).fit(Matrix.fromRows(rows), Uint8Array.from(labels), {
    seed: 1,
    sampleWeight: weight && Float64Array.from(weight),
  });
}

const estimatorWeights = (model: AdaBoostModel): number[] =>
  Array.from(model.toState().arrays.estimatorWeights);
const decision = (model: AdaBoostModel, row: number[]): number => {
  const { base, values } = model.explain(Float64Array.from(row));
  return values.reduce((sum, value) => sum + value, base);
};

const corners = [[0, 0], [0, 1], [1, 0], [1, 1]]; // prettier-ignore

describe('ada-boost', () => {
  it('weighs its stumps by their errors and its rows by theirs, as worked out by hand', () => {
    // Both stumps cut at 2.5. The first leaves 3 and 4 tied, so benign, and errs on row 3, which then weighs
    // as much as the others together; the second calls both threats and errs on row 4, a sixth of the weight.
    const model = fit([[1], [2], [3], [4]], [0, 0, 1, 0], { nEstimators: 2 });
    expect(Array.from(model.toState().arrays.threshold)).toEqual([2.5, 0, 0, 2.5, 0, 0]);
    const [first, second] = estimatorWeights(model);
    expect(first).toBeCloseTo(Math.log(3), 14);
    expect(second).toBeCloseTo(Math.log(5), 14);
    expect(decision(model, [1])).toBeCloseTo(-2, 14);
    const tied = (2 * (Math.log(5) - Math.log(3))) / Math.log(15);
    expect(decision(model, [3])).toBeCloseTo(tied, 14);
    const [probability] = model.predict(Matrix.fromRows([[3]]));
    expect(probability).toBeCloseTo(1 / (1 + Math.exp(-tied)), 14);
  });

  it('ends with a tree that makes no error, whose weight is 1', () => {
    const model = fit([[1], [2], [3]], [0, 0, 1]);
    expect(estimatorWeights(model)).toEqual([1]);
    const [benign, threat] = model.predict(Matrix.fromRows([[2], [3]]));
    expect(benign).toBeCloseTo(1 / (1 + Math.exp(2)), 15);
    expect(threat).toBeCloseTo(1 / (1 + Math.exp(-2)), 15);
  });

  it('refuses what its trees cannot tell apart better than chance', () => {
    expect(() => fit(corners, [0, 1, 1, 0])).toThrow(
      new RangeError('ada-boost: a tree of maxDepth 1 is no better than chance'),
    );
    expect(estimatorWeights(fit(corners, [0, 1, 1, 0], { maxDepth: 2 }))).toEqual([1]);
  });

  it('ends before a tree that is no better than chance', () => {
    // The first stump errs on a quarter; then nothing is left to tell, but for rounding.
    const model = fit([[0], [0], [0], [0], [1], [1], [1], [1]], [0, 0, 0, 1, 1, 1, 1, 0]);
    const [first, ...rest] = estimatorWeights(model);
    expect(first).toBeCloseTo(Math.log(3), 14);
    expect(Math.max(0, ...rest)).toBeLessThan(1e-12);
  });

  it.each(
    stored.adaBoost as {
      options: LearnerOptions;
      weighted?: boolean;
      estimatorWeights: number[];
      decision: number[];
      probability: number[];
    }[],
  )('agrees with scikit-learn at $options (weighted: $weighted)', (wanted) => {
    const model = fit(stored.x, stored.y, wanted.options, wanted.weighted ? stored.weight : undefined);
    const weights = estimatorWeights(model);
    expect(weights).toHaveLength(wanted.estimatorWeights.length);
    weights.forEach((weight, i) => expect(weight).toBeCloseTo(wanted.estimatorWeights[i], 12));
    const probability = model.predict(Matrix.fromRows(stored.query));
    (stored.query as number[][]).forEach((row, i) => {
      expect(probability[i]).toBeCloseTo(wanted.probability[i], 12);
      expect(decision(model, row)).toBeCloseTo(wanted.decision[i], 12);
    });
  });

  it('balances the classes as their weights would', () => {
    const labels = [0, 0, 0, 0, 0, 0, 1, 1, 0, 1];
    const rows = labels.map((_, i) => [i]);
    const balanced = fit(rows, labels, { classWeight: 'balanced', nEstimators: 5 });
    const weights = labels.map((label) => (label === 1 ? 10 / 6 : 10 / 14));
    expect(balanced.toState()).toEqual(fit(rows, labels, { nEstimators: 5 }, weights).toState());
  });

  it('starts its explanations of stumps from the mean decision on the training rows', () => {
    const weight: number[] = stored.weight;
    const model = fit(stored.x, stored.y, { nEstimators: 15 }, weight);
    const total = weight.reduce((sum, w) => sum + w);
    const mean = (stored.x as number[][]).reduce(
      (sum, row, i) => sum + (weight[i] * decision(model, row)) / total,
      0,
    );
    expect(model.explain(Float64Array.of(1, 2, 3)).base).toBeCloseTo(mean, 12);
  });

  it('adds up to its decision function, with missing values and deeper trees', () => {
    const random = new Random(8);
    const value = (): number => (random.float() < 0.2 ? NaN : random.below(20));
    const rows = Array.from({ length: 150 }, () => [value(), value(), value(), value()]);
    const labels = rows.map(([a, b], i) => (i < 2 ? i : a > 9 !== b > 12 ? 1 : 0));
    const model = fit(rows, labels, { maxDepth: 3, nEstimators: 20 });
    expect(estimatorWeights(model)).toHaveLength(20);
    const predicted = model.predict(Matrix.fromRows(rows));
    rows.forEach((row, i) => {
      const logOdds = Math.log(predicted[i] / (1 - predicted[i]));
      expect(Math.abs(decision(model, row) - logOdds)).toBeLessThan(1e-9);
    });
  });

  it('is the same to the bit for the same seed and tells of its progress', () => {
    const done: number[] = [];
    const x = Matrix.fromRows(stored.x);
    const y = Uint8Array.from(stored.y);
    const run = (onProgress?: (tree: number) => void): unknown =>
      new AdaBoost({ nEstimators: 4 }).fit(x, y, { seed: 3, onProgress }).toState();
    expect(run((tree) => done.push(tree))).toEqual(run());
    expect(done).toEqual([1, 2, 3, 4]);
  });

  it.each([
    ['no weight', [0, 1]],
    ['a negative weight', [-1, 1]],
    ['a weight that is no number', [NaN, 1]],
    ['weights without a finite sum', [1e308, 1e308]],
    ['a weight too many', [1, 1, 1]],
  ])('refuses a state with %s', (_, weights) => {
    const state = fit([[1], [2], [3], [4]], [0, 0, 1, 0], { nEstimators: 2 }).toState();
    const arrays = { ...state.arrays, estimatorWeights: Float64Array.from(weights) };
    expect(() => loadModel({ ...state, arrays })).toThrow(ModelStateError);
  });

  it('refuses bad options', () => {
    expect(() => new AdaBoost({ learningRate: 0 })).toThrow(RangeError);
    expect(() => new AdaBoost({ maxDepth: null })).toThrow(
      'maxDepth must be a whole number, 1 or more, got null',
    );
  });
});
