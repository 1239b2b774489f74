import { readFileSync } from 'node:fs';
import { averagePathLength, IsolationForest, IsolationForestModel } from './isolation-forest.js';
import { type LearnerOptions, type ModelState, ModelStateError } from './learner.js';
import { Matrix } from './matrix.js';
import { rocAuc } from './metrics.js';

const stored = JSON.parse(
  readFileSync(new URL('./fixtures/scikit-learn-trees.json', import.meta.url), 'utf8'),
).isolationForest;
const points = Matrix.fromRows(stored.x);

function fit(rows: number[][], options: LearnerOptions = {}): IsolationForestModel {
  return new IsolationForest(options).fit(Matrix.fromRows(rows), { seed: 1 });
}
const score = (model: IsolationForestModel, ...rows: number[][]): number[] =>
  Array.from(model.score(Matrix.fromRows(rows)));

describe('averagePathLength', () => {
  it.each([
    [1, 0],
    [2, 1],
    [3, 1.20739236],
    [256, 10.24477092],
  ])('of %i rows is the %d of the formula', (rows, length) => {
    expect(averagePathLength(rows)).toBeCloseTo(length, 8);
  });
});

describe('the isolation forest', () => {
  it('scores two rows by the one cut between them: 2^(-1 / c(2)) = 0.5', () => {
    expect(score(fit([[0], [1]]), [0], [1], [-50])).toEqual([0.5, 0.5, 0.5]);
  });

  it('scores by the mean number of cuts that set a row apart', () => {
    // Cuts fall beside 100 in 99 of 100 trees: it then takes one, else two; 1 always takes two.
    const [near, middle, far] = score(fit([[0], [1], [100]], { nEstimators: 2000 }), [0], [1], [100]);
    expect(middle).toBeCloseTo(2 ** (-2 / 1.20739236), 8);
    expect(Math.abs(near - 2 ** (-1.99 / 1.20739236))).toBeLessThan(0.003);
    expect(Math.abs(far - 2 ** (-1.01 / 1.20739236))).toBeLessThan(0.004);
  });

  it('counts the rows of a leaf that it did not part', () => {
    // Eight equal rows cannot be parted; c(8) stands for the tree that would.
    expect(score(fit(new Array<number[]>(8).fill([3])), [3], [9])).toEqual([0.5, 0.5]);
  });

  it.each([
    ['auto', stored.score],
    [16, stored.score16],
  ])('scores as scikit-learn in the mean of many trees, with maxSamples %s', (maxSamples, wanted) => {
    const model = new IsolationForest({ nEstimators: 1000, maxSamples }).fit(points, { seed: 2 });
    const off = model.score(points).map((s, i) => Math.abs(s - wanted[i]));
    expect(Math.max(...off)).toBeLessThan(0.025);
  });

  it('finds outliers as well as scikit-learn, whose ROC AUC is .931 to .950 for ten seeds', () => {
    const scores = new IsolationForest().fit(points, { seed: 3 }).score(points);
    const auc = rocAuc(Uint8Array.from(stored.outlier), scores);
    expect(auc).toBeGreaterThan(0.92);
    expect(auc).toBeLessThan(0.96);
  });

  it('sends a missing value with the larger part of the rows', () => {
    const rows = [...Array.from({ length: 30 }, (_, i) => [i / 30]), [1000]];
    const model = fit(rows);
    const [crowd, missing, far] = score(model, [0.5], [NaN], [1000]);
    expect(far).toBeGreaterThan(0.7);
    expect(missing).toBeLessThan(crowd + 0.05);
  });

  it('fits on missing values and constant columns', () => {
    const rows = Array.from({ length: 40 }, (_, i) => [i % 3 === 0 ? NaN : i, 7, NaN]);
    const model = fit(rows);
    const scores = score(model, ...rows, [NaN, NaN, NaN]);
    expect(scores.every((s) => s > 0 && s <= 1)).toBe(true);
    expect(Array.from(model.toState().arrays.feature).every((column) => column <= 0)).toBe(true);
  });

  it('draws as many rows and columns for each tree as it is told', () => {
    const sizes = (options: LearnerOptions): [number, number] => {
      const wide = Matrix.fromRows((stored.x as number[][]).map((row) => [...row, ...row]));
      const { arrays } = new IsolationForest({ nEstimators: 1, ...options }).fit(wide, { seed: 1 }).toState();
      return [arrays.cover[0], new Set(arrays.feature).size - 1];
    };
    expect(sizes({})).toEqual([100, 4]);
    expect(sizes({ maxSamples: 64, maxFeatures: 2 })).toEqual([64, 2]);
    expect(sizes({ maxSamples: 0.5, maxFeatures: 0.25 })).toEqual([50, 1]);
    expect(() => sizes({ maxSamples: 101 })).toThrow('maxSamples is 101 of 100');
    expect(() => sizes({ maxFeatures: 5 })).toThrow('maxFeatures is 5 of 4');
  });

  it('explains the logarithm of the score', () => {
    const model = new IsolationForest().fit(points, { seed: 3 });
    const scores = model.score(points);
    for (let i = 0; i < points.rows; i++) {
      const { base, values } = model.explain(points.row(i));
      const sum = values.reduce((total, value) => total + value, base);
      expect(Math.abs(sum - Math.log2(scores[i]))).toBeLessThan(1e-9);
    }
  });

  it('is the same to the bit for the same seed and tells of its progress', () => {
    const done: number[] = [];
    const run = (seed: number, onProgress?: (tree: number) => void): ModelState<string> =>
      new IsolationForest({ nEstimators: 3 }).fit(points, { seed, onProgress }).toState();
    expect(run(1, (tree) => done.push(tree))).toEqual(run(1));
    expect(run(2)).not.toEqual(run(1));
    expect(done).toEqual([1, 2, 3]);
  });

  it('refuses what it cannot fit or score', () => {
    expect(() => fit([[1]])).toThrow(RangeError);
    expect(() => fit([[], []])).toThrow(RangeError);
    expect(() => fit([[0, 1], [0, -Infinity]])).toThrow('column 1 is not finite'); // prettier-ignore
    expect(() => score(fit([[1], [2]]), [1, 2])).toThrow('2 columns, fitted on 1');
    expect(() => new IsolationForest({ contamination: 0.1 })).toThrow('there is no option "contamination"');
  });
});

