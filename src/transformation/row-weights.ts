import type { Contract } from '../detector/contract.js';
import type { Snapshot } from '../detector/dataset.js';
import { cellWeights } from '../ml/text/cell-weights.js';

/**
 * What each row counts while a learner is fitted, by the contract's `weighting`: cells (a source, a label, a stratum)
 * weigh the same or their share, and within a cell a group counts less than its rows.
 * @param rows of the snapshot
 * @param groups of each row of the snapshot
 * @returns a weight a row, undefined where all count the same
 */
export function rowWeightsOf(
  { weighting, features }: Pick<Contract, 'weighting' | 'features'>,
  { x, y, sources }: Pick<Snapshot, 'x' | 'y' | 'sources'>,
  rows: Int32Array,
  groups: Int32Array,
): Float64Array | undefined {
  if (!weighting) return undefined;
  const { balance, strata, groupExponent: exponent } = weighting;
  const stratum = strata && features.findIndex(({ name }) => name === strata.feature);
  const shares: number[] = [];
  const cells = rows.map((row) => {
    const source = balance.includes('source') && sources ? sources.rows[row] : 0;
    const label = balance.includes('label') ? y[row] : 0;
    const inside = strata && x.data[stratum! * x.rows + row] <= strata.max ? 1 : 0;
    const cell = (source * 2 + label) * 2 + inside;
    shares[cell] = strata ? (inside ? strata.share : 1 - strata.share) : 1;
    return cell;
  });
  return cellWeights(
    cells,
    rows.map((row) => groups[row]),
    { shares, exponent },
  );
}
