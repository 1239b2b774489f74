import { type ByteInput, ByteSource } from './byte-source.js';
import type { LineColumn, OpenedRows } from './format.js';
import { type FormatName, formatNamed, formatOf } from './formats.js';
import type { FlowLogFormatName } from './flow/flow-formats.js';
import type { ReadRow } from './row.js';
import { type Encoding, type FallbackEncoding, openText } from './text-source.js';

export type { ReadRow } from './row.js';

export interface ReaderOptions {
  /** Recognised from the content when absent; `csv` may turn out to be a list of addresses or an ARFF file. */
  readonly format?: FormatName;
  /** CSV: one character; recognised among comma, semicolon, tab and bar when absent. */
  readonly delimiter?: string;
  /** A longer row is a problem and is never held in memory; 1 MiB when absent. */
  readonly maxRowBytes?: number;
  /** A JSON document, unlike NDJSON, is read whole; 64 MiB when absent. */
  readonly maxDocumentBytes?: number;
  /** What lines are taken to be that are not UTF-8; such a line is a problem when absent. */
  readonly fallbackEncoding?: FallbackEncoding;
  /** The columns of a CSV without a header; the header is asked for when absent. */
  readonly columns?: readonly string[];
  /** The column of addresses of an input that is a list of them; such an input is taken for CSV when absent. */
  readonly lineColumn?: LineColumn;
  /** Whether a column of this name is one of the contract's; none is when absent. */
  readonly isKnown?: (name: string) => boolean;
  /** Called with the bytes received so far, once a chunk. */
  readonly onBytes?: (bytes: number) => void;
}

export interface RowReader {
  readonly format: FormatName | FlowLogFormatName;
  /** What the rows so far were read as. */
  readonly encoding: Encoding;
  /** CSV: the header's names, trimmed, as they are (see `headerFaults`); null for NDJSON and JSON. */
  readonly columns: string[] | null;
  readonly delimiter: string | null;
  /** What there is to say of the input as a whole, for a person; complete once its rows have been read. */
  readonly warnings?: readonly string[];
  /** Bytes received so far. */
  readonly bytes: number;
  /** sha256 of all bytes as received, in hex. @throws Error while rows are left. */
  digest(): string;
  /** The rows, once. Leaving the loop early closes the input; errors of the input come through. */
  rows(): AsyncGenerator<ReadRow, void, undefined>;
  /** Closes an input whose rows are not wanted after all. */
  close(): Promise<void>;
}

const mebibyte = 1024 * 1024;

/**
 * Opens a file, stdin or an upload as rows, in memory bounded by `maxRowBytes` and a few chunks (by
 * `maxDocumentBytes` for a JSON document). The format, encoding and header are known when it resolves.
 *
 * A refused or abandoned `Readable` is destroyed; a server that still has to answer on the same socket
 * passes `request.iterator({ destroyOnReturn: false })`.
 *
 * @throws ReaderError when the input as a whole cannot be read. Later, `rows` throws it only for what the
 * first 64 KiB do not show.
 */
export async function openReader(input: ByteInput, options: ReaderOptions = {}): Promise<RowReader> {
  const source = new ByteSource(input, options.onBytes);
  try {
    const { fallbackEncoding, lineColumn, isKnown } = options;
    const text = await openText(source, fallbackEncoding);
    const format = formatOf(text.head, options.format, options);
    const opened = await formatNamed(format).open(text, {
      delimiter: options.delimiter,
      maxRowBytes: options.maxRowBytes ?? mebibyte,
      maxDocumentBytes: options.maxDocumentBytes ?? 64 * mebibyte,
      lineColumn,
      isKnown,
      columns: options.columns,
    });
    const rows = closing(opened.batches, source);
    return {
      format,
      get encoding() {
        return text.encoding;
      },
      columns: opened.columns,
      delimiter: opened.delimiter,
      get bytes() {
        return source.bytes;
      },
      digest: () => source.digest(),
      rows: () => rows,
      close: () => source.close(),
    };
  } catch (error) {
    await source.close();
    // What cannot be read of half an input might be readable of the whole.
    throw source.failure?.error ?? error;
  }
}

async function* closing(
  batches: OpenedRows['batches'],
  source: ByteSource,
): AsyncGenerator<ReadRow, void, undefined> {
  try {
    for await (const batch of batches) {
      // Not `yield*`: that awaits every row once more.
      for (const row of batch) yield row;
    }
  } finally {
    await source.close();
  }
}
