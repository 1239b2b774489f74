import { loadModel } from './factory.js';
import { crossValidate } from './fixtures/phishing-websites.js';
import type { ForestNodes } from './forest/nodes.js';
import { GradientBoosting, type GradientBoostingModel } from './gradient-boosting.js';
import { type LearnerOptions, type ModelState, ModelStateError } from './learner.js';
import { Matrix } from './matrix.js';
import { rocAuc } from './metrics.js';
import { Random } from './random.js';

const small = { maxIter: 1, minSamplesLeaf: 1 };

function fit(
  rows: number[][],
  labels: number[],
  options: LearnerOptions = small,
  weight?: number[],
): GradientBoostingModel {
  const sampleWeight = weight && Float64Array.from(weight);
  return new GradientBoosting(options).fit(Matrix.fromRows(rows), Uint8Array.from(labels), {
    seed: 0,
    sampleWeight,
  });
}

const nodes = (model: GradientBoostingModel): Record<string, number[]> =>
  Object.fromEntries(
    Object.entries(model.toState().arrays).map(([name, array]) => [name, Array.from(array)]),
  );

const logOdds = (p: number): number => Math.log(p / (1 - p));

describe('a tree of gradient boosting', () => {
  const rows = [[1], [2], [3], [4], [5], [6]]; // prettier-ignore
  const labels = [0, 0, 0, 1, 1, 1];

  // At log-odds 0 each gradient is 0.5 or -0.5 and each Hessian 0.25, so a leaf of three has 1.5 over 0.75.
  it('cuts between the classes and takes a Newton step times the learning rate', () => {
    const model = fit(rows, labels, { ...small, learningRate: 0.5 });
    expect(model.toState().meta).toEqual({ columns: 1, intercept: 0 });
    expect(nodes(model)).toEqual({
      starts: [0, 3],
      feature: [0, -1, -1],
      threshold: [3.5, 0, 0],
      missingLeft: [0, 0, 0],
      right: [2, 0, 0],
      value: [0, -1, 1],
      cover: [6, 3, 3],
    });
    expect(logOdds(model.predict(Matrix.fromRows([[0]]))[0])).toBeCloseTo(-1, 12);
  });

  it('shortens the step by l2Regularization', () => {
    const { value } = nodes(fit(rows, labels, { ...small, learningRate: 0.5, l2Regularization: 0.75 }));
    expect(value).toEqual([0, -0.5, 0.5]);
  });

  it('begins with the log-odds of the weighted share of threats', () => {
    const one = { maxIter: 1 };
    expect(fit(rows, labels, one, [1, 1, 1, 3, 3, 3]).toState().meta.intercept).toBeCloseTo(Math.log(3), 14);
    const balanced = fit([[1], [2], [3]], [0, 1, 1], { ...one, classWeight: 'balanced' });
    expect(balanced.toState().meta.intercept).toBeCloseTo(0, 14);
  });

  it('stops at maxLeafNodes, where the loss falls most first', () => {
    const values = [[1], [2], [3], [4], [5], [6], [7], [8]]; // prettier-ignore
    const { cover } = nodes(fit(values, [0, 0, 0, 1, 1, 1, 1, 0], { ...small, maxLeafNodes: 2 }));
    expect(cover).toEqual([8, 3, 5]);
    const { cover: three } = nodes(fit(values, [0, 0, 0, 1, 1, 1, 1, 0], { ...small, maxLeafNodes: 3 }));
    expect(three).toEqual([8, 3, 5, 4, 1]);
  });

  it('stops at maxDepth, minSamplesLeaf and minHessianToSplit', () => {
    const mixed = [1, 0, 0, 1, 1, 0];
    expect(nodes(fit(rows, mixed, { ...small, maxDepth: 1 })).cover).toHaveLength(3);
    const { cover, right } = nodes(fit(rows, mixed, { ...small, minSamplesLeaf: 2 }));
    expect(cover.filter((_, node) => right[node] === 0).every((leaf) => leaf >= 2)).toBe(true);
    expect(nodes(fit(rows, labels, { ...small, minSamplesLeaf: 4 })).cover).toEqual([6]);
    expect(nodes(fit(rows, labels, { ...small, minHessianToSplit: 0.74 })).cover).toEqual([6, 3, 3]);
    expect(nodes(fit(rows, labels, { ...small, minHessianToSplit: 0.76 })).cover).toEqual([6]);
  });

  it('keeps minSamplesLeaf rows in every leaf of noise', () => {
    const { x, y } = learnable(700, 4, 0.4);
    for (const minSamplesLeaf of [7, 31]) {
      const { cover, right } = nodes(
        new GradientBoosting({ maxIter: 20, minSamplesLeaf }).fit(x, y, { seed: 1 }),
      );
      const leaves = cover.filter((_, node) => right[node] === 0);
      expect(leaves.length).toBeGreaterThan(100);
      expect(Math.min(...leaves)).toBeGreaterThanOrEqual(minSamplesLeaf);
      expect(Math.min(...leaves)).toBeLessThan(minSamplesLeaf + 3);
    }
  });

  it('sends missing values to the side that they resemble', () => {
    const values = [[1], [2], [3], [4], [NaN], [NaN]];
    const stump = { ...small, maxLeafNodes: 2 };
    expect(nodes(fit(values, [1, 1, 0, 0, 1, 1], stump))).toMatchObject({ threshold: [2.5, 0, 0], missingLeft: [1, 0, 0] }); // prettier-ignore
    expect(nodes(fit(values, [0, 0, 1, 1, 1, 1], stump))).toMatchObject({ threshold: [2.5, 0, 0], missingLeft: [0, 0, 0] }); // prettier-ignore
  });

  it('splits on being missing alone, and sends unseen missing values to the heavier side', () => {
    const model = fit([[1], [2], [2], [NaN], [NaN]], [0, 0, 0, 1, 1], { ...small, maxLeafNodes: 2 });
    expect(nodes(model).cover).toEqual([5, 3, 2]);
    const [value, missing] = model.predict(Matrix.fromRows([[1e300], [NaN]]));
    expect(value).toBeLessThan(missing);
    expect(nodes(fit(rows, [0, 1, 1, 1, 1, 1])).missingLeft[0]).toBe(0);
    expect(nodes(fit(rows, [0, 0, 0, 0, 0, 1])).missingLeft[0]).toBe(1);
  });
});

