/** Characters of a row that are kept as it was read. */
export const rawLength = 1000;

/** One row as read: nothing is converted, and nothing is known of the detector yet. */
export interface RawRow {
  /** Physical line on which the row starts, 1-based; blank lines and lines within quotes count. */
  readonly line: number;
  /** CSV: one string a column of the header. NDJSON and JSON: the object as parsed. */
  readonly values: string[] | Record<string, unknown>;
  /** The row's text, cut to `rawLength` characters. */
  readonly raw: string;
  readonly problem?: undefined;
}

export type RowProblemCode =
  'ROW_TOO_LONG' | 'BAD_ENCODING' | 'BAD_QUOTING' | 'WRONG_FIELD_COUNT' | 'NOT_AN_OBJECT' | 'NOT_A_FLOW';

/** One row that could not be read. Reading goes on behind it. */
export interface RowProblem {
  readonly line: number;
  readonly code: RowProblemCode;
  /** What is wrong, for a person; the line number is not repeated in it. */
  readonly problem: string;
  readonly raw: string;
  readonly values?: undefined;
}

export type ReadRow = RawRow | RowProblem;

export function cutRaw(text: string): string {
  return text.length > rawLength ? text.slice(0, rawLength) : text;
}
