import { CsrMatrix } from '../csr-matrix.js';
import { LogisticRegression } from '../logistic-regression.js';
import { Matrix } from '../matrix.js';
import { outOfFoldLogOdds } from './out-of-fold.js';

/** 60 rows of 12 columns, a third of them 0.5, drawn by the linear congruential generator of C's first `rand`. */
function drawn(): { x: CsrMatrix; y: Uint8Array; weight: Float64Array } {
  let state = 42;
  const next = (): number =>
    (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) / 2_147_483_648;
  const rows: number[][] = [];
  const y = new Uint8Array(60);
  for (let i = 0; i < 60; i++) {
    const row = Array.from({ length: 12 }, () => (next() < 0.3 ? 0.5 : 0));
    y[i] = row[0] + row[3] - row[5] + (next() - 0.5) * 0.6 > 0.1 ? 1 : 0;
    rows.push(row);
  }
  const weight = Float64Array.from(y, (_, i) => 1 + (i % 3) / 2);
  return { x: CsrMatrix.fromDense(Matrix.fromRows(rows)), y, weight };
}

const folds = [0, 1, 2].map((f) => Int32Array.from({ length: 20 }, (_, i) => 3 * i + f));
const regression = new LogisticRegression({ C: 5, tol: 1e-10 });

describe('out-of-fold log-odds', () => {
  const { x, y, weight } = drawn();
  const logOdds = outOfFoldLogOdds(regression, { x, y, weight, folds, seed: 0 });

  it('are those of scikit-learn 1.9.1 (LogisticRegression, newton-cg, C = 5, decision_function)', () => {
    const expected = [-1.851033, -1.338093, -1.098238, 3.381481, 0.172873, 0.65682];
    expected.forEach((value, row) => expect(logOdds[row]).toBeCloseTo(value, 5));
    [0.592911, -1.552083, -0.210796].forEach((value, at) => expect(logOdds[57 + at]).toBeCloseTo(value, 5));
  });

  it('of a row do not depend on the labels of its fold', () => {
    const turned = y.map((label, row) => (row % 3 === 1 && row > 3 ? 1 - label : label));
    const others = outOfFoldLogOdds(regression, { x, y: turned, weight, folds, seed: 0 });
    folds[1].forEach((row) => expect(others[row]).toBe(logOdds[row]));
    expect(others[0]).not.toBeCloseTo(logOdds[0], 2);
  });

  it('count the folds that are done', () => {
    const done: number[] = [];
    outOfFoldLogOdds(regression, { x, y, weight, folds, seed: 0, onFold: (fold) => done.push(fold) });
    expect(done).toEqual([1, 2, 3]);
  });
});
