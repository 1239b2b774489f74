import type { FeatureSpec } from '../detector/feature-specs.js';
import { Matrix } from '../ml/matrix.js';
import { codeOf } from './encoders.js';

export interface Imputer {
  /** Rows x features in, the same without NaN out (`none`: as it is). Never changes `x`. */
  impute(x: Matrix): Matrix;
}

/** One value a column for whatever is missing in it. */
export class FillImputer implements Imputer {
  constructor(private readonly fill: readonly number[]) {}

  impute(x: Matrix): Matrix {
    const out = new Matrix(x.rows, x.columns, x.data.slice(), x.sparse);
    this.fill.forEach((value, j) => {
      const column = out.column(j);
      for (let i = 0; i < column.length; i++) if (Number.isNaN(column[i])) column[i] = value;
    });
    return out;
  }
}

/**
 * What stands in for each column's missing values: its median (of whole numbers the lower one, so that it is a value
 * that occurs; of categories the most frequent) or its most frequent value, the least on ties. Without any value, the
 * first listed one, or 0.
 */
export function fillValues(
  features: readonly FeatureSpec[],
  x: Matrix,
  strategy: 'median' | 'most-frequent',
): number[] {
  return features.map(({ type, values }, j) => {
    const present = x
      .column(j)
      .filter((value) => !Number.isNaN(value))
      .sort();
    if (present.length === 0) return values?.length ? codeOf(values[0], 0) : 0;
    const value =
      strategy === 'median' && type !== 'category'
        ? median(present, type === 'integer')
        : mostFrequent(present);
    return value + 0; // JSON has no -0
  });
}

function median(sorted: Float64Array, lower: boolean): number {
  const below = sorted[(sorted.length - 1) >> 1];
  const above = sorted[sorted.length >> 1];
  return lower ? below : (below + above) / 2;
}

function mostFrequent(sorted: Float64Array): number {
  let [best, most, run] = [sorted[0], 0, 0];
  for (let i = 0; i < sorted.length; i++) {
    run = i > 0 && sorted[i] === sorted[i - 1] ? run + 1 : 1;
    if (run > most) [best, most] = [sorted[i], run];
  }
  return best;
}
