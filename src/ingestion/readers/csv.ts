import { readHeader } from './csv-header.js';
import { CsvRows } from './csv-rows.js';
import type { Format, ReadOptions } from './format.js';
import { type Line, readLines } from './lines.js';
import { looksLikeAddress } from './list-shape.js';
import { ReaderError } from './reader.errors.js';
import type { ReadRow } from './row.js';
import { tableStart } from './table-start.js';

/** Comma-separated values and their kin, RFC 4180, with a header unless their columns are known. */
export const csv: Format = {
  // Anything may be CSV but a page of HTML or XML, which is what a failed download leaves behind.
  recognises: (head) => !head.text.trimStart().startsWith('<'),

  async open(text, options) {
    const { isKnown = () => false } = options;
    const { preamble, delimiter, header: found } = tableStart(text.head, options);
    const rows = new CsvRows(delimiter, options.maxRowBytes, {
      // What is a comment before the rows is one between them; a column alone can hold nothing that begins so.
      comments: preamble.comments.length > 0 || delimiter === null,
      needed: (columns) => neededCells(columns, isKnown),
    });
    const lines = behind(preamble.lines, readLines(text.utf8(), options.maxRowBytes, text.fallback));
    const batches = readBatches(lines, rows);
    if (found !== null && found !== 'row') {
      rows.expect(found.names);
      return { columns: [...found.names], delimiter, batches };
    }
    const first = await batches.next();
    if (first.done)
      throw new ReaderError('EMPTY_INPUT', 'The input holds no rows. Send a header and rows behind it.');
    const [header, ...others] = first.value;
    if (options.columns && !isHeader(header, options.columns, isKnown)) {
      const cells = Array.isArray(header.values) ? header.values.length : options.columns.length;
      const columns = options.columns.slice(0, cells);
      return { columns, delimiter, batches: prepend(first.value, batches) };
    }
    const columns = readHeader(header);
    if (found === null) refuseValues(columns, options);
    return { columns, delimiter, batches: prepend(others, batches) };
  },
};

/** Cells that a row must have: up to the last column that is read, or at least has a name. */
function neededCells(columns: readonly string[], isKnown: (name: string) => boolean): number {
  const lastKnown = columns.findLastIndex(isKnown);
  return 1 + (lastKnown >= 0 ? lastKnown : columns.findLastIndex((name) => name.trim() !== ''));
}

/** Whether most cells of a first row are names of columns; a value of a category may be one by chance. */
function isHeader(
  { values }: ReadRow,
  columns: readonly string[],
  isKnown: (name: string) => boolean,
): boolean {
  if (!Array.isArray(values)) return false;
  const names = new Set(columns.map((name) => name.toLowerCase()));
  const known = values.filter((cell: string) => names.has(cell.trim().toLowerCase()) || isKnown(cell));
  return known.length * 2 > values.length;
}

/** @throws ReaderError where the first row of a table of addresses is one of them and no header */
function refuseValues(columns: readonly string[], { lineColumn }: Pick<ReadOptions, 'lineColumn'>): void {
  const value = lineColumn && columns.find(looksLikeAddress);
  if (!value) return;
  throw new ReaderError(
    'BAD_HEADER',
    `The first row names no columns: it has ${JSON.stringify(value.slice(0, 100))}. Put a header before it; ` +
      `the address is read from a column named ${lineColumn.spellings.join(', ')}. A list of addresses has nothing else in its lines.`,
  );
}

async function* behind(count: number, lines: AsyncIterable<Line[]>): AsyncGenerator<Line[], void> {
  for await (const batch of lines) {
    if (batch[batch.length - 1].number > count) yield batch.filter(({ number }) => number > count);
  }
}

async function* readBatches(lines: AsyncIterable<Line[]>, rows: CsvRows): AsyncGenerator<ReadRow[], void> {
  for await (const batch of lines) {
    const read = rows.read(batch);
    if (read.length > 0) yield read;
  }
  const rest = rows.end();
  if (rest.length > 0) yield rest;
}

async function* prepend<T>(first: T, others: AsyncIterable<T>): AsyncGenerator<T, void> {
  yield first;
  yield* others;
}
