import { fit, learnable, logOdds, nodes, small } from '../fixtures/boosting.js';
import { GradientBoosting } from '../gradient-boosting.js';
import type { LearnerOptions } from '../learner.js';
import { Matrix } from '../matrix.js';

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
      flags: [0, 0, 0],
      right: [2, 0, 0],
      value: [0, -1, 1],
      cover: [6, 3, 3],
      sets: [],
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
    expect(nodes(fit(values, [1, 1, 0, 0, 1, 1], stump))).toMatchObject({ threshold: [2.5, 0, 0], flags: [1, 0, 0] }); // prettier-ignore
    expect(nodes(fit(values, [0, 0, 1, 1, 1, 1], stump))).toMatchObject({ threshold: [2.5, 0, 0], flags: [0, 0, 0] }); // prettier-ignore
  });

  it('splits on being missing alone, and sends unseen missing values to the heavier side', () => {
    const model = fit([[1], [2], [2], [NaN], [NaN]], [0, 0, 0, 1, 1], { ...small, maxLeafNodes: 2 });
    expect(nodes(model).cover).toEqual([5, 3, 2]);
    const [value, missing] = model.predict(Matrix.fromRows([[1e300], [NaN]]));
    expect(value).toBeLessThan(missing);
    expect(nodes(fit(rows, [0, 1, 1, 1, 1, 1])).flags[0]).toBe(0);
    expect(nodes(fit(rows, [0, 0, 0, 0, 0, 1])).flags[0]).toBe(1);
  });
});

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
