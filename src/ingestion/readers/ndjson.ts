import { parseJson } from '../../common/json-text.js';
import type { Format, LineColumn } from './format.js';
import { hasFault, type Line, lineProblem, readLines } from './lines.js';
import { cutRaw, type ReadRow } from './row.js';

/** One JSON object a line. */
export const ndjson: Format = {
  recognises: (head) => head.text.trimStart().startsWith('{'),

  open(text, { maxRowBytes }) {
    const lines = readLines(text.utf8(), maxRowBytes, text.fallback);
    return Promise.resolve({ columns: null, delimiter: null, batches: readBatches(lines, maxRowBytes) });
  },
};

async function* readBatches(lines: AsyncIterable<Line[]>, maxRowBytes: number): AsyncGenerator<ReadRow[]> {
  for await (const batch of lines) {
    yield batch
      .filter((line) => line.text.trim() !== '')
      .map((line) => (hasFault(line) ? lineProblem(line, maxRowBytes) : readObject(line.number, line.text)));
  }
}

/** What a value of JSON may begin with. */
const beginning = /^\s*(?:[{["\-\d]|true|false|null)/;

function readObject(line: number, text: string): ReadRow {
  // To raise an error takes as long as to read ten lines, and the lines of a file of another kind all raise one.
  if (!beginning.test(text)) {
    return {
      line,
      code: 'NOT_AN_OBJECT',
      problem: 'not a JSON object: it does not begin as one',
      raw: cutRaw(text),
    };
  }
  try {
    return recordRow(line, parseJson(text), text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { line, code: 'NOT_AN_OBJECT', problem: `not a JSON object: ${error.message}`, raw: cutRaw(text) };
  }
}

/** The row of a parsed value, or the problem that it is no record: a text is one where there is one column alone. */
export function recordRow(line: number, value: unknown, text: string, lineColumn?: LineColumn): ReadRow {
  const raw = cutRaw(text);
  if (isObject(value)) return { line, values: value, raw };
  if (lineColumn && typeof value === 'string') return { line, values: { [lineColumn.name]: value }, raw };
  const kind = Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`;
  return { line, code: 'NOT_AN_OBJECT', problem: `not a JSON object but ${kind}`, raw };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
