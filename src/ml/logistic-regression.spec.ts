import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { CsrMatrix } from './csr-matrix.js';
import { loadModel } from './factory.js';
import { type LearnerOptions, type ModelState, ModelStateError } from './learner.js';
import { LogisticRegression, type LogisticRegressionModel } from './logistic-regression.js';
import { Matrix } from './matrix.js';

const rows = [[1, 200], [2, 150], [3, 310], [4, 120], [5, 260], [6, 90], [7, 330], [8, 180]]; // prettier-ignore
const x = Matrix.fromRows(rows);
const y = Uint8Array.of(0, 0, 1, 0, 1, 0, 1, 1);

const fit = (options: LearnerOptions = {}, sampleWeight?: Float64Array): LogisticRegressionModel =>
  new LogisticRegression({ tol: 1e-10, ...options }).fit(x, y, { seed: 0, sampleWeight });

describe('LogisticRegression', () => {
  // scikit-learn 1.9.1: LogisticRegression(solver='newton-cholesky', tol=1e-12).fit(rows, y)
  it.each([
    [{}, [0.7835493115163494, 0.06357936332899178], -15.67208172],
    [{ C: 0.01 }, [0.04284375841139325, 0.041103061410358854], -8.21328177],
    [{ fitIntercept: false }, [-0.0016208497266153815, 0.002825002181316931], 0],
  ])('has the coefficients of scikit-learn with %p', (options, coefficients, intercept) => {
    const model = fit(options);
    coefficients.forEach((value, j) => expect(model.coefficients[j]).toBeCloseTo(value, 7));
    expect(model.intercept).toBeCloseTo(intercept, 6);
  });

  it('has its probabilities', () => {
    const [first, second] = fit().predict(x);
    expect(first).toBeCloseTo(0.10223266074963358, 7);
    expect(second).toBeCloseTo(0.010271286464357666, 7);
  });

  it('weighs rows, and classes by the weights of their rows, as scikit-learn does', () => {
    const weights = Float64Array.of(1, 2, 0.5, 1, 3, 1, 0, 2);
    const model = fit({ classWeight: 'balanced' }, weights);
    expect(model.coefficients[0]).toBeCloseTo(0.8811030320615787, 6);
    expect(model.coefficients[1]).toBeCloseTo(0.0696971663087688, 7);
    expect(model.intercept).toBeCloseTo(-16.96352964, 5);
  });

  it('counts a weight as so many rows', () => {
    const weighted = fit({}, Float64Array.of(2, 1, 1, 1, 1, 3, 1, 1));
    const copies = [0, 0, 1, 2, 3, 4, 5, 5, 5, 6, 7];
    const labels = Uint8Array.from(copies, (row) => y[row]);
    const repeated = new LogisticRegression({ tol: 1e-10 }).fit(x.take(copies), labels, { seed: 0 });
    repeated.coefficients.forEach((value, j) => expect(weighted.coefficients[j]).toBeCloseTo(value, 7));
  });

  it('survives classes that a line separates, repeated columns and columns of unlike scales', () => {
    const hard = Matrix.fromRows([[1, 1, 1e9], [2, 2, 2e9], [3, 3, 3e9], [4, 4, 4e9]]); // prettier-ignore
    const model = new LogisticRegression({ C: 1e12, maxIter: 50 }).fit(hard, Uint8Array.of(0, 0, 1, 1), {
      seed: 0,
    });
    const [a, b, c, d] = model.predict(hard);
    expect(Math.max(a, b)).toBeLessThan(0.01);
    expect(Math.min(c, d)).toBeGreaterThan(0.99);
  });

  it('explains a row in log-odds against the training means', () => {
    const model = fit();
    const row = Float64Array.of(5, 205);
    const { base, values } = model.explain(row);
    expect(values[0]).toBeCloseTo(0.5 * 0.7835493115163494, 7);
    expect(values[1]).toBe(0);
    const logOdds = base + values[0] + values[1];
    expect(1 / (1 + Math.exp(-logOdds))).toBeCloseTo(model.predict(new Matrix(1, 2, row))[0], 12);
  });

  it('names the column of a missing value, in fitting, predicting and explaining', () => {
    const holed = Matrix.fromRows([[1, 2], [3, NaN]]); // prettier-ignore
    const message = 'column 1 has the value NaN in row 1';
    expect(() => new LogisticRegression().fit(holed, Uint8Array.of(0, 1), { seed: 0 })).toThrow(message);
    expect(() => fit().predict(holed)).toThrow(new RangeError(message));
    expect(() => fit().explain(Float64Array.of(NaN, 1))).toThrow('column 0');
  });
});

