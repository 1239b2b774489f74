import type { LeftOutColumn, ReadColumn } from '../detector/tabular/columns.js';
import type { RowReader } from './readers/reader.js';

/** How an input was read, as far as it is not what everybody expects; empty where it is. */
export interface InputAccount {
  /** Where it is not UTF-8. */
  readonly encoding?: RowReader['encoding'];
  /** Where it is not a comma. */
  readonly delimiter?: string;
  /** Columns of the input that are called otherwise than in the contract. */
  readonly columns?: readonly ReadColumn[];
  /** Columns of the rows so far that are read over. */
  readonly leftOut?: readonly LeftOutColumn[];
}

export function accountOf(
  { encoding, delimiter }: Pick<RowReader, 'encoding' | 'delimiter'>,
  columns: readonly ReadColumn[],
  leftOut: readonly LeftOutColumn[],
): InputAccount {
  return {
    ...(encoding !== 'utf-8' && { encoding }),
    ...(delimiter !== null && delimiter !== ',' && { delimiter }),
    ...(columns.length > 0 && { columns }),
    ...(leftOut.length > 0 && { leftOut }),
  };
}

/** Names of columns that a sentence has. */
const mostNames = 10;

/** The account for a person: no line where there is nothing to say. */
export function describeInput({ encoding, delimiter, columns = [], leftOut = [] }: InputAccount): string[] {
  const reasons = new Map<string, string[]>();
  for (const { column, why } of leftOut) reasons.set(why, [...(reasons.get(why) ?? []), column]);
  const delimiters: Readonly<Record<string, string>> = { '\t': 'tab', ';': 'semicolon', '|': 'bar' };
  return [
    ...(encoding ? [`Encoding: ${encoding}`] : []),
    ...(delimiter ? [`Delimiter: ${delimiters[delimiter] ?? delimiter}`] : []),
    ...(columns.length > 0
      ? [`Read: ${listed(columns.map(({ name, column }) => `${name} from ${column}`))}`]
      : []),
    ...[...reasons].map(([why, names]) => `Left out: ${listed(names)} (${why})`),
  ];
}

function listed(names: readonly string[]): string {
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
  return `${names.slice(0, mostNames).join(', ')}${more}`;
}
