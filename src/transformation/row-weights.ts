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
 * What each row counts while a learner is fitted, by the contract's `weighting`: cells (a source, a label, a stratum)
 * weigh the same or their share, and within a cell a group counts less than its rows.
 * @param shareOf what a source weighs against the others
 * @returns a weight a row, undefined where all count the same
 */
export function rowWeightsOf(
  { weighting, features }: Pick<Contract, 'weighting' | 'features'>,
  { x, y, groups, sources }: WeighedRows,
  shareOf: (source: number) => number = () => 1,
): Float64Array | undefined {
  if (!weighting) return undefined;
  const { balance, strata, groupExponent: exponent } = weighting;
  const stratum = strata && x.column(features.findIndex(({ name }) => name === strata.feature));
  const shares: number[] = [];
  const cells = sources.map((of, row) => {
    const source = balance.includes('source') ? of : 0;
    const label = balance.includes('label') ? y[row] : 0;
    const inside = strata && stratum![row] <= strata.max ? 1 : 0;
    const cell = (source * 2 + label) * 2 + inside;
    shares[cell] = shareOf(source) * (strata ? (inside ? strata.share : 1 - strata.share) : 1);
    return cell;
  });
  return cellWeights(cells, groups, { shares, exponent });
}
