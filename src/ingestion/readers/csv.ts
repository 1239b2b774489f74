import { checkDelimiter, detectDelimiter } from './csv-delimiter.js';
import { readHeader } from './csv-header.js';
import { CsvRows } from './csv-rows.js';
import type { Format } from './format.js';
import { type Line, readLines } from './lines.js';
import { ReaderError } from './reader.errors.js';
import type { ReadRow } from './row.js';

/** Comma-separated values and their kin, RFC 4180, with a header. */
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
    return { columns: readHeader(header), delimiter, batches: prepend(rows, batches) };
  },
};

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
