import { createHash } from 'node:crypto';
import type { LineColumn } from './format.js';
import { recordRow } from './ndjson.js';
import type { RowReader } from './reader.js';
import type { ReadRow } from './row.js';

/**
 * Rows of records that are parsed already, such as those of a JSON request body. Their line is their
 * place, 1-based; bytes and digest are those of the records written as one JSON array.
 */
export function recordsReader(records: readonly unknown[], lineColumn?: LineColumn): RowReader {
  const text = JSON.stringify(records);
  const rows = readRows(records, lineColumn);
  return {
    format: 'json',
    encoding: 'utf-8',
    columns: null,
    delimiter: null,
    bytes: Buffer.byteLength(text),
    digest: () => createHash('sha256').update(text).digest('hex'),
    rows: () => rows,
    close: () => Promise.resolve(),
  };
}

// eslint-disable-next-line @typescript-eslint/require-await -- a reader's rows are pulled, also where all are there
async function* readRows(
  records: readonly unknown[],
  lineColumn?: LineColumn,
): AsyncGenerator<ReadRow, void, undefined> {
  for (const [i, record] of records.entries()) {
    yield recordRow(i + 1, record, JSON.stringify(record), lineColumn);
  }
}
