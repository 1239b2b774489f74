import type { FeatureSpec } from '../detector/feature-specs.js';
import type { Matrix } from '../ml/matrix.js';
import { FillImputer, fillValues, type Imputer } from './fill-imputer.js';
import { KnnImputer } from './knn-imputer.js';

export const imputerNames = ['none', 'median', 'most-frequent', 'knn'] as const;
export type ImputerName = (typeof imputerNames)[number];

/** A fitted imputer as plain JSON. */
export type ImputerState =
  | { readonly name: 'none' }
  /** `fill`: one value a feature */
  | { readonly name: 'median' | 'most-frequent'; readonly fill: readonly number[] }
  /** `rows`: the training rows that neighbours are looked for in, without gaps */
  | { readonly name: 'knn'; readonly fill: readonly number[]; readonly rows: readonly (readonly number[])[] };

/**
 * Learns from the training rows what stands in for a missing value: nothing with `none` (for learners that take NaN),
 * one value a column with `median` and `most-frequent` ({@link fillValues}), or with `knn` what similar rows have
 * ({@link KnnImputer}; `seed` draws them).
 */
export function fitImputer(
  name: ImputerName,
  features: readonly FeatureSpec[],
  x: Matrix,
  seed: number,
): ImputerState {
  if (name === 'none') return { name };
  if (name !== 'knn') return { name, fill: fillValues(features, x, name) };
  const fill = fillValues(features, x, 'median');
  return { name, fill, rows: KnnImputer.drawRows(x, new FillImputer(fill), seed) };
}

export function createImputer(state: ImputerState, features: readonly FeatureSpec[]): Imputer {
  switch (state.name) {
    case 'none':
      return { impute: (x) => x };
    case 'median':
    case 'most-frequent':
      return new FillImputer(state.fill);
    case 'knn':
      return new KnnImputer(features, state.rows, new FillImputer(state.fill));
  }
}
