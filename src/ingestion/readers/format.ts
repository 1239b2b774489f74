import type { ReadRow } from './row.js';
import type { Head, TextSource } from './text-source.js';

/** How a format is to be read. */
export interface ReadOptions {
  /** One character; recognised from the first lines when absent. CSV only. */
  readonly delimiter?: string;
  readonly maxRowBytes: number;
  /** Limit of the formats that can only be read whole. */
  readonly maxDocumentBytes: number;
  readonly lineColumn?: LineColumn;
  /** The columns of a CSV without a header. */
  readonly columns?: readonly string[];
  /** Whether a column of this name is one of the contract's: by one of them a header is known as such. */
  readonly isKnown?: (name: string) => boolean;
}

/** The column of addresses of which an input without a header holds one a line. */
export interface LineColumn {
  readonly name: string;
  /** All its names, for people. */
  readonly spellings: readonly string[];
  /** Whether a text is a label of the contract's: a line that ends with one is a row of a table. */
  readonly isLabel: (text: string) => boolean;
}

/** What the beginning of an input is recognised by. */
export type RecogniseOptions = Pick<ReadOptions, 'delimiter' | 'lineColumn' | 'isKnown'>;

/** An input with its header read. */
export interface OpenedRows {
  /** The header; null where each row names its own values. */
  readonly columns: string[] | null;
  readonly delimiter: string | null;
  /** The rows in the groups in which they arrive. */
  readonly batches: AsyncIterable<ReadRow[]>;
}

/** One kind of input. A new one is a file that exports a `Format` and a line in `formats.ts`. */
export interface Format {
  /** Whether an input that begins so, blanks skipped, is of this format. */
  recognises(head: Head, options: RecogniseOptions): boolean;
  /** Reads up to the first row. @throws ReaderError when what comes is no input of this format. */
  open(text: TextSource, options: ReadOptions): Promise<OpenedRows>;
}