/** Rows with a rule in them, noise in the labels, missing values, and flags that share a bundle. */
function learnable(count: number, seed: number, noise = 0.1): { x: Matrix; y: Uint8Array } {
  const random = new Random(seed);
  const rows = Array.from({ length: count }, () => [
    random.float() < 0.2 ? NaN : random.float(),
    random.below(3),
    random.float(),
    random.below(2),
    random.below(2),
  ]);
  const threat = ([a, b, , d]: number[]): boolean =>
    (Number.isNaN(a) ? b === 2 : a + 0.5 * b > 1) !== (d > 0 && a > 0.7);
  const y = Uint8Array.from(rows, (row) => (threat(row) !== random.float() < noise ? 1 : 0));
  return { x: Matrix.fromRows(rows), y };
}

describe('gradient boosting beside scikit-learn', () => {
  // Rows of a linear congruential generator, so that another language has the same ones.
  let state = 12345n;
  const draw = (bound: bigint): number => {
    state = (state * 1103515245n + 12345n) % 2147483648n;
    return Number((state >> 16n) % bound);
  };
  const rows = Array.from({ length: 60 }, () => {
    const [a, b, c] = [draw(13n), draw(7n), draw(50n)];
    return [draw(6n) === 0 ? NaN : a, b, c / 4];
  });
  const labels = rows.map(([a, b]) => ((Number.isNaN(a) ? 3 : a) + 2 * b + draw(9n) > 14 ? 1 : 0));
  const options = { maxIter: 8, learningRate: 0.3, maxLeafNodes: 5, minSamplesLeaf: 4 };
  const oneToThree = rows.map((_, i) => 1 + (i % 3));

  // HistGradientBoostingClassifier 1.9.1 with the same options on the first 12 rows.
  it.each<[string, LearnerOptions, number[] | undefined, number[]]>([
    [
      'with missing values',
      {},
      undefined,
      [
        0.961906, 0.08540268, 0.98136767, 0.97177678, 0.1032526, 0.04855237, 0.06672747, 0.33830469,
        0.91683912, 0.97177678, 0.93485088, 0.97177678,
      ],
    ],
    [
      'with regularization and a depth',
      { l2Regularization: 1.5, maxDepth: 2 },
      undefined,
      [
        0.88522044, 0.15840174, 0.87053083, 0.90613555, 0.12714808, 0.12714808, 0.12714808, 0.51455557,
        0.82220684, 0.93245716, 0.93245716, 0.90613555,
      ],
    ],
    [
      'with sample weights',
      {},
      oneToThree,
      [
        0.93542812, 0.06973172, 0.97648295, 0.96307528, 0.13530688, 0.05295528, 0.13530688, 0.33419958,
        0.90193845, 0.96307528, 0.96307528, 0.96307528,
      ],
    ],
    [
      'with balanced classes',
      { classWeight: 'balanced' },
      undefined,
      [
        0.91299259, 0.06074161, 0.89844428, 0.94869643, 0.06074161, 0.06074161, 0.06074161, 0.25322219,
        0.81261868, 0.96349395, 0.95060054, 0.94869643,
      ],
    ],
  ])('predicts the same %s', (_, given, weight, wanted) => {
    const predicted = fit(rows, labels, { ...options, ...given }, weight).predict(Matrix.fromRows(rows));
    // scikit-learn keeps gradients as 32-bit floats: 24 bits, 6e-8 of a gradient of 1, in each of 8 rounds.
    wanted.forEach((p, row) => expect(Math.abs(predicted[row] - p)).toBeLessThan(5e-7));
  });
});

