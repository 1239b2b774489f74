import Papa from 'papaparse';
import type { Contract } from '../detector/contract.js';
import { type ContractRow, isFaulty } from '../ingestion/contract-rows.js';
import type { RowReader } from '../ingestion/readers/reader.js';
import type { CellStyle, VerdictDto } from './prediction.dto.js';

/** A scored row, or what was wrong with it. */
export interface ScoredRow {
  readonly row: ContractRow;
  readonly verdict: VerdictDto | null;
  readonly error: string | null;
}

/** Writes scored rows as text. */
export interface RowWriter {
  readonly header: string;
  row(scored: ScoredRow): string;
  /** The last line of rows that end before their end. */
  failure(error: ScoringFailure): string;
}

/** Why the rows of an answer that has begun end before their end. */
export interface ScoringFailure {
  readonly code: string;
  readonly detail: string;
}

const addedColumns = ['verdict', 'probability', 'model_version', 'error'];

/**
 * A cell that a spreadsheet takes for a formula (OWASP, CSV injection). A number is none: it may begin with a sign.
 */
const formula = /^(?:[=@\t\r]|[+-](?!(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$))/i;

/** The input's columns as they came, then the verdict's. Records without a header give the contract's features. */
export function csvWriter(
  { columns, delimiter }: RowReader,
  contract: Contract,
  cellStyle: CellStyle = 'defused',
): RowWriter {
  const options = {
    delimiter: delimiter ?? ',',
    ...(cellStyle === 'defused' && { escapeFormulae: formula }),
  };
  const names = columns ?? contract.features.map(({ name }) => name);
  const write = (cells: readonly unknown[]): string => `${Papa.unparse([[...cells]], options)}\n`;
  const cellsOf = ({ source, raw, parsed }: ScoredRow['row']): readonly unknown[] => {
    if (Array.isArray(source)) return source;
    if (source === undefined) return [raw, ...names.slice(1).map(() => '')];
    // A record may spell its keys by alias or in another case; its values stand in the contract's order.
    return isFaulty(parsed) ? names.map((name) => source[name]) : parsed.item.values;
  };
  return {
    header: write([...names, ...addedColumns]),
    row: ({ row, verdict, error }) =>
      write([...cellsOf(row), verdict?.verdict, verdict?.probability, verdict?.model.version, error]),
    failure: ({ code, detail }) =>
      write([...names.map(() => ''), '', '', '', `${code}: the answer ends here. ${detail}`]),
  };
}

/** One object a row: the line, the record as it came, and the verdict or the error. */
export function ndjsonWriter({ columns }: RowReader): RowWriter {
  return {
    header: '',
    row: ({ row: { line, source, raw }, verdict, error }) => {
      const record =
        source && columns
          ? Object.fromEntries(columns.map((name, i) => [name, (source as string[])[i]]))
          : (source ?? raw);
      return `${JSON.stringify(error === null ? { line, record, ...verdict } : { line, record, error })}\n`;
    },
    failure: failureLine,
  };
}

/** The last line of NDJSON that ends before its end. */
export function failureLine({ code, detail }: ScoringFailure): string {
  return `${JSON.stringify({ error: { code, detail } })}\n`;
}
