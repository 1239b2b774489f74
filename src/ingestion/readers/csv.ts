import { checkDelimiter, detectDelimiter } from './csv-delimiter.js';
import { readHeader } from './csv-header.js';
import { CsvRows } from './csv-rows.js';
import type { Format } from './format.js';
import { type Line, readLines } from './lines.js';
import { ReaderError } from './reader.errors.js';
import type { ReadRow } from './row.js';

/** Comma-separated values and their kin, RFC 4180, with a header unless their columns are known. */
export const csv: Format = {
  // Anything may be CSV but a page of HTML or XML, which is what a failed download leaves behind.
  recognises: (head) => !head.text.trimStart().startsWith('<'),

  async open(text, options) {
    const delimiter = checkDelimiter(options.delimiter ?? detectDelimiter(text.head));
    const lines = readLines(text.utf8(), options.maxRowBytes, text.fallback);
    const batches = readBatches(lines, new CsvRows(delimiter, options.maxRowBytes));
    const first = await batches.next();
    if (first.done)
      throw new ReaderError('EMPTY_INPUT', 'The input holds blank lines only. Send a header and rows.');
    const [header, ...rows] = first.value;
    if (options.columns && !isHeader(header, options.columns)) {
      const cells = Array.isArray(header.values) ? header.values.length : options.columns.length;
      const columns = options.columns.slice(0, cells);
      return { columns, delimiter, batches: prepend(first.value, batches) };
    }
    return { columns: readHeader(header), delimiter, batches: prepend(rows, batches) };
  },
};

/** Whether most cells of a first row are names of columns; a value of a category may be one by chance. */
function isHeader({ values }: ReadRow, columns: readonly string[]): boolean {
  if (!Array.isArray(values)) return false;
  const names = new Set(columns.map((name) => name.toLowerCase()));
  const known = values.filter((cell: string) => names.has(cell.trim().toLowerCase()));
  return known.length * 2 > values.length;
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