describe('gradient boosting', () => {
  const { x, y } = learnable(600, 1);
  const options = { maxIter: 30 };
  const model = new GradientBoosting(options).fit(x, y, { seed: 9 });
  const lossOf = (p: Float64Array): number =>
    p.reduce((sum, value, i) => sum - Math.log(y[i] === 1 ? value : 1 - value), 0);

  it('lowers the training loss in every round', () => {
    let last = Infinity;
    for (const maxIter of [1, 2, 3, 5, 10, 20, 30]) {
      const loss = lossOf(new GradientBoosting({ maxIter }).fit(x, y, { seed: 9 }).predict(x));
      expect(loss).toBeLessThan(last);
      last = loss;
    }
  });

  it('learns the rule', () => {
    const test = learnable(600, 2);
    expect(rocAuc(test.y, model.predict(test.x))).toBeGreaterThan(0.86);
  });

  it('is the same to the bit for the same seed, and another for another where it draws', () => {
    const drawing = { maxIter: 5, subsample: 0.5, maxFeatures: 0.5 };
    const state = (seed: number): ModelState => new GradientBoosting(drawing).fit(x, y, { seed }).toState();
    expect(state(9)).toEqual(state(9));
    expect(state(9)).not.toEqual(state(10));
    expect(new GradientBoosting(options).fit(x, y, { seed: 10 }).toState()).toEqual(model.toState());
  });

  it('begins with the trees of fewer rounds', () => {
    const fewer = nodes(new GradientBoosting({ maxIter: 4 }).fit(x, y, { seed: 9 }));
    expect(nodes(model).value.slice(0, fewer.value.length)).toEqual(fewer.value);
  });

  it('grows each tree on the share of rows that subsample says, and on all others it still steps', () => {
    const drawing = new GradientBoosting({ maxIter: 40, subsample: 0.25 }).fit(x, y, { seed: 3 });
    const { starts, cover } = nodes(drawing);
    expect(starts.slice(0, -1).every((root) => cover[root] === 150)).toBe(true);
    expect(lossOf(drawing.predict(x))).toBeLessThan(0.75 * lossOf(new Float64Array(600).fill(0.5)));
  });

  it('leaves rows of weight 0 out', () => {
    const sampleWeight = Float64Array.from(y, (_, i) => (i % 3 === 0 ? 0 : 1));
    const kept = Int32Array.from(y.keys()).filter((i) => i % 3 > 0);
    const labels = Uint8Array.from(kept, (i) => y[i]);
    const weighted = new GradientBoosting(options).fit(x, y, { seed: 9, sampleWeight });
    const without = new GradientBoosting(options).fit(x.take(kept), labels, { seed: 9 });
    expect(weighted.toState()).toEqual(without.toState());
  });

  it('explains the log-odds exactly', () => {
    const predicted = model.predict(x);
    for (let row = 0; row < 40; row++) {
      const { base, values } = model.explain(x.row(row));
      const sum = values.reduce((total, value) => total + value, base);
      expect(Math.abs(sum - logOdds(predicted[row]))).toBeLessThan(1e-9);
    }
    const stump = fit([[1], [2], [3], [4]], [0, 0, 1, 1], { ...small, learningRate: 0.5 });
    expect(stump.explain(Float64Array.of(1))).toEqual({ base: 0, values: Float64Array.of(-1) });
  });

  it('tells of its progress and stops when the listener throws', () => {
    const done: number[] = [];
    const onProgress = (round: number, of: number): void => {
      done.push(round, of);
      if (round === 2) throw new Error('cancelled');
    };
    expect(() => new GradientBoosting(options).fit(x, y, { seed: 1, onProgress })).toThrow('cancelled');
    expect(done).toEqual([1, 30, 2, 30]);
  });

  it.each<[LearnerOptions, string]>([
    [{ learningRate: 0 }, 'learningRate must be a number above 0'],
    [{ maxIter: 0 }, 'maxIter must be a whole number, 1 to 10000'],
    [{ maxLeafNodes: 1 }, 'maxLeafNodes must be a whole number, 2 or more or null'],
    [{ maxDepth: 0 }, 'maxDepth'],
    [{ minSamplesLeaf: 0.5 }, 'minSamplesLeaf'],
    [{ l2Regularization: -1 }, 'l2Regularization must be a number, 0 or more'],
    [{ minHessianToSplit: NaN }, 'minHessianToSplit'],
    [{ maxBins: 256 }, 'maxBins must be a whole number, 2 to 255'],
    [{ maxFeatures: 0 }, 'maxFeatures must be a number above 0, at most 1'],
    [{ subsample: 1.1 }, 'subsample'],
    [{ classWeight: 'some' }, 'classWeight'],
    [{ earlyStopping: 'auto' }, 'earlyStopping must be true or false'],
    [{ validationFraction: 1 }, 'validationFraction'],
    [{ nIterNoChange: 0 }, 'nIterNoChange'],
    [{ tol: -1e-9 }, 'tol'],
    [{ nEstimators: 5 }, 'there is no option "nEstimators"'],
  ])('refuses the options %j', (bad, message) => {
    expect(() => new GradientBoosting(bad)).toThrow(RangeError);
    expect(() => new GradientBoosting(bad)).toThrow(message);
  });

  it('refuses training sets and rows that it cannot use', () => {
    expect(() => fit([[1], [2]], [1, 1])).toThrow('both classes');
    expect(() => fit([[1], [2]], [1, 0], small, [0, 1])).toThrow('both classes');
    expect(() => model.predict(new Matrix(1, 2))).toThrow('2 columns, fitted on 5');
    expect(() => model.explain(Float64Array.of(1))).toThrow(RangeError);
  });

  it('takes endless values for the lowest and the highest', () => {
    const endless = fit([[-Infinity], [1], [2], [Infinity]], [0, 1, 1, 0]);
    const rows = Matrix.fromRows([[-Infinity], [1], [2], [Infinity]]);
    const [lowest, low, high, highest] = loadModel(endless.toState()).predict(rows);
    expect(lowest).toBeLessThan(low);
    expect(highest).toBeLessThan(high);
  });
});

