import type { Contract } from '../detector/contract.js';
import type { Snapshot } from '../detector/dataset.js';
import { madeSources } from '../detector/kind.js';
import { Matrix } from '../ml/matrix.js';
import { rowWeightsOf } from './row-weights.js';
import type { SnapshotSplit } from './split-snapshot.js';

/** What a learner is fitted on. */
export interface FittingSet {
  /** One column a feature of the contract. */
  readonly x: Matrix;
  readonly y: Uint8Array;
  readonly groups: Int32Array;
  /** Undefined where all rows count the same. */
  readonly sampleWeight?: Float64Array;
}

/**
 * Rows of a snapshot, below them those of its supplement. Of the supplement none is of a group that has a row elsewhere
 * in the snapshot: what is measured there was not seen, not in its supplement either.
 */
export function fittingSet(
  contract: Contract,
  snapshot: Snapshot,
  split: Pick<SnapshotSplit, 'groups' | 'supplementGroups'>,
  rows: Int32Array,
): FittingSet {
  const { supplement, sources } = snapshot;
  const beside = supplement ? supplementRows(split, rows) : new Int32Array();
  const join = (of: ArrayLike<number>, ofSupplement?: ArrayLike<number>): Int32Array => {
    const joined = new Int32Array(rows.length + beside.length);
    rows.forEach((row, i) => (joined[i] = of[row]));
    if (ofSupplement) beside.forEach((row, i) => (joined[rows.length + i] = ofSupplement[row]));
    return joined;
  };
  const whole = Matrix.of(snapshot.x);
  const set = {
    x: supplement
      ? Matrix.gather([
          [whole, rows],
          [Matrix.of(supplement.x), beside],
        ])
      : whole.take(rows),
    y: Uint8Array.from(join(snapshot.y, supplement?.y)),
    groups: join(split.groups, split.supplementGroups),
    sources: join(sources?.rows ?? new Int32Array(snapshot.y.length), supplement?.sources),
  };
  const sampleWeight = rowWeightsOf(contract, set, (source) => {
    const made = madeSources[source - (sources?.names.length ?? 1)];
    return made && contract.supplement?.[made];
  });
  return { x: set.x, y: set.y, groups: set.groups, sampleWeight };
}

function supplementRows(
  { groups, supplementGroups }: Pick<SnapshotSplit, 'groups' | 'supplementGroups'>,
  rows: Int32Array,
): Int32Array {
  const fitted = new Uint8Array(groups.length);
  for (const row of rows) fitted[row] = 1;
  const elsewhere = new Set(groups.filter((_, row) => fitted[row] === 0));
  const places = Int32Array.from(supplementGroups!.keys());
  return places.filter((place) => !elsewhere.has(supplementGroups![place]));
}
