import type { Contract } from '../detector/contract.js';
import type { Matrix } from '../ml/matrix.js';
import { cellWeights } from '../ml/text/cell-weights.js';

/** Labelled rows, each with its group and its source. */
export interface WeighedRows {
  readonly x: Matrix;
  readonly y: Uint8Array;
  readonly groups: Int32Array;
  readonly sources: Int32Array;
}

/**
 * What each row counts while a learner is fitted, by the contract's `weighting`: the classes weigh the same, within a
 * class the strata their share, within these the sources the same or by their size, and in a source a group counts less
 * than its rows.
 * @param madeShareOf what a source that is made up weighs against all records of its class and stratum; undefined for
 * the records' own
 * @returns a weight a row, undefined where all count the same
 */
export function rowWeightsOf(
  { weighting, features }: Pick<Contract, 'weighting' | 'features'>,
  { x, y, groups, sources }: WeighedRows,
  madeShareOf: (source: number) => number | undefined = () => undefined,
): Float64Array | undefined {
  if (!weighting) return undefined;
  const { balance, strata, groupExponent: exponent, sourceExponent } = weighting;
  const stratum = strata && x.column(features.findIndex(({ name }) => name === strata.feature));
  const cells = sources.map((of, row) => {
    const source = balance.includes('source') ? of : 0;
    const label = balance.includes('label') ? y[row] : 0;
    const inside = strata && stratum![row] <= strata.max ? 1 : 0;
    return (source * 2 + label) * 2 + inside;
  });
  return cellWeights(cells, groups, {
    exponent,
    levelsOf: (cell, size) => {
      const inside = cell % 2;
      const source = cell >> 2;
      const made = madeShareOf(source);
      return [
        { part: (cell >> 1) % 2, share: 1 },
        { part: inside, share: strata ? (inside ? strata.share : 1 - strata.share) : 1 },
        made === undefined ? { part: 0, share: 1 } : { part: source + 1, share: made },
        { part: source, share: size ** sourceExponent },
      ];
    },
  });
}
