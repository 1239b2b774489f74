import { CsvRows } from './csv-rows.js';
import type { Format } from './format.js';
import { hasFault, type Line, readLines } from './lines.js';
import { ReaderError } from './reader.errors.js';
import type { ReadRow } from './row.js';

/**
 * Attribute-relation files, as Weka writes them: the names of the columns stand in lines of their own, the rows behind
 * `@data` (https://waikato.github.io/weka-wiki/formats_and_processing/arff_stable/).
 */
export const arff: Format = {
  recognises: (head) => /^\s*(?:%[^\r\n]*[\r\n]\s*)*@relation\b/i.test(head.text),

  async open(text, { maxRowBytes }) {
    const lines = readLines(text.utf8(), maxRowBytes, text.fallback);
    const { columns, rest } = await readHeader(lines);
    // Weka quotes with apostrophes and reads both.
    const quote = /@data[^'"]*"/i.test(text.head.text) ? '"' : "'";
    const rows = new CsvRows(',', maxRowBytes, { quote });
    rows.expect(columns);
    return { columns, delimiter: ',', batches: readBatches(rest, lines, rows) };
  },
};

/** The names of the columns, and the lines of rows that came with the last of them. */
async function readHeader(lines: AsyncGenerator<Line[]>): Promise<{ columns: string[]; rest: Line[] }> {
  const columns: string[] = [];
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    for (const [i, line] of next.value.entries()) {
      if (/^\s*@data\s*$/i.test(line.text)) return { columns, rest: next.value.slice(i + 1) };
      if (/^\s*@attribute\b/i.test(line.text)) columns.push(nameOf(line));
    }
  }
  throw new ReaderError('BAD_HEADER', 'The ARFF file has no line @data, behind which its rows stand.');
}

/** @throws ReaderError */
function nameOf({ number, text }: Line): string {
  const name = /^\s*@attribute\s+(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s{]+))/i.exec(text);
  if (!name) throw new ReaderError('BAD_HEADER', `Line ${number} of the ARFF file names no attribute.`);
  return (name[1] ?? name[2] ?? name[3]).replace(/\\(.)/g, '$1').trim();
}

async function* readBatches(
  first: Line[],
  others: AsyncIterable<Line[]>,
  rows: CsvRows,
): AsyncGenerator<ReadRow[], void> {
  yield rows.read(rowLines(first));
  for await (const batch of others) yield rows.read(rowLines(batch));
  yield rows.end();
}

/** Without comments. @throws ReaderError for sparse rows, which name the places of their values */
function rowLines(lines: readonly Line[]): Line[] {
  const sparse = lines.find((line) => !hasFault(line) && /^\s*\{/.test(line.text));
  if (!sparse) return lines.filter(({ text }) => !/^\s*%/.test(text));
  throw new ReaderError(
    'UNKNOWN_FORMAT',
    `Line ${sparse.number} of the ARFF file is sparse, which is not read. Write it with all values, or as CSV.`,
  );
}
