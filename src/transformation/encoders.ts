import type { FeatureSpec } from '../detector/feature-specs.js';
import { Matrix } from '../ml/matrix.js';

export const encoderNames = ['ordinal', 'one-hot', 'native'] as const;
export type EncoderName = (typeof encoderNames)[number];

/** A column that learners see. */
export interface EncodedColumn {
  /** The feature's name, or `feature=value`. */
  readonly name: string;
  /** Index of the feature it comes from. */
  readonly source: number;
}

export interface Encoder {
  readonly columns: readonly EncodedColumn[];
  /** Places of the columns that hold category codes, which have no order. */
  readonly categorical: readonly number[];
  /** Rows x features in, rows x `columns` out. */
  encode(x: Matrix): Matrix;
}

/** There is nothing to fit: the contract lists the values. @throws RangeError when a category lists none. */
export function createEncoder(name: EncoderName, features: readonly FeatureSpec[]): Encoder {
  const valueless = features.find(({ type, values }) => type === 'category' && !values?.length);
  if (valueless) throw new RangeError(`category ${valueless.name} lists no values`);
  return name === 'one-hot' ? new OneHotEncoder(features) : new PlainEncoder(features, name);
}

/** How a listed value stands in a matrix: a number as itself, a name as its place in the contract's list. */
export function codeOf(value: number | string, place: number): number {
  return typeof value === 'string' ? place : value;
}

/** One column a feature, its values as they are: `native` tells learners which are codes, for `ordinal` all are numbers. */
class PlainEncoder implements Encoder {
  readonly columns: readonly EncodedColumn[];
  readonly categorical: readonly number[];

  constructor(features: readonly FeatureSpec[], name: 'ordinal' | 'native') {
    this.columns = features.map(({ name }, source) => ({ name, source }));
    const places = [...features.keys()];
    this.categorical = name === 'native' ? places.filter((place) => features[place].type === 'category') : [];
  }

  encode(x: Matrix): Matrix {
    return x;
  }
}

/**
 * A 0/1 column for each listed value of a feature; features without a list pass through. A value that is not listed,
 * or is missing, is 0 in all columns of its feature.
 */
class OneHotEncoder implements Encoder {
  readonly columns: readonly EncodedColumn[];
  readonly categorical = [];
  /** For each column the value it stands for, `null` where the feature passes through. */
  private readonly codes: readonly (number | null)[];

  constructor(features: readonly FeatureSpec[]) {
    const planned = features.map(({ name, values }, source) =>
      values
        ? values.map((value, place) => ({ name: `${name}=${value}`, source, code: codeOf(value, place) }))
        : [{ name, source, code: null }],
    );
    this.columns = planned.flat().map(({ name, source }) => ({ name, source }));
    this.codes = planned.flat().map(({ code }) => code);
  }

  encode(x: Matrix): Matrix {
    const out = new Matrix(x.rows, this.columns.length, undefined, x.sparse);
    this.columns.forEach(({ source }, j) => {
      const from = x.column(source);
      const to = out.column(j);
      const code = this.codes[j];
      if (code === null) to.set(from);
      else for (let i = 0; i < x.rows; i++) to[i] = from[i] === code ? 1 : 0;
    });
    return out;
  }
}
