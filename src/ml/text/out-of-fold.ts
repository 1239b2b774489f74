import type { CsrMatrix } from '../csr-matrix.js';
import { scoresOf } from '../linear/products.js';
import type { LogisticRegression } from '../logistic-regression.js';

export interface OutOfFoldInput {
  readonly x: CsrMatrix;
  readonly y: Uint8Array;
  readonly weight: Float64Array;
  /** Test rows of each fold; together every row once. */
  readonly folds: readonly Int32Array[];
  readonly seed: number;
  /** Called after each fold. */
  readonly onFold?: (done: number) => void;
}

/**
 * Log-odds of each row by a regression that was fitted without the row's fold: what a second learner may be fitted on
 * beside the row's other features, for in-sample scores would make it trust the first one too much (Wolpert 1992,
 * Stacked generalization).
 */
export function outOfFoldLogOdds(regression: LogisticRegression, input: OutOfFoldInput): Float64Array {
  const { x, y, weight, folds, seed, onFold } = input;
  const logOdds = new Float64Array(x.rows);
  folds.forEach((heldOut, done) => {
    const train = without(x.rows, heldOut);
    const labels = Uint8Array.from(train, (row) => y[row]);
    const sampleWeight = Float64Array.from(train, (row) => weight[row]);
    const model = regression.fit(x.take(train), labels, { seed, sampleWeight });
    const scores = scoresOf(x.take(heldOut), model.coefficients, model.intercept);
    heldOut.forEach((row, place) => (logOdds[row] = scores[place]));
    onFold?.(done + 1);
  });
  return logOdds;
}

/** Rows that are not in `left`. */
function without(rows: number, left: Int32Array): Int32Array {
  const isLeft = new Uint8Array(rows);
  for (const row of left) isLeft[row] = 1;
  return Int32Array.from({ length: rows }, (_, row) => row).filter((row) => isLeft[row] === 0);
}
