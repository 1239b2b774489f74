import { isUtf8 } from 'node:buffer';
import { jsonLimits, JsonShapeError, parseJson } from '../../common/json-text.js';
import type { Format, LineColumn } from './format.js';
import { arrayElements, valueStart } from './json-elements.js';
import { recordRow } from './ndjson.js';
import { ReaderError } from './reader.errors.js';
import { rawLength, type ReadRow } from './row.js';
import { firstInvalidByte, type Head, notUtf8, type TextSource } from './text-source.js';

/** Rows made at a time. */
const batchRows = 1000;
/** A document holds all its records at once. */
const documentLimits = { ...jsonLimits, containers: 1_000_000 };

/** A JSON document, read whole: an array of records, or an object with such an array as `records`. */
export const json: Format = {
  recognises,

  async open(text, { maxDocumentBytes, lineColumn }) {
    const document = await readDocument(text, maxDocumentBytes);
    const records = findRecords(parse(document), document);
    return { columns: null, delimiter: null, batches: readBatches(document, records, lineColumn) };
  },
};

interface Records {
  readonly values: readonly unknown[];
  /** Where the array begins in the document. */
  readonly start: number;
}

/** Tells a document that begins with `{` from NDJSON, whose first line is a whole object. */
function recognises({ text, complete }: Head): boolean {
  const start = text.trimStart();
  // An IPv6 address begins with a bracket, too.
  if (start.startsWith('[')) return !/^\[[\da-f]*:[\da-f:.%]*\]/i.test(start);
  if (!start.startsWith('{')) return false;
  if (/^\{\s*"records"\s*:\s*\[/.test(start)) return true;
  const [firstLine, ...others] = start.split(/\r\n|\n|\r/);
  const oneLine = others.every((line) => line.trim() === '');
  if (oneLine) return /[{,]\s*"records"\s*:\s*\[/.test(firstLine) && (!complete || hasRecords(firstLine));
  return !firstLine.trimEnd().endsWith('}');
}

function hasRecords(text: string): boolean {
  try {
    return recordsOf(parseJson(text)) !== null;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** The `records` array of a document, null when it has none. */
function recordsOf(document: unknown): readonly unknown[] | null {
  if (typeof document !== 'object' || document === null || !Object.hasOwn(document, 'records')) return null;
  const records = (document as { records: unknown }).records;
  return Array.isArray(records) ? (records as readonly unknown[]) : null;
}

async function readDocument(text: TextSource, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of text.utf8()) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new ReaderError(
        'INPUT_TOO_LARGE',
        `A JSON document is read whole and may have ${maxBytes} bytes; this one has more. Use NDJSON (one object a line), which has no limit.`,
      );
    }
    chunks.push(chunk);
  }
  const whole = Buffer.concat(chunks);
  if (!isUtf8(whole)) throw notUtf8(firstInvalidByte(whole));
  return whole.toString('utf8');
}

function parse(document: string): unknown {
  try {
    return parseJson(document, documentLimits);
  } catch (error) {
    if (error instanceof JsonShapeError) {
      throw new ReaderError(
        'UNKNOWN_FORMAT',
        `The JSON document is refused: ${error.message}. One object a line (NDJSON) is read record by record.`,
      );
    }
    if (!(error instanceof SyntaxError)) throw error;
    throw new ReaderError(
      'UNKNOWN_FORMAT',
      `The input begins like a JSON document but is not valid JSON: ${error.message}. Was it cut off? One object a line is read as NDJSON.`,
    );
  }
}

function findRecords(value: unknown, document: string): Records {
  if (Array.isArray(value)) return { values: value, start: document.indexOf('[') };
  const values = recordsOf(value);
  const start = values && valueStart(document, 'records');
  if (values && start !== null) return { values, start };
  throw new ReaderError(
    'UNKNOWN_FORMAT',
    'The JSON document holds no records. Send an array of objects, {"records": [...]}, or one object a line (NDJSON).',
  );
}

// eslint-disable-next-line @typescript-eslint/require-await -- a reader's rows are pulled, also where all are there
async function* readBatches(
  document: string,
  { values, start }: Records,
  lineColumn?: LineColumn,
): AsyncGenerator<ReadRow[]> {
  let batch: ReadRow[] = [];
  let index = 0;
  for (const element of arrayElements(document, start)) {
    const raw = document.slice(element.start, Math.min(element.end, element.start + rawLength));
    batch.push(recordRow(element.line, values[index++], raw, lineColumn));
    if (batch.length === batchRows) {
      yield batch;
      batch = [];
    }
  }
  yield batch;
}
