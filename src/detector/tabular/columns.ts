import type { InputFault } from '../../common/errors.js';
import { nearestName } from '../../common/nearest-name.js';
import { type Contract, foldName, splitColumns } from '../contract.js';
import { HeaderMismatchError } from '../detector.errors.js';

export interface BindingRules {
  /** `required`, like the split columns, of labelled data; both `ignored` when rows are only scored. */
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
  /** Index of each of the contract's split columns; -1 where there is none. Absent where the contract has none. */
  readonly split?: readonly number[];
}

/**
 * Matches an input's columns with the contract's, by name or alias and without regard to case.
 * @throws HeaderMismatchError naming every missing, unknown and duplicated column.
 */
export function bindColumns(
  contract: Contract,
  columns: readonly string[],
  rules: BindingRules,
): ColumnBinding {
  const wanted = wantedColumns(contract, rules);
  const targets = new Map(
    wanted.flatMap(({ spellings }, target) => spellings.map((name) => [foldName(name), target] as const)),
  );
  const ignored = new Set(rules.ignoreColumns.map(foldName));
  const places = new Array<number>(wanted.length).fill(-1);
  const faults: InputFault[] = [];
  const unknown: number[] = [];

  columns.forEach((column, at) => {
    const target = targets.get(foldName(column));
    if (target === undefined) {
      if (!ignored.has(foldName(column))) unknown.push(at);
    } else if (places[target] >= 0) {
      faults.push({ path: column, message: `is the same column as '${columns[places[target]]}'` });
    } else places[target] = at;
  });

  const missing = wanted
    .filter(({ required }, target) => required && places[target] === -1)
    .map(({ spellings }) => spellings[0]);
  faults.push(...unknown.map((at) => unknownFault(columns[at], at, missing)));
  faults.push(...missing.map((name) => ({ path: name, message: 'is missing' })));
  if (faults.length > 0) throw new HeaderMismatchError(contract.detector, faults);
  const labelAt = contract.features.length;
  return {
    features: places.slice(0, labelAt),
    label: places[labelAt],
    ...(places.length > labelAt + 1 && { split: places.slice(labelAt + 1) }),
  };
}

interface WantedColumn {
  /** Its name, then its aliases. */
  readonly spellings: readonly string[];
  readonly required: boolean;
}

/** Features, label, split columns. */
function wantedColumns(contract: Contract, rules: BindingRules): WantedColumn[] {
  const labelled = rules.label === 'required';
  const { column, aliases } = contract.label;
  return [
    ...contract.features.map((feature) => ({
      spellings: [feature.name, ...feature.aliases],
      required: true,
    })),
    { spellings: [column, ...aliases], required: labelled },
    ...splitColumns(contract).map(({ name }) => ({ spellings: [name], required: labelled })),
  ];
}

function unknownFault(column: string, at: number, missing: readonly string[]): InputFault {
  if (column.trim() === '') {
    return { path: `column ${at + 1}`, message: 'has no name' };
  }
  const nearest = nearestName(column, missing);
  return { path: column, message: nearest ? `is unknown; did you mean ${nearest}?` : 'is unknown' };
}
