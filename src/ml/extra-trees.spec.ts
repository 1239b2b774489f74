import { readFileSync } from 'node:fs';
import { ExtraTrees } from './extra-trees.js';
import type { LearnerOptions } from './learner.js';
import { Matrix } from './matrix.js';

const stored = JSON.parse(
  readFileSync(new URL('./fixtures/scikit-learn-trees.json', import.meta.url), 'utf8'),
);

function grow(rows: number[][], labels: number[], options: LearnerOptions = {}): Record<string, number[]> {
  const model = new ExtraTrees(options).fit(Matrix.fromRows(rows), Uint8Array.from(labels), { seed: 1 });
  const { arrays } = model.toState();
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, Array.from(array)]));
}

/** Thresholds of the roots of 400 trees on one column, ascending. */
function rootThresholds(values: number[], labels: number[], options: LearnerOptions = {}): number[] {
  const rows = values.map((value) => [value]);
  const { starts, threshold } = grow(rows, labels, { nEstimators: 400, ...options });
  return starts
    .slice(0, -1)
    .map((root) => threshold[root])
    .sort((a, b) => a - b);
}

describe('extra-trees', () => {
  it('draws thresholds uniformly over the range of the values', () => {
    const thresholds = rootThresholds([10, 11, 30], [0, 1, 1]);
    expect(thresholds[0] >= 10 && thresholds[399] < 30).toBe(true);
    for (const quarter of [1, 2, 3]) {
      expect(Math.abs(thresholds[100 * quarter] - (10 + 5 * quarter))).toBeLessThan(1.5);
    }
  });

  it('does not part the rows of a bin', () => {
    // Two bins, 0 to 1 and 2 to 3, in a range from 0 to 3.
    const thresholds = rootThresholds([0, 1, 2, 3], [0, 1, 1, 0], { maxBins: 2 });
    expect(thresholds.every((threshold) => threshold >= 1 && threshold < 2)).toBe(true);
    expect(new Set(thresholds).size).toBeGreaterThan(100);
  });

  it('keeps the best of the cuts it draws', () => {
    const rows = Array.from({ length: 40 }, (_, i) => [i % 2, i < 20 ? 0 : 1, i % 3]);
    const labels = rows.map(([, b]) => b);
    const { starts, feature } = grow(rows, labels, { maxFeatures: null, nEstimators: 20 });
    expect(starts.slice(0, -1).map((root) => feature[root])).toEqual(new Array(20).fill(1));
  });

  it('sends missing values to the side that they resemble', () => {
    const rows = [[1], [1], [2], [2], [NaN], [NaN]];
    const left = grow(rows, [1, 1, 0, 0, 1, 1], { nEstimators: 1 });
    expect(left).toMatchObject({ flags: [1, 0, 0], cover: [6, 4, 2], value: [4 / 6, 1, 0] });
    const right = grow(rows, [0, 0, 1, 1, 1, 1], { nEstimators: 1 });
    expect(right).toMatchObject({ flags: [0, 0, 0], cover: [6, 2, 4], value: [4 / 6, 0, 1] });
  });

  it('splits on being missing alone', () => {
    const { cover, threshold } = grow([[7], [7], [NaN]], [0, 0, 1], { nEstimators: 1 });
    expect(cover).toEqual([3, 2, 1]);
    expect(threshold[0]).toBe(Number.MAX_VALUE);
  });

  const x = Matrix.fromRows(stored.x);
  const y = Uint8Array.from(stored.y);

  it('keeps minSamplesLeaf rows in every leaf', () => {
    const { feature, cover } = grow(stored.x, stored.y, { nEstimators: 30, minSamplesLeaf: 6 });
    const leaves = cover.filter((_, node) => feature[node] < 0);
    expect(leaves.length).toBeGreaterThan(60);
    expect(Math.min(...leaves)).toBeGreaterThanOrEqual(6);
  });

  it('takes all rows unless it is told to bootstrap', () => {
    const covers = (options: LearnerOptions): number[] => {
      const { starts, cover } = grow(stored.x, stored.y, { nEstimators: 5, ...options });
      return starts.slice(0, -1).map((root) => cover[root]);
    };
    expect(covers({})).toEqual([50, 50, 50, 50, 50]);
    expect(covers({ bootstrap: true, maxSamples: 20 })).toEqual([20, 20, 20, 20, 20]);
    expect(() => new ExtraTrees({ maxSamples: 20 })).toThrow('extra-trees: maxSamples must be null');
  });

  it('is the same to the bit for the same seed, and another for another', () => {
    const fit = (seed: number): unknown => new ExtraTrees({ nEstimators: 4 }).fit(x, y, { seed }).toState();
    expect(fit(5)).toEqual(fit(5));
    expect(fit(5)).not.toEqual(fit(6));
  });

  // The standard error of the mean of 1000 trees is up to .016.
  it.each(stored.extraTrees as { options: LearnerOptions; probability: number[] }[])(
    'agrees with scikit-learn in the mean of many trees at $options',
    ({ options, probability }) => {
      const model = new ExtraTrees({ nEstimators: 1000, ...options }).fit(x, y, { seed: 3 });
      const off = model.predict(Matrix.fromRows(stored.query)).map((p, i) => Math.abs(p - probability[i]));
      expect(Math.max(...off)).toBeLessThan(0.04);
    },
  );

  it('adds up to its probability', () => {
    const model = new ExtraTrees({ nEstimators: 10 }).fit(x, y, { seed: 3 });
    const predicted = model.predict(x);
    for (let i = 0; i < x.rows; i++) {
      const { base, values } = model.explain(x.row(i));
      expect(values.reduce((sum, value) => sum + value, base)).toBeCloseTo(predicted[i], 10);
    }
  });
});
