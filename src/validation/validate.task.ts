import type { TaskContext } from '../compute/compute.service.js';
import type { Contract } from '../detector/contract.js';
import type { Snapshot } from '../detector/dataset.js';
import { driftTable } from '../ml/drift.js';
import { Matrix } from '../ml/matrix.js';
import { profileMatrixLike, type ReferenceProfile } from '../ml/reference-profile.js';
import { groupsOf } from '../ml/splits.js';
import { checkColumn, checkConflicts, checkDrift, checkLabels, checkRowCount } from './checks.js';
import { checkSplitColumns } from './split-checks.js';
import { type ValidationReport, worstOf } from './validation-report.js';

export interface ValidationInput {
  readonly contract: Contract;
  readonly snapshot: Snapshot;
  /** The champion's; null while there is none, or when it has other columns. */
  readonly reference: ReferenceProfile | null;
}

/** Checks a snapshot against its contract. */
export default function validate(
  { contract, snapshot, reference }: ValidationInput,
  _: TaskContext,
): ValidationReport {
  const rules = contract.validation;
  const x = Matrix.of(snapshot.x);
  // Equal feature vectors, whatever the contract groups by: these are about copies.
  const groups = groupsOf(x);
  const drift = reference && driftTable(reference, profileMatrixLike(reference, x, snapshot.y));
  const checks = [
    checkRowCount(snapshot, rules),
    checkLabels(snapshot, rules),
    checkConflicts(snapshot, groups, rules),
    ...checkSplitColumns(contract, snapshot),
    ...contract.features.flatMap((feature, j) => checkColumn(feature, x.column(j), rules)),
    ...(drift ? [checkDrift(drift, rules)] : []),
  ];
  return {
    detector: contract.detector,
    fingerprint: snapshot.fingerprint,
    status: worstOf(checks),
    rows: x.rows,
    threats: snapshot.y.reduce((sum, label) => sum + label, 0),
    duplicates: countDuplicates(groups, snapshot.y),
    checks,
    drift,
  };
}

function countDuplicates(groups: Int32Array, y: Uint8Array): number {
  const seen = new Set<number>();
  groups.forEach((group, i) => seen.add(group * 2 + y[i]));
  return y.length - seen.size;
}
