import { checkDelimiter, detectDelimiter } from './csv-delimiter.js';
import type { Format, LineColumn } from './format.js';
import { hasFault, type Line, lineProblem, readLines } from './lines.js';
import { cutRaw, type ReadRow } from './row.js';
import type { Head } from './text-source.js';

/** One value a line and no header: a list of addresses as people keep and pipe them. */
export const bareLines: Format = {
  // Such a list shows only by what it lacks, a header with the name of its column.
  recognises: (head, { lineColumn }) => lineColumn !== undefined && !hasHeader(head, lineColumn),

  open(text, { maxRowBytes, lineColumn }) {
    const lines = readLines(text.utf8(), maxRowBytes, text.fallback);
    return Promise.resolve({
      columns: [lineColumn?.name ?? 'line'],
      delimiter: null,
      batches: readBatches(lines, maxRowBytes),
    });
  },
};

function hasHeader(head: Head, { spellings }: LineColumn): boolean {
  const first = head.text.trimStart().split(/\r?\n|\r/, 1)[0];
  if (/^[{[]/.test(first)) return true;
  const names = first.split(checkDelimiter(detectDelimiter(head))).map((name) => name.replaceAll('"', ''));
  return names.some((name) => spellings.includes(name.trim().toLowerCase()));
}

async function* readBatches(
  lines: AsyncIterable<Line[]>,
  maxRowBytes: number,
): AsyncGenerator<ReadRow[], void> {
  for await (const batch of lines) {
    yield batch
      .filter((line) => hasFault(line) || line.text.trim() !== '')
      .map((line) =>
        hasFault(line)
          ? lineProblem(line, maxRowBytes)
          : { line: line.number, values: [line.text], raw: cutRaw(line.text) },
      );
  }
}
