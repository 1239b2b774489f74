import type { InputFault } from '../../common/errors.js';
import { nearestName } from '../../common/nearest-name.js';
import { type Contract, foldName, splitColumns } from '../contract.js';
import { HeaderMismatchError } from '../detector.errors.js';
import { kindOf, separateSplitColumns } from '../kinds.js';

export interface BindingRules {
  /** `required`, like the split columns, of labelled data; both `ignored` when rows are only scored. */
  readonly label: 'required' | 'ignored';
  /** Unknown columns that may pass. */
  readonly ignoreColumns: readonly string[];
}

/** A column of an input that is read over. */
export interface LeftOutColumn {
  readonly column: string;
  readonly why: string;
}

/** Where a row holds each value of the record and the label. */
export interface ColumnBinding {
  /** Index in the row, one a column of the detector's records. */
  readonly columns: readonly number[];
  /** Index of the label; -1 when there is none. */
  readonly label: number;
  /** Index of each of the contract's split columns; -1 where there is none. Absent where the contract has none. */
  readonly split?: readonly number[];
  /** Absent where every column is read. */
  readonly leftOut?: readonly LeftOutColumn[];
}

/** An input may have any number of columns that are unknown, and to look for the name that each was meant to be takes time. */
const mostUnknownNamed = 100;

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
  const whyLeftOut = reasonsToLeaveOut(contract, rules);
  const places = new Array<number>(wanted.length).fill(-1);
  const faults: InputFault[] = [];
  const unknown: number[] = [];
  const leftOut: LeftOutColumn[] = [];

  columns.forEach((column, at) => {
    const target = targets.get(foldName(column));
    if (target === undefined) {
      const why = whyLeftOut(column);
      if (why === undefined) unknown.push(at);
      else leftOut.push({ column: nameOf(column, at), why });
    } else if (places[target] >= 0) {
      faults.push({ path: column, message: `is the same column as '${columns[places[target]]}'` });
    } else places[target] = at;
  });

  const missing = wanted
    .filter(({ required }, target) => required && places[target] === -1)
    .map(({ spellings }) => spellings[0]);
  faults.push(...unknown.slice(0, mostUnknownNamed).map((at) => unknownFault(columns[at], at, missing)));
  if (unknown.length > mostUnknownNamed) {
    faults.push({ message: `${unknown.length - mostUnknownNamed} more columns are unknown` });
  }
  faults.push(...missing.map((name) => ({ path: name, message: 'is missing' })));
  if (faults.length > 0) throw new HeaderMismatchError(contract.detector, faults);
  const labelAt = kindOf(contract).columns.length;
  const splitAt = splitColumns(contract).map(({ name }) => places[targets.get(foldName(name))!]);
  return {
    columns: places.slice(0, labelAt),
    label: places[labelAt],
    ...(splitAt.length > 0 && { split: splitAt }),
    ...(leftOut.length > 0 && { leftOut }),
  };
}

/** Why a column that is none of the contract's may pass; undefined where it may not. */
function reasonsToLeaveOut(
  { input: { drop = {}, unknownColumns } }: Contract,
  { ignoreColumns }: BindingRules,
): (column: string) => string | undefined {
  const reasons = new Map([
    ...ignoreColumns.map((column) => [foldName(column), 'as asked'] as const),
    ...Object.entries(drop).map(([column, why]) => [foldName(column), why] as const),
  ]);
  const otherwise = unknownColumns === 'ignore' ? 'unknown to the contract' : undefined;
  return (column) => reasons.get(foldName(column)) ?? otherwise;
}

interface WantedColumn {
  /** Its name, then its aliases. */
  readonly spellings: readonly string[];
  readonly required: boolean;
}

/** The record's columns, the label, and the split columns that are none of the record's. */
function wantedColumns(contract: Contract, rules: BindingRules): WantedColumn[] {
  const labelled = rules.label === 'required';
  const { column, aliases } = contract.label;
  const ofRecord = kindOf(contract).columns;
  return [
    ...ofRecord.map((known) => ({ spellings: [known.name, ...known.aliases], required: !known.optional })),
    { spellings: [column, ...aliases], required: labelled },
    ...separateSplitColumns(contract).map(({ name }) => ({ spellings: [name], required: labelled })),
  ];
}

function unknownFault(column: string, at: number, missing: readonly string[]): InputFault {
  if (column.trim() === '') return { path: nameOf(column, at), message: 'has no name' };
  const nearest = nearestName(column, missing);
  return { path: column, message: nearest ? `is unknown; did you mean ${nearest}?` : 'is unknown' };
}

function nameOf(column: string, at: number): string {
  return column.trim() === '' ? `column ${at + 1}` : column;
}
