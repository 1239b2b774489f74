import type { Contract } from '../detector/contract.js';
import type { Snapshot } from '../detector/dataset.js';
import { groupKeys } from '../detector/group-keys.js';
import { Matrix } from '../ml/matrix.js';
import { groupedFolds, groupsOf } from '../ml/splits.js';
import { stableHoldout } from '../ml/stable-holdout.js';
import { timeOrderedFolds, timeOrderedHoldout } from '../ml/time-splits.js';

/** The places of a snapshot's rows. */
export interface SnapshotSplit {
  /** Rows of the snapshot. */
  readonly train: Int32Array;
  readonly test: Int32Array;
  /** The group of each row of the snapshot. */
  readonly groups: Int32Array;
  /** The group of each row of its supplement, where it has one. */
  readonly supplementGroups?: Int32Array;
  /** Places in `train`, one list a fold: the part that the fold is measured on. */
  readonly folds: readonly Int32Array[];
  /**
   * Places in `train` that each fold is fitted on, where these are not all the others: by time what was before, by whole
   * sources what is of no group that is held out.
   */
  readonly fitPlaces?: readonly Int32Array[];
  /** Where the split is by time: all that trains was seen before, in seconds since 1970. */
  readonly testFrom?: number;
}

/** Splits by the contract's groups and, where it names a time, in its order. @throws RangeError where that cannot be done */
export function splitSnapshot(contract: Contract, snapshot: Snapshot): SnapshotSplit {
  const x = Matrix.of(snapshot.x);
  const keys = groupKeys(contract, { ...snapshot, x });
  const groups = groupsOf(keys);
  const split =
    contract.split.time === undefined
      ? splitByGroups(contract, snapshot, keys, groups)
      : splitByTime(contract, snapshot, groups);
  const { supplement, groupKeys: known } = snapshot;
  return supplement && known
    ? { ...split, supplementGroups: groupsBeside(known, groups, supplement.groupKeys) }
    : split;
}

/** The groups of further keys: those of equal keys, numbers of their own for the rest. */
function groupsBeside(known: Float64Array, groups: Int32Array, keys: Float64Array): Int32Array {
  const numbers = new Map<number, number>();
  known.forEach((key, row) => numbers.set(key, groups[row]));
  let next = groups.reduce((most, group) => Math.max(most, group), -1) + 1;
  return Int32Array.from(keys, (key) => {
    if (!numbers.has(key)) numbers.set(key, next++);
    return numbers.get(key)!;
  });
}

/** Places in `train` that some fold is measured on, rising; by time, none of the first rows are. */
export function measuredPlaces({ folds }: Pick<SnapshotSplit, 'folds'>): Int32Array {
  return Int32Array.from(folds.flatMap((places) => [...places])).sort();
}

function splitByGroups(
  { split }: Contract,
  { y, sources }: Snapshot,
  keys: Matrix,
  groups: Int32Array,
): SnapshotSplit {
  const { train, test } = stableHoldout(keys, { share: split.test, seed: split.seed });
  const yTrain = Uint8Array.from(train, (i) => y[i]);
  const groupsTrain = train.map((i) => groups[i]);
  if (split.wholeSources && sources) {
    const sourcesTrain = train.map((i) => sources.rows[i]);
    return { train, test, groups, ...sourceFolds(yTrain, groupsTrain, sourcesTrain, split) };
  }
  return { train, test, groups, folds: groupedFolds(yTrain, groupsTrain, split) };
}

/**
 * Folds of whole sources; one that holds more of a class than a fold has room for is shared out by groups. A fold is
 * fitted on nothing of a group that it is measured on, though other sources know it, too.
 */
function sourceFolds(
  y: Uint8Array,
  groups: Int32Array,
  sources: Int32Array,
  { folds: count, seed }: Contract['split'],
): Pick<SnapshotSplit, 'folds' | 'fitPlaces'> {
  const large = largeSources(y, sources, count);
  const first = 1 + Math.max(...sources);
  const units = sources.map((source, row) => (large.has(source) ? first + groups[row] : source));
  const folds = groupedFolds(y, units, { folds: count, seed });
  const fitPlaces = folds.map((places) => {
    const heldOut = new Uint8Array(y.length);
    for (const place of places) heldOut[place] = 1;
    const known = new Set(Array.from(places, (place) => groups[place]));
    return Int32Array.from(y.keys()).filter((place) => heldOut[place] === 0 && !known.has(groups[place]));
  });
  return { folds, fitPlaces };
}

function largeSources(y: Uint8Array, sources: Int32Array, folds: number): Set<number> {
  const large = new Set<number>();
  for (const label of [0, 1]) {
    const rows = new Map<number, number>();
    sources.forEach((source, row) => {
      if (y[row] === label) rows.set(source, (rows.get(source) ?? 0) + 1);
    });
    const most = [...rows.values()].reduce((sum, n) => sum + n, 0) / folds;
    for (const [source, n] of rows) if (n > most) large.add(source);
  }
  return large;
}

function splitByTime({ split }: Contract, { y, times }: Snapshot, groups: Int32Array): SnapshotSplit {
  if (!times) throw new RangeError('the rows lack the time that the contract splits them by');
  const { train, test, cut } = timeOrderedHoldout(y, times, groups, { testShare: split.test });
  const chain = timeOrderedFolds(
    Uint8Array.from(train, (i) => y[i]),
    Float64Array.from(train, (i) => times[i]),
    train.map((i) => groups[i]),
    { folds: split.folds },
  );
  return {
    train,
    test,
    groups,
    folds: chain.map((fold) => fold.test),
    fitPlaces: chain.map((fold) => fold.train),
    testFrom: cut,
  };
}