describe('a stored isolation forest', () => {
  const model = new IsolationForest({ nEstimators: 3, maxSamples: 8 }).fit(points, { seed: 1 });
  const state: ModelState<string> = model.toState();

  it('comes back the same to the bit', () => {
    const loaded = IsolationForestModel.fromState({ ...state, meta: JSON.parse(JSON.stringify(state.meta)) });
    expect(loaded.score(points)).toEqual(model.score(points));
    expect(loaded.explain(points.row(7))).toEqual(model.explain(points.row(7)));
    expect(loaded.toState()).toEqual(state);
  });

  it.each([
    ['a walk in circles', 'right', 0, 0],
    ['a column that does not exist', 'feature', 0, 2],
    ['a threshold that is no number', 'threshold', 0, NaN],
    ['a tree of other rows', 'cover', 0, 9],
    ['a share of a row', 'cover', 1, 1.0000001],
    ['trees that overlap', 'starts', 1, 0],
  ])('is refused with %s', (_, name, at, value) => {
    const array = state.arrays[name].slice();
    array[at] = value;
    const load = (): unknown =>
      IsolationForestModel.fromState({ ...state, arrays: { ...state.arrays, [name]: array } });
    expect(load).toThrow(ModelStateError);
  });

  it.each([
    ['of another learner', { learner: 'random-forest' }],
    ['without arrays', { arrays: null }],
    ['without meta', { meta: undefined }],
    ['of other samples', { meta: { columns: 2, maxSamples: 9 } }],
    ['of half a column', { meta: { columns: 1.5, maxSamples: 8 } }],
    ['with only the nodes of a forest', { arrays: { feature: new Int32Array(3) } }],
  ])('is refused %s', (_, part) => {
    const load = (): unknown =>
      IsolationForestModel.fromState({ ...state, ...part } as unknown as ModelState);
    expect(load).toThrow(ModelStateError);
  });

  it('is refused where a tree has more levels than its rows allow', () => {
    const chain = {
      starts: Int32Array.of(0, 7),
      feature: Int32Array.of(0, -1, 0, -1, 0, -1, -1),
      threshold: Float64Array.of(1, 0, 2, 0, 3, 0, 0),
      flags: new Uint8Array(7),
      sets: new Uint32Array(0),
      right: Int32Array.of(2, 0, 4, 0, 6, 0, 0),
      cover: Float64Array.of(4, 1, 3, 1, 2, 1, 1),
    };
    const load = (): unknown =>
      IsolationForestModel.fromState({ ...state, meta: { columns: 1, maxSamples: 4 }, arrays: chain });
    expect(load).toThrow('a tree is too deep');
  });
});
