import type { InputFault } from '../../common/errors.js';
import { nearestName } from '../../common/nearest-name.js';
import { type Contract, foldName, splitColumns } from '../contract.js';
import { HeaderMismatchError } from '../detector.errors.js';
import { kindOf, separateSplitColumns } from '../kinds.js';
import type { LabelWords } from './cells.js';

export interface BindingRules {
  /** `required`, like the split columns, of labelled data; both `ignored` when rows are only scored. */
  readonly label: 'required' | 'ignored';
  /** Unknown columns that may pass. */
  readonly ignoreColumns: readonly string[];
  /** What labels mean in this input, where they mean something else than in the contract. */
  readonly labels?: LabelWords;
}

/** A column of an input that is read over. */
export interface LeftOutColumn {
  readonly column: string;
  readonly why: string;
}

/** A column of an input that is called otherwise than in the contract. */
export interface ReadColumn {
  /** The contract's. */
  readonly name: string;
  /** The input's. */
  readonly column: string;
}

/** Where a row holds each value of the record and the label. */
export interface ColumnBinding {
  /** Index in the row, one a column of the detector's records. */
  readonly columns: readonly number[];
  /** Index of the label; -1 when there is none. */
  readonly label: number;
  /** Index of each of the contract's split columns; -1 where there is none. Absent where the contract has none. */
  readonly split?: readonly number[];
  /** Absent where all are called as in the contract. */
  readonly renamed?: readonly ReadColumn[];
  /** Absent where every column is read. */
  readonly leftOut?: readonly LeftOutColumn[];
}

/** An input may have any number of columns that are unknown, and to look for the name that each was meant to be takes time. */
const mostUnknownNamed = 100;

/**
 * Matches an input's columns with the contract's, by name or alias. Of several columns that are one of the contract's,
 * that with the spelling that the contract has first is read; the others are left out.
 * @throws HeaderMismatchError naming every missing, unknown and duplicated column.
 */
export function bindColumns(
  contract: Contract,
  columns: readonly string[],
  rules: BindingRules,
): ColumnBinding {
  const wanted = wantedColumns(contract, rules);
  const targets = spellingsOf(wanted);
  const whyLeftOut = reasonsToLeaveOut(contract, rules);
  const places = wanted.map((): Place | null => null);
  const faults: InputFault[] = [];
  const unknown: number[] = [];
  const leftOut: LeftOutColumn[] = [];
  const lastNamed = columns.findLastIndex((column) => column.trim() !== '');

  columns.forEach((column, at) => {
    const known = targets.get(foldName(column));
    if (!known) {
      // An index that was written out has no name, and spare delimiters make columns without one at the end.
      const isSpare = column.trim() === '' && (at === 0 || at > lastNamed);
      const why = isSpare ? 'has no name' : whyLeftOut(column);
      if (why === undefined) unknown.push(at);
      else leftOut.push({ column: nameOf(column, at), why });
      return;
    }
    const { target, rank } = known;
    const other = places[target];
    if (other && wanted[target].isReadOver) return;
    if (other?.rank === rank) {
      faults.push({ path: column, message: `is the same column as '${columns[other.at]}'` });
    } else if (other === null || rank < other.rank) {
      if (other) leftOut.push(insteadOf(columns[other.at], column));
      places[target] = { at, rank };
    } else leftOut.push(insteadOf(column, columns[other.at]));
  });

  const missing = wanted.filter(({ required }, target) => required && places[target] === null);
  const names = missing.map(({ spellings }) => spellings[0]);
  faults.push(...unknown.slice(0, mostUnknownNamed).map((at) => unknownFault(columns[at], at, names)));
  if (unknown.length > mostUnknownNamed) {
    faults.push({ message: `${unknown.length - mostUnknownNamed} more columns are unknown` });
  }
  faults.push(...missing.map(missingFault));
  if (missing.length > 0 && leftOut.length > 0) {
    const names = leftOut.slice(0, mostUnknownNamed).map(({ column }) => column);
    faults.push({ message: `read over: ${names.join(', ')}` });
  }
  if (faults.length > 0) throw new HeaderMismatchError(contract.detector, faults);
  const labelAt = kindOf(contract).columns.length;
  const at = (target: number): number => places[target]?.at ?? -1;
  const splitAt = splitColumns(contract).map(({ name }) => at(targets.get(foldName(name))!.target));
  const renamed = wanted.flatMap(({ spellings: [name], isReadOver }, target): ReadColumn[] => {
    const column = places[target] && columns[places[target].at];
    return column === null || isReadOver || column === name ? [] : [{ name, column }];
  });
  return {
    columns: places.slice(0, labelAt).map((_, target) => at(target)),
    label: at(labelAt),
    ...(splitAt.length > 0 && { split: splitAt }),
    ...(renamed.length > 0 && { renamed }),
    ...(leftOut.length > 0 && { leftOut }),
  };
}

/** All names, in the form in which they compare, by which an input's column may be one of the contract's. */
export function knownNames(contract: Contract): ReadonlySet<string> {
  return new Set(spellingsOf(wantedColumns(contract, { label: 'required' })).keys());
}

interface Place {
  readonly at: number;
  /** Of the column's spelling among those that the contract has for it. */
  readonly rank: number;
}

function spellingsOf(wanted: readonly WantedColumn[]): Map<string, { target: number; rank: number }> {
  return new Map(
    wanted.flatMap(({ spellings }, target) =>
      // Two spellings may compare equal: the first of them counts.
      spellings.map((name, rank) => [foldName(name), { target, rank }] as const).reverse(),
    ),
  );
}

function insteadOf(column: string, read: string): LeftOutColumn {
  return { column, why: `'${read}' is read instead` };
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
  /** Whether nothing is made of it, however often it stands there. */
  readonly isReadOver?: boolean;
}

/** The record's columns, the label, and the split columns that are none of the record's. */
function wantedColumns(contract: Contract, rules: Pick<BindingRules, 'label'>): WantedColumn[] {
  const labelled = { required: rules.label === 'required', isReadOver: rules.label === 'ignored' };
  const { column, aliases } = contract.label;
  const ofRecord = kindOf(contract).columns;
  return [
    ...ofRecord.map((known) => ({ spellings: [known.name, ...known.aliases], required: !known.optional })),
    { spellings: [column, ...aliases], ...labelled },
    ...separateSplitColumns(contract).map(({ name }) => ({ spellings: [name], ...labelled })),
  ];
}

function missingFault({ spellings: [name, ...aliases] }: WantedColumn): InputFault {
  return {
    path: name,
    message: aliases.length === 0 ? 'is missing' : `is missing; known as ${aliases.join(', ')} as well`,
  };
}

function unknownFault(column: string, at: number, missing: readonly string[]): InputFault {
  if (column.trim() === '') return { path: nameOf(column, at), message: 'has no name' };
  const nearest = nearestName(column, missing);
  return { path: column, message: nearest ? `is unknown; did you mean ${nearest}?` : 'is unknown' };
}

function nameOf(column: string, at: number): string {
  return column.trim() === '' ? `column ${at + 1}` : column;
}
