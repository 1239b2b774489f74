import { readFileSync } from 'node:fs';
import { CsrMatrix } from './csr-matrix.js';
import { Matrix } from './matrix.js';
import { permutationImportance } from './permutation-importance.js';
import { Random } from './random.js';

const file = new URL('./fixtures/scikit-learn-metrics.json', import.meta.url);
const stored = JSON.parse(readFileSync(file, 'utf8')).permutationImportance;

const x = Matrix.fromRows(stored.x as number[][]);
const y = Uint8Array.from(stored.y as number[]);
/** The logistic curve of a weighted sum, as the fixture's model has it. */
const predict = (rows: Matrix): Float64Array =>
  Float64Array.from({ length: rows.rows }, (_, i) => {
    const score = (stored.weights as number[]).reduce((sum, weight, j) => sum + weight * rows.at(i, j), 0);
    return 1 / (1 + Math.exp(-score));
  });

describe('permutation importance', () => {
  it.each(['rocAuc', 'brier'] as const)('agrees with scikit-learn on %s', (metric) => {
    const { mean, std } = stored[metric] as { mean: number[]; std: number[] };
    const found = permutationImportance(predict, x, y, { metric, repeats: stored.repeats, seed: 1 })!;
    found.forEach((importance, j) => {
      // two means of as many shuffles each: 4 standard errors of their difference
      const margin = 4 * std[j] * Math.sqrt(2 / stored.repeats) + 1e-12;
      expect(Math.abs(importance.mean - mean[j])).toBeLessThanOrEqual(margin);
      expect(Math.abs(importance.std - std[j])).toBeLessThanOrEqual(0.1 * std[j] + 1e-12);
    });
    expect(found[3]).toEqual({ mean: 0, std: 0 });
    expect(found[0].mean).toBeGreaterThan(found[1].mean);
    expect(found[1].mean).toBeGreaterThan(found[2].mean);
  });

  it('counts the sparse table beside a matrix as one more feature', () => {
    const places = Array.from({ length: 60 }, (_, i) => [i % 2, 2]);
    const labels = Uint8Array.from(places, ([first]) => first);
    const beside = new Matrix(60, 1, new Float64Array(60), CsrMatrix.ofUnitRows(3, places));
    const byTable = ({ sparse }: Matrix): Float64Array =>
      Float64Array.from({ length: sparse!.rows }, (_, i) => sparse!.row(i).columns[0]);
    const found = permutationImportance(byTable, beside, labels, { metric: 'accuracy', seed: 1 })!;
    expect(found).toHaveLength(2);
    expect(found[0]).toEqual({ mean: 0, std: 0 });
    expect(found[1].mean).toBeCloseTo(0.5, 0);
  });

  it('repeats with the seed and differs without it', () => {
    const options = { metric: 'rocAuc', seed: 3 } as const;
    const first = permutationImportance(predict, x, y, options);
    expect(permutationImportance(predict, x, y, options)).toEqual(first);
    expect(permutationImportance(predict, x, y, { ...options, seed: 4 })).not.toEqual(first);
  });

  it('shuffles the columns of a feature together', () => {
    // The two columns always agree; a model that counts rows where they do not must never see one.
    const copies = new Matrix(60, 2, Float64Array.of(...x.column(0), ...x.column(0)));
    let apart = 0;
    const watching = (rows: Matrix): Float64Array => {
      for (let i = 0; i < rows.rows; i++) if (rows.at(i, 0) !== rows.at(i, 1)) apart++;
      return Float64Array.from(rows.column(0), (value) => 1 / (1 + Math.exp(-value)));
    };
    const options = { metric: 'rocAuc', seed: 1 } as const;
    expect(permutationImportance(watching, copies, y, { ...options, features: [[0, 1]] })).toHaveLength(1);
    expect(apart).toBe(0);
    permutationImportance(watching, copies, y, options);
    expect(apart).toBeGreaterThan(0);
  });

  it('leaves the rows as they are, and predicts again only what changes', () => {
    const random = new Random(1);
    const flags = new Matrix(
      60,
      1,
      Float64Array.from(y, (label) => (random.below(8) === 0 ? NaN : label)),
    );
    const before = flags.data.slice();
    const sizes: number[] = [];
    const flagged = (rows: Matrix): Float64Array => {
      sizes.push(rows.rows);
      return Float64Array.from(rows.column(0), (value) => (value === 1 ? 1 : 0));
    };
    permutationImportance(flagged, flags, y, { metric: 'accuracy', seed: 1, repeats: 3 });
    expect(flags.data).toEqual(before);
    expect(sizes).toHaveLength(4);
    for (const size of sizes.slice(1)) expect(size).toBeLessThan(50);
  });

  it('uses as many rows as it may, and the threshold', () => {
    const sizes: number[] = [];
    const counted = (rows: Matrix): Float64Array => {
      sizes.push(rows.rows);
      return predict(rows);
    };
    const options = { metric: 'accuracy', seed: 1, repeats: 2 } as const;
    const few = permutationImportance(counted, x, y, { ...options, maxRows: 25 });
    expect(few).toHaveLength(4);
    expect(Math.max(...sizes)).toBe(25);
    // from 1 upwards nothing is ever called a threat
    const silent = permutationImportance(predict, x, y, { ...options, threshold: 1 })!;
    expect(silent).toEqual(Array(4).fill({ mean: 0, std: 0 }));
  });

  it('tells how far it is, feature by feature', () => {
    const reported: number[][] = [];
    permutationImportance(predict, x, y, {
      metric: 'brier',
      seed: 1,
      repeats: 1,
      onProgress: (done, total) => reported.push([done, total]),
    });
    expect(reported).toEqual([
      [1, 4],
      [2, 4],
      [3, 4],
      [4, 4],
    ]);
  });

  it('is null where the metric has no value, and refuses what is no rows', () => {
    const options = { metric: 'rocAuc', seed: 1 } as const;
    expect(permutationImportance(predict, x, new Uint8Array(60), options)).toBeNull();
    expect(() => permutationImportance(predict, x, new Uint8Array(59), options)).toThrow(RangeError);
    expect(() => permutationImportance(predict, x, y, { ...options, repeats: 0 })).toThrow('repeats 0');
    expect(() => permutationImportance(predict, new Matrix(0, 4), new Uint8Array(0), options)).toThrow(
      'rows 0',
    );
  });
});
