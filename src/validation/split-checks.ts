import { type Contract, splitColumns } from '../detector/contract.js';
import type { Snapshot } from '../detector/dataset.js';
import type { ValidationCheck } from './validation-report.js';

/**
 * Whether the columns by which the contract splits are there, and tell enough rows apart for its folds; no check
 * where it has none.
 */
export function checkSplitColumns(contract: Contract, snapshot: Snapshot): ValidationCheck[] {
  const { folds } = contract.split;
  const columns = splitColumns(contract);
  if (columns.length === 0) return [];
  const names = columns.map(({ name }) => name).join(' and ');
  return [
    checkLeftOut(names, snapshot),
    ...columns.map(({ name, holds }) =>
      holds === 'time'
        ? // A block before the first fold, and the test part behind the last.
          checkDistinct(name, 'times', snapshot.times, folds + 2)
        : checkDistinct(name, 'groups', snapshot.groupKeys, folds + 1),
    ),
  ];
}

function checkLeftOut(names: string, { leftOut = 0 }: Snapshot): ValidationCheck {
  return {
    name: 'split-columns',
    status: leftOut === 0 ? 'passed' : 'warned',
    message:
      leftOut === 0
        ? `every record has ${names}`
        : `${leftOut} records without ${names}, stored before the contract asked for it, are left out; push them again`,
    observed: leftOut,
    limit: 0,
  };
}

function checkDistinct(
  column: string,
  what: string,
  values: Float64Array | undefined,
  limit: number,
): ValidationCheck {
  const observed = new Set(values).size;
  return {
    name: what,
    column,
    status: observed >= limit ? 'passed' : 'failed',
    message: `${observed} different ${what}, at least ${limit} are needed to split the rows`,
    observed,
    limit,
  };
}
