import type { Contract } from '../detector/contract.js';
import type { Snapshot } from '../detector/dataset.js';

/** A part of the test rows that a new version must not be worse on. */
export interface Slice {
  /** What its rows have in common: the source of their labels, or the contract's group column. */
  readonly by: string;
  readonly value: string;
  /** Rows of the snapshot. */
  readonly rows: Int32Array;
}

/** Nobody reads more slices than this; the largest are kept. */
const mostSlices = 50;

/**
 * Test rows by the source of their labels and, where the contract groups by a column, by its value; the largest
 * first. A slice with all test rows is none: the comparison covers them already.
 */
export function slicesOf(contract: Contract, snapshot: Snapshot, test: Int32Array): Slice[] {
  const { minRows } = contract.gate.slices;
  const { sources, groupKeys, groupNames } = snapshot;
  const slices: Slice[] = [];
  if (sources) {
    for (const [index, rows] of rowsBy(test, sources.rows))
      slices.push({ by: 'source', value: sources.names[index], rows });
  }
  if (groupKeys && groupNames && typeof contract.group === 'object' && 'column' in contract.group) {
    for (const [key, rows] of rowsBy(test, groupKeys)) {
      slices.push({ by: contract.group.column, value: groupNames.get(key) ?? '', rows });
    }
  }
  return slices
    .filter(({ rows }) => rows.length >= minRows && rows.length < test.length)
    .sort((a, b) => b.rows.length - a.rows.length)
    .slice(0, mostSlices);
}

function rowsBy(test: Int32Array, keys: ArrayLike<number>): Map<number, Int32Array> {
  const rows = new Map<number, number[]>();
  for (const row of test) {
    const known = rows.get(keys[row]);
    if (known) known.push(row);
    else rows.set(keys[row], [row]);
  }
  return new Map([...rows].map(([key, list]) => [key, Int32Array.from(list)]));
}
