import { allowedValues, type Contract } from '../detector/contract.js';
import type { Snapshot } from '../detector/dataset.js';
import type { SnapshotSplit } from './split-snapshot.js';

/** Whether rows of one contract's features are rows of the other's; a category is a place in the contract's list. */
export function sameFeatures(a: Contract, b: Contract): boolean {
  return featuresKey(a) === featuresKey(b);
}

/**
 * The test rows of two models are the same only under the same features, groups and hold-out; under others one may
 * have learned from the rows that the other is tested on.
 */
export function sameHoldout(a: Contract, b: Contract): boolean {
  const key = ({ group, split }: Contract): string =>
    JSON.stringify([group, split.test, split.seed, split.time]);
  return sameFeatures(a, b) && key(a) === key(b);
}

/**
 * The test rows that a model cannot have learned from. A hold-out by groups keeps every group on its side for good;
 * one by time moves on, and a group that was in the model's training part may have got later rows since, so only
 * groups seen wholly from the model's own cut on are left.
 * @param testFrom the model's own cut, in seconds since 1970; absent where its data was not split by time
 */
export function unseenBy(
  { testFrom }: { readonly testFrom?: number },
  { times }: Pick<Snapshot, 'times'>,
  { test, groups }: Pick<SnapshotSplit, 'test' | 'groups'>,
): Int32Array {
  if (!times) return test;
  const known = new Set(groups.filter((_, row) => times[row] < (testFrom ?? Infinity)));
  return test.filter((row) => !known.has(groups[row]));
}

function featuresKey({ features }: Contract): string {
  return JSON.stringify(
    features.map((feature) => [
      feature.name,
      feature.type,
      feature.type === 'category' && allowedValues(feature),
    ]),
  );
}