interface Stored {
  columns: number;
  rows: [columns: number[], values: number[]][];
  y: number[];
  weights: number[];
  cases: {
    name: string;
    options: LearnerOptions;
    weighted: boolean;
    intercept: number;
    coefficients: number[];
    probability: number[];
  }[];
}

const file = new URL('./fixtures/scikit-learn-linear.json', import.meta.url);
const stored = JSON.parse(readFileSync(file, 'utf8')) as Stored;
const labels = Uint8Array.from(stored.y);
const table = new Matrix(stored.rows.length, stored.columns);
stored.rows.forEach(([columns, values], i) =>
  columns.forEach((column, at) => (table.column(column)[i] = values[at])),
);
const sparse = CsrMatrix.fromDense(table);

const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, j) => Math.max(most, Math.abs(value - b[j])), 0);

describe.each(stored.cases)('the optimum of scikit-learn, $name', (wanted) => {
  const sampleWeight = wanted.weighted ? Float64Array.from(stored.weights) : undefined;
  const learner = new LogisticRegression({ ...wanted.options, tol: 1e-12 });

  it.each([
    ['dense', table],
    ['sparse', sparse],
  ])('is found on %s rows', (_, rows) => {
    const model = learner.fit(rows, labels, { seed: 0, sampleWeight });
    expect(distance(wanted.coefficients, model.coefficients)).toBeLessThan(1e-6);
    expect(Math.abs(model.intercept - wanted.intercept)).toBeLessThan(1e-6);
    expect(distance(wanted.probability, model.predict(rows))).toBeLessThan(1e-6);
    expect(distance(model.predict(table), model.predict(sparse))).toBeLessThan(1e-15);
  });
});

