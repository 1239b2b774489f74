import { Matrix } from './matrix.js';
import { MlRandomForest } from './ml-random-forest.js';
import { Random } from './random.js';
import { RandomForest } from './random-forest.js';

/** Rows whose first two columns decide, with two columns of noise. */
function learnable(count: number, seed: number): { x: Matrix; y: Uint8Array } {
  const random = new Random(seed);
  const rows = Array.from({ length: count }, () => Array.from({ length: 4 }, () => random.below(10)));
  return { x: Matrix.fromRows(rows), y: Uint8Array.from(rows, ([a, b]) => (a > 4 || b > 7 ? 1 : 0)) };
}

describe('MlRandomForest', () => {
  const { x, y } = learnable(150, 1);
  const model = new MlRandomForest({ nEstimators: 9, maxRows: 80 }).fit(x, y, { seed: 4 });

  it('agrees with our forest on what can be learned', () => {
    const test = learnable(300, 2);
    const ours = new RandomForest().fit(x, y, { seed: 4 }).predict(test.x);
    const theirs = model.predict(test.x);
    const share = (same: (i: number) => boolean): number => [...test.y.keys()].filter(same).length / 300;
    expect(share((i) => theirs[i] > 0.5 === (test.y[i] === 1))).toBeGreaterThan(0.85);
    expect(share((i) => theirs[i] > 0.5 === ours[i] > 0.5)).toBeGreaterThan(0.85);
  });

  it('gives the share of trees that vote threat', () => {
    const votes = model.predict(x).map((p) => p * 9);
    expect(votes.every((count) => Math.abs(count - Math.round(count)) < 1e-9)).toBe(true);
    expect(new Set(votes.map(Math.round)).size).toBeGreaterThan(2);
  });

  it('is the same for the same seed, and another for another', () => {
    const options = { nEstimators: 2, maxRows: 30 };
    const fit = (seed: number): unknown => new MlRandomForest(options).fit(x, y, { seed }).toState();
    expect(fit(1)).toEqual(fit(1));
    expect(fit(1)).not.toEqual(fit(2));
  });

  it('keeps rows of a weight and leaves out those without', () => {
    const one = Matrix.fromRows([[1], [2], [3], [1], [2], [3]]);
    const labels = Uint8Array.of(0, 0, 0, 1, 1, 1);
    const sampleWeight = Float64Array.of(1, 1, 1, 0, 0, 1e-9);
    const fitted = new MlRandomForest({ nEstimators: 25 }).fit(one, labels, { seed: 1, sampleWeight });
    expect(fitted.predict(Matrix.fromRows([[1]]))[0]).toBe(0);
  });

  it('tells of its progress', () => {
    const done: string[] = [];
    const onProgress = (tree: number, trees: number): void => void done.push(`${tree}/${trees}`);
    new MlRandomForest({ nEstimators: 2, maxRows: 20 }).fit(x, y, { seed: 1, onProgress });
    expect(done).toEqual(['1/2', '2/2']);
  });

  it('adds up its explanation to the probability', () => {
    const { base, values } = model.explain(x.row(3));
    expect(values.reduce((sum, value) => sum + value, base)).toBeCloseTo(model.predict(x)[3], 12);
  });

  it('refuses what would take it hours or astray', () => {
    expect(() => new MlRandomForest({ nEstimators: 26 })).toThrow(
      'nEstimators must be a whole number, 1 to 25, got 26',
    );
    expect(() => new MlRandomForest({ maxRows: 501 })).toThrow('maxRows');
    const holed = Matrix.fromRows([[1, NaN], [2, 1]]); // prettier-ignore
    expect(() => new MlRandomForest().fit(holed, Uint8Array.of(0, 1), { seed: 1 })).toThrow('column 1');
    expect(() => new MlRandomForest().fit(new Matrix(2, 1), Uint8Array.of(0, 255), { seed: 1 })).toThrow(
      'label',
    );
  });
});
