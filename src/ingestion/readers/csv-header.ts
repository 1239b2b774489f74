import { ReaderError } from './reader.errors.js';
import type { ReadRow } from './row.js';

/** What is wrong with a header by itself, whatever the contract asks for. */
export interface HeaderFaults {
  /** Positions of columns without a name, 1-based. */
  readonly unnamed: number[];
  /** Names that stand more than once, each listed once. */
  readonly duplicated: string[];
}

export function headerFaults(columns: readonly string[]): HeaderFaults {
  return {
    unnamed: columns.flatMap((name, i) => (name === '' ? [i + 1] : [])),
    duplicated: [...new Set(columns.filter((name, i) => name !== '' && columns.indexOf(name) !== i))],
  };
}

/** Column names of the first row. @throws ReaderError `LINE_TOO_LONG` or `BAD_HEADER`. */
export function readHeader(row: ReadRow): string[] {
  if (row.problem === undefined && Array.isArray(row.values)) return row.values.map((name) => name.trim());
  if (row.problem !== undefined && row.code === 'ROW_TOO_LONG') {
    throw new ReaderError(
      'LINE_TOO_LONG',
      `The header (line ${row.line}) is ${row.problem}. Check that the file is CSV with line ends, or name its format.`,
    );
  }
  throw new ReaderError(
    'BAD_HEADER',
    `The header (line ${row.line}) cannot be read: ${row.problem ?? 'it is no list of names'}. The first line must name the columns.`,
  );
}
