import type { InputFault } from '../../common/errors.js';
import { nearestName } from '../../common/nearest-name.js';
import { type Contract, foldName } from '../contract.js';
import { HeaderMismatchError } from '../detector.errors.js';

export interface BindingRules {
  /** `required` when labelled data is pushed; `ignored` when rows are only scored. */
  readonly label: 'required' | 'ignored';
  /** Unknown columns that may pass. */
  readonly ignoreColumns: readonly string[];
}

/** Where a row holds each feature and the label. */
export interface ColumnBinding {
  /** Index in the row, one a feature of the contract. */
  readonly features: readonly number[];
  /** Index of the label; -1 when there is none. */
  readonly label: number;
}

const LABEL = -1;

/**
 * Matches an input's columns with the contract's, by name or alias and without regard to case.
 * @throws HeaderMismatchError naming every missing, unknown and duplicated column.
 */
export function bindColumns(
  contract: Contract,
  columns: readonly string[],
  rules: BindingRules,
): ColumnBinding {
  const targets = targetsOf(contract);
  const ignored = new Set(rules.ignoreColumns.map(foldName));
  const features = new Array<number>(contract.features.length).fill(-1);
  let label = -1;
  const faults: InputFault[] = [];
  const unknown: number[] = [];

  columns.forEach((column, at) => {
    const target = targets.get(foldName(column));
    if (target === undefined) {
      if (!ignored.has(foldName(column))) unknown.push(at);
      return;
    }
    const taken = target === LABEL ? label : features[target];
    if (taken >= 0) {
      faults.push({ path: column, message: `is the same column as '${columns[taken]}'` });
    } else if (target === LABEL) label = at;
    else features[target] = at;
  });

  const missing = contract.features.filter((_, i) => features[i] === -1).map(({ name }) => name);
  if (label === -1 && rules.label === 'required') missing.push(contract.label.column);
  faults.push(...unknown.map((at) => unknownFault(columns[at], at, missing)));
  faults.push(...missing.map((name) => ({ path: name, message: 'is missing' })));
  if (faults.length > 0) throw new HeaderMismatchError(contract.detector, faults);
  return { features, label };
}

function targetsOf(contract: Contract): Map<string, number> {
  const targets = new Map<string, number>();
  contract.features.forEach(({ name, aliases }, i) => {
    for (const spelling of [name, ...aliases]) targets.set(foldName(spelling), i);
  });
  for (const spelling of [contract.label.column, ...contract.label.aliases])
    targets.set(foldName(spelling), LABEL);
  return targets;
}

function unknownFault(column: string, at: number, missing: readonly string[]): InputFault {
  if (column.trim() === '') {
    return { path: `column ${at + 1}`, message: 'has no name' };
  }
  const nearest = nearestName(column, missing);
  return { path: column, message: nearest ? `is unknown; did you mean ${nearest}?` : 'is unknown' };
}
