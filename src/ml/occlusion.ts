import type { Contributions } from './learner.js';
import { Matrix } from './matrix.js';

/**
 * Explains one row of any model by occlusion: what the output loses when a column takes its reference value.
 * `base` is chosen so that `base + sum(values)` is the row's output. It is the reference row's output only
 * where the columns do not interact: it takes up what they do together.
 *
 * @param row `columns` values
 * @param reference `columns` values of an ordinary row
 * @param predict the model's output, one value a row
 */
export function occlude(
  row: Float64Array,
  reference: Float64Array,
  predict: (x: Matrix) => Float64Array,
): Contributions {
  const changed = [...row.keys()].filter((j) => row[j] !== reference[j]);
  const variants = changed.map((j) => row.with(j, reference[j]));
  const [output, ...occluded] = predict(Matrix.fromRows([row, ...variants]));
  const values = new Float64Array(row.length);
  changed.forEach((j, i) => (values[j] = output - occluded[i]));
  return { base: values.reduce((rest, value) => rest - value, output), values };
}

/** Median of each column, missing values left out; NaN where a column has nothing else. */
export function columnMedians(x: Matrix): Float64Array {
  return Float64Array.from({ length: x.columns }, (_, j) => {
    const sorted = x
      .column(j)
      .filter((value) => !Number.isNaN(value))
      .sort();
    const middle = sorted.length / 2;
    return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
  });
}
