import { Matrix } from '../ml/matrix.js';
import { textKey } from '../ml/text-key.js';
import type { Contract } from './contract.js';
import { registeredDomain } from './registered-domain.js';
import type { Value } from './tabular/cells.js';

/** Rows as far as grouping looks at them. */
export interface GroupedRows {
  /** One column a feature of the contract. */
  readonly x: Matrix;
  /** Where the contract groups by a column: {@link groupKeyOf} of each row. */
  readonly groupKeys?: Float64Array;
}

/**
 * What the contract's `group` comes to: rows in which the result has equal rows are one group. It goes to `groupsOf`
 * for numbers and to `stableHoldout` for sides.
 * @throws RangeError when rows are to be grouped by a column that they lack
 */
export function groupKeys({ group, features }: Contract, { x, groupKeys: keys }: GroupedRows): Matrix {
  if (group === 'features') return x;
  if (!Array.isArray(group)) {
    if (!keys) throw new RangeError('the rows lack the column that the contract groups them by');
    return new Matrix(x.rows, 1, keys);
  }
  const chosen = new Matrix(x.rows, group.length);
  group.forEach((name, k) => {
    const j = features.findIndex((feature) => feature.name === name);
    chosen.column(k).set(x.column(j));
  });
  return chosen;
}

/** The number that stands for the group of a row that has this text in the contract's group column. */
export function groupKeyOf({ group }: Contract, text: string): number {
  const byDomain = typeof group === 'object' && 'registeredDomain' in group;
  return textKey(byDomain ? (registeredDomain(text) ?? text) : text);
}

/** The number that stands for a record, whatever its label: one value a column of the kind's records. */
export function recordKeyOf(values: readonly Value[]): number {
  return textKey(JSON.stringify(values));
}
