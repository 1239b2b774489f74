import { loadModel } from './factory.js';
import { fit, learnable, logOdds, nodes, small } from './fixtures/boosting.js';
import { crossValidate } from './fixtures/phishing-websites.js';
import { GradientBoosting } from './gradient-boosting.js';
import type { LearnerOptions, ModelState } from './learner.js';
import { Matrix } from './matrix.js';
import { rocAuc } from './metrics.js';

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

  it('parts none of the groups that it is told of', () => {
    // Three groups of a hundred different rows: whole groups give 100, 200 or 300 rows to a tree.
    const { x, y } = learnable(300, 5, 0.1);
    const groups = Int32Array.from(y, (_, row) => row % 3);
    const options = { earlyStopping: true, maxIter: 1, validationFraction: 0.4 };
    const model = new GradientBoosting(options).fit(x, y, { seed: 1, groups });
    expect(nodes(model).cover[0] % 100).toBe(0);
  });

  it('needs rows of both classes for both parts', () => {
    expect(() => fit([[1], [2], [2]], [1, 0, 0], { earlyStopping: true })).toThrow(RangeError);
  });
});

it('reaches ROC AUC .994 on unseen feature vectors', () => {
  expect(crossValidate(new GradientBoosting({ maxIter: 300 }), 10).rocAuc).toBeGreaterThanOrEqual(0.994);
});
