import { allowedValues, type Contract, type Feature } from '../detector/contract.js';
import type { Snapshot } from '../detector/dataset.js';
import { unknownCategory } from '../detector/tabular/tabular-kind.js';
import type { DriftTable } from '../ml/drift.js';
import type { CheckStatus, ValidationCheck } from './validation-report.js';

type Rules = Contract['validation'];

export function checkRowCount({ x }: Snapshot, { minRows }: Rules): ValidationCheck {
  return {
    name: 'rows',
    status: x.rows >= minRows ? 'passed' : 'failed',
    message: `${x.rows} rows, at least ${minRows} are needed`,
    observed: x.rows,
    limit: minRows,
  };
}

/** Both labels there, the threat's share within its bounds. */
export function checkLabels({ y }: Snapshot, { threatShare }: Rules): ValidationCheck {
  const threats = y.reduce((sum, label) => sum + label, 0);
  const share = threats / y.length;
  const inside = share > 0 && share < 1 && share >= threatShare.min && share <= threatShare.max;
  return {
    name: 'threat-share',
    status: inside ? 'passed' : 'failed',
    message: `${percent(share)} of the rows are threats, expected ${percent(threatShare.min)} to ${percent(threatShare.max)}`,
    observed: share,
    limit: share < threatShare.min ? threatShare.min : threatShare.max,
  };
}

/** Missing cells, values out of the domain, and whether the column says anything at all. */
export function checkColumn(feature: Feature, column: Float64Array, rules: Rules): ValidationCheck[] {
  const { name } = feature;
  const isUnexpected = unexpectedValue(feature);
  const unexpected = new Map<number, number>();
  let missing = 0;
  let first = NaN;
  let constant = true;
  for (const value of column) {
    if (Number.isNaN(value)) missing++;
    else {
      if (isUnexpected(value)) unexpected.set(value, (unexpected.get(value) ?? 0) + 1);
      if (Number.isNaN(first)) first = value;
      else if (value !== first) constant = false;
    }
  }
  const share = missing / column.length;
  const checks: ValidationCheck[] = [
    {
      name: 'missing-share',
      column: name,
      ...outcomeOf(share, rules.missingShare),
      message: `${percent(share)} missing`,
      observed: share,
    },
  ];
  if (unexpected.size > 0) checks.push(domainFailure(name, unexpected));
  if (constant)
    checks.push({ name: 'constant', column: name, status: 'warned', message: 'holds one value only' });
  return checks;
}

/** Rows whose feature vector carries both labels: no learner can get both right. `groups` has equal ids for equal vectors. */
export function checkConflicts({ y }: Snapshot, groups: Int32Array, rules: Rules): ValidationCheck {
  const seen = new Map<number, number>();
  groups.forEach((group, i) => seen.set(group, (seen.get(group) ?? 0) | (y[i] === 1 ? 2 : 1)));
  const rows = groups.reduce((sum, group) => sum + (seen.get(group) === 3 ? 1 : 0), 0);
  const share = rows / y.length;
  return {
    name: 'conflict-share',
    ...outcomeOf(share, rules.conflictShare),
    message: `${rows} rows (${percent(share)}) have a feature vector that carries both labels`,
    observed: share,
  };
}

export function checkDrift(drift: DriftTable, rules: Rules): ValidationCheck {
  const share = drift.shareOfDriftedColumns;
  const conclusion = drift.enough
    ? `${drift.numberOfDriftedColumns} of ${drift.numberOfColumns} columns drifted against the champion's reference`
    : "too few rows to compare with the champion's reference";
  return {
    name: 'drift-share',
    status: drift.enough && share >= rules.driftShare.warn ? 'warned' : 'passed',
    message: conclusion,
    observed: share,
    limit: rules.driftShare.warn,
  };
}

function unexpectedValue(feature: Feature): (value: number) => boolean {
  if (feature.type === 'category') return (value) => value === unknownCategory;
  const allowed = allowedValues(feature);
  const set = allowed && new Set(allowed);
  const { min = -Infinity, max = Infinity } = feature;
  const whole = feature.type === 'integer';
  return (value) =>
    value < min || value > max || (whole && !Number.isInteger(value)) || (set ? !set.has(value) : false);
}

function domainFailure(column: string, unexpected: ReadonlyMap<number, number>): ValidationCheck {
  const rows = [...unexpected.values()].reduce((sum, count) => sum + count, 0);
  const examples = [...unexpected.keys()].slice(0, 5).join(', ');
  return {
    name: 'domain',
    column,
    status: 'failed',
    message: `${rows} rows hold values that the contract does not allow (${examples})`,
    observed: rows,
    limit: 0,
  };
}

function outcomeOf(
  share: number,
  { warn, fail }: { warn: number; fail: number },
): { status: CheckStatus; limit: number } {
  if (share > fail) return { status: 'failed', limit: fail };
  return { status: share > warn ? 'warned' : 'passed', limit: warn };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