describe('LogisticRegression on many columns', () => {
  it('finds the same on dense rows of more columns than a matrix of second derivatives is for', () => {
    const rows = Array.from({ length: table.rows }, (_, i) => [...table.row(i), ...new Float64Array(1000)]);
    const model = new LogisticRegression({ tol: 1e-12 }).fit(Matrix.fromRows(rows), labels, { seed: 0 });
    expect(distance(stored.cases[0].coefficients, model.coefficients)).toBeLessThan(1e-6);
    expect(model.coefficients[stored.columns + 1]).toBe(0);
  });

  it('finds the same on sparse rows as on dense ones', () => {
    const cell = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: -4, max: 4 }));
    const rows = fc.array(fc.tuple(cell, cell, cell, cell, cell), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(rows, fc.double({ min: 0.01, max: 10, noNaN: true }), (cells, C) => {
        const some = Matrix.fromRows(cells);
        const threats = Uint8Array.from(cells, (_, i) => i % 2);
        const learner = new LogisticRegression({ C, tol: 1e-10 });
        const [one, other] = [some, CsrMatrix.fromDense(some)].map((x) =>
          learner.fit(x, threats, { seed: 0 }),
        );
        expect(distance(one.predict(some), other.predict(some))).toBeLessThan(1e-6);
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  it('says between steps how far it is, and can be stopped there', () => {
    const steps: number[] = [];
    const fitSparse = (onProgress: (done: number) => void): unknown =>
      new LogisticRegression({ tol: 1e-12, maxIter: 30 }).fit(sparse, labels, { seed: 0, onProgress });
    fitSparse((done) => steps.push(done));
    expect(steps.length).toBeGreaterThan(3);
    expect(steps).toEqual(steps.map((_, i) => i + 1));
    const stop = new Error('enough');
    expect(() =>
      fitSparse((done) => {
        if (done === 2) throw stop;
      }),
    ).toThrow(stop);
  });

  it('refuses labels and weights that do not belong to the rows, and other columns', () => {
    const learner = new LogisticRegression();
    expect(() => learner.fit(sparse, labels.subarray(1), { seed: 0 })).toThrow('60 rows but 59 labels');
    const model = learner.fit(sparse, labels, { seed: 0 });
    expect(() => model.predict(CsrMatrix.fromDense(new Matrix(1, 3)))).toThrow('3 columns, fitted on 90');
    const empty = CsrMatrix.fromDense(new Matrix(2, 0));
    expect(() => learner.fit(empty, Uint8Array.of(0, 1), { seed: 0 })).toThrow('a matrix of 2 x 0');
  });
});

describe('LogisticRegressionModel fitted on sparse rows', () => {
  const model = new LogisticRegression().fit(sparse, labels, { seed: 0 });

  it('explains the non-zeros of a row against their absence', () => {
    const row = sparse.row(7);
    const { base, values } = model.explainSparse(row);
    expect(base).toBe(model.intercept);
    expect(values).toHaveLength(8);
    expect(values[2]).toBe(row.values[2] * model.coefficients[row.columns[2]]);
    const logOdds = values.reduce((sum, value) => sum + value, base);
    expect(1 / (1 + Math.exp(-logOdds))).toBeCloseTo(model.predict(sparse.take([7]))[0], 12);
  });

  it('explains a dense row in the same way', () => {
    const { columns } = sparse.row(7);
    const whole = model.explain(table.row(7));
    const some = model.explainSparse(sparse.row(7));
    expect(whole.base).toBe(some.base);
    columns.forEach((column, at) => expect(whole.values[column]).toBe(some.values[at]));
    expect(whole.values.filter((value) => value !== 0)).toHaveLength(8);
  });

  it('refuses to explain a column that it does not have', () => {
    const values = Float64Array.of(1);
    expect(() => model.explainSparse({ columns: Int32Array.of(90), values })).toThrow(
      'column 90, fitted on 90',
    );
    expect(() => model.explainSparse({ columns: Int32Array.of(-1), values })).toThrow(RangeError);
  });

  it('is stored without the columns that no row has, and comes back the same to the bit', () => {
    const state = model.toState();
    const seen = new Set(sparse.indices);
    expect([...(state.arrays.indices as Int32Array)]).toEqual([...seen].sort((a, b) => a - b));
    expect(state.arrays.values).toBeInstanceOf(Float32Array);
    const loaded = loadModel(state);
    expect(loaded.predict(table)).toEqual(model.predict(table));
    expect(loaded.explain(table.row(7))).toEqual(model.explain(table.row(7)));
    expect(loaded.toState()).toEqual(state);
  });

  it.each<[string, (state: ModelState) => Partial<ModelState>]>([
    [
      'columns out of order',
      () => ({ arrays: { indices: Int32Array.of(3, 2), values: Float32Array.of(1, 1) } }),
    ],
    ['a column twice', () => ({ arrays: { indices: Int32Array.of(2, 2), values: Float32Array.of(1, 1) } })],
    ['a negative column', () => ({ arrays: { indices: Int32Array.of(-1), values: Float32Array.of(1) } })],
    ['a column too many', () => ({ arrays: { indices: Int32Array.of(90), values: Float32Array.of(1) } })],
    ['a value too few', () => ({ arrays: { indices: Int32Array.of(1), values: Float32Array.of() } })],
    ['a value that is none', () => ({ arrays: { indices: Int32Array.of(1), values: Float32Array.of(NaN) } })],
    ['a stored 0', () => ({ arrays: { indices: Int32Array.of(1), values: Float32Array.of(0) } })],
    ['values of another type', ({ arrays }) => ({ arrays: { ...arrays, values: new Float64Array(90) } })],
    ['columns without end', ({ meta }) => ({ meta: { ...meta, columns: 2 ** 40 } })],
  ])('is refused with %s', (_, change) => {
    const state = model.toState();
    expect(() => loadModel({ ...state, ...change(state) })).toThrow(ModelStateError);
  });
});
