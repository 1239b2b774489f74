import Papa from 'papaparse';
import { type Contract, foldName } from '../detector/contract.js';
import { kindOf } from '../detector/kinds.js';
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
const added = new Set(addedColumns.map(foldName));

/**
 * A cell that a spreadsheet takes for a formula (OWASP, CSV injection). A number is none: it may begin with a sign.
 */
const formula = /^(?:[=@\t\r]|[+-](?!(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$))/i;

/**
 * The input's columns as they came, then the verdict's. Records without a header give the contract's features. Columns of
 * an input that was scored before give way to those of this verdict.
 */
export function csvWriter(
  { columns, delimiter }: RowReader,
  contract: Contract,
  cellStyle: CellStyle = 'defused',
): RowWriter {
  const options = {
    delimiter: delimiter ?? ',',
    ...(cellStyle === 'defused' && { escapeFormulae: formula }),
  };
  const all = columns ? namesOnce(columns) : kindOf(contract).columns.map(({ name }) => name);
  // Spare delimiters at the end of a header name no column.
  const end = columns ? 1 + columns.findLastIndex((name) => name !== '') : all.length;
  const kept = all.slice(0, end).flatMap((name, i) => (added.has(foldName(name)) ? [] : [i]));
  const write = (cells: readonly unknown[]): string => `${Papa.unparse([[...cells]], options)}\n`;
  const cellsOf = ({ source, raw, parsed }: ScoredRow['row']): readonly unknown[] => {
    if (Array.isArray(source)) return kept.map((i) => source[i]);
    if (source === undefined) return [raw, ...kept.slice(1).map(() => '')];
    // A record may spell its keys by alias or in another case; its values stand in the contract's order.
    const values = isFaulty(parsed) ? all.map((name) => source[name]) : parsed.item.values;
    return kept.map((i) => values[i]);
  };
  return {
    header: write([...kept.map((i) => all[i]), ...addedColumns]),
    row: ({ row, verdict, error }) =>
      write([...cellsOf(row), verdict?.verdict, verdict?.probability, verdict?.model.version, error]),
    failure: ({ code, detail }) =>
      write([...kept.map(() => ''), '', '', '', `${code}: the answer ends here. ${detail}`]),
  };
}

/** One object a row: the line, the record as it came, and the verdict or the error. */
export function ndjsonWriter({ columns }: RowReader): RowWriter {
  const names = columns && namesOnce(columns);
  return {
    header: '',
    row: ({ row: { line, source, raw }, verdict, error }) => {
      const record =
        source && names
          ? Object.fromEntries(names.map((name, i) => [name, (source as string[])[i]]))
          : (source ?? raw);
      return `${JSON.stringify(error === null ? { line, record, ...verdict } : { line, record, error })}\n`;
    },
    failure: failureLine,
  };
}

/** Names of columns, each once: a second `note` is `note.1`, as pandas calls it, and one without a name goes by its place. */
function namesOnce(columns: readonly string[]): string[] {
  const taken = new Set(columns);
  const given = new Set<string>();
  return columns.map((column, i) => {
    let name = column === '' ? `column ${i + 1}` : column;
    for (let k = 1; given.has(name) || (name !== column && taken.has(name)); k++) name = `${column}.${k}`;
    given.add(name);
    return name;
  });
}

/** The last line of NDJSON that ends before its end. */
export function failureLine({ code, detail }: ScoringFailure): string {
  return `${JSON.stringify({ error: { code, detail } })}\n`;
}
