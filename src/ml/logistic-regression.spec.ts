import type { LearnerOptions } from './learner.js';
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

  it('refuses more columns than Newton steps are for', () => {
    const wide = new Matrix(2, 2001);
    expect(() => new LogisticRegression().fit(wide, Uint8Array.of(0, 1), { seed: 0 })).toThrow(
      'at most 2000',
    );
  });
});