describe('early stopping', () => {
  it('stops soon where there is only noise, and later where there is more to learn', () => {
    const rounds = (noise: number): number => {
      const { x, y } = learnable(900, 5, noise);
      const options = { earlyStopping: true, maxIter: 200, nIterNoChange: 5 };
      return nodes(new GradientBoosting(options).fit(x, y, { seed: 2 })).starts.length - 1;
    };
    expect(rounds(0.5)).toBeLessThan(25);
    expect(rounds(0.05)).toBeGreaterThan(rounds(0.5));
    expect(rounds(0.05)).toBeLessThan(200);
  });

  it('validates on rows that no tree was grown on, and on all that are identical to them', () => {
    // 20 copies of each of 30 rows: were copies split, both sides would have all thirty.
    const copies = Array.from({ length: 600 }, (_, i) => [i % 30]);
    const labels = copies.map(([value]) => (value * 7) % 30 < 15 ? 1 : 0); // prettier-ignore
    const options = { earlyStopping: true, maxIter: 1, validationFraction: 0.2, minSamplesLeaf: 1 };
    const { cover, right } = nodes(fit(copies, labels, options));
    expect(cover[0]).toBe(480);
    expect(cover.filter((_, node) => right[node] === 0).every((leaf) => leaf % 20 === 0)).toBe(true);
  });

  it('needs rows of both classes for both parts', () => {
    expect(() => fit([[1], [2], [2]], [1, 0, 0], { earlyStopping: true })).toThrow(RangeError);
  });
});

describe('a stored gradient boosting model', () => {
  const { x, y } = learnable(200, 7);
  const model = new GradientBoosting({ maxIter: 5 }).fit(x, y, { seed: 1 });

  it('comes back the same to the bit', () => {
    const loaded = loadModel(structuredClone(model.toState()));
    expect(loaded.predict(x)).toEqual(model.predict(x));
    expect(loaded.explain(x.row(3))).toEqual(model.explain(x.row(3)));
  });

  it.each<[keyof ForestNodes, number, number]>([
    ['right', 0, 0],
    ['right', 0, 1],
    ['right', 0, 1e6],
    ['feature', 0, 5],
    ['feature', 0, -1],
    ['threshold', 0, NaN],
    ['missingLeft', 0, 2],
    ['value', 1, NaN],
    ['value', 1, -1e300],
    ['cover', 1, 0],
    ['starts', 1, 2],
  ])('is refused with %s[%i] = %d', (name, at, value) => {
    const state = model.toState();
    const array = state.arrays[name].slice();
    array[at] = value;
    expect(() => loadModel({ ...state, arrays: { ...state.arrays, [name]: array } })).toThrow(
      ModelStateError,
    );
  });

  it.each([NaN, Infinity, 1e300, '0', null])('is refused with the intercept %p', (intercept) => {
    const state = model.toState();
    expect(() => loadModel({ ...state, meta: { ...state.meta, intercept } })).toThrow(ModelStateError);
  });
});

it('reaches ROC AUC .994 on unseen feature vectors', () => {
  expect(crossValidate(new GradientBoosting({ maxIter: 300 }), 10).rocAuc).toBeGreaterThanOrEqual(0.994);
});
