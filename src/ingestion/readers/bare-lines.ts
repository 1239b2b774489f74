import type { Format } from './format.js';
import { hasFault, type Line, lineProblem, readLines } from './lines.js';
import { addressesOf, isList } from './list-shape.js';
import { cutRaw, type ReadRow } from './row.js';
import { tableStart } from './table-start.js';

/** One value a line and no header: a list of addresses as people keep and pipe them, or a hosts file. */
export const bareLines: Format = {
  recognises(head, options) {
    const { lineColumn } = options;
    if (lineColumn === undefined || /^[{[](?!\S*:\S*\])/.test(head.text.trimStart())) return false;
    const { preamble, header } = tableStart(head, options);
    return preamble.delimiter === null && header === null && isList(head, lineColumn);
  },

  open(text, { maxRowBytes, lineColumn }) {
    const lines = readLines(text.utf8(), maxRowBytes, text.fallback);
    return Promise.resolve({
      columns: [lineColumn?.name ?? 'line'],
      delimiter: null,
      batches: readBatches(lines, maxRowBytes),
    });
  },
};

async function* readBatches(
  lines: AsyncIterable<Line[]>,
  maxRowBytes: number,
): AsyncGenerator<ReadRow[], void> {
  for await (const batch of lines) yield batch.flatMap((line) => rowsOf(line, maxRowBytes));
}

function rowsOf(line: Line, maxRowBytes: number): ReadRow[] {
  if (hasFault(line)) return [lineProblem(line, maxRowBytes)];
  if (line.text.trim() === '') return [];
  return addressesOf(line.text).map((address) => ({
    line: line.number,
    values: [address],
    raw: cutRaw(line.text),
  }));
}
