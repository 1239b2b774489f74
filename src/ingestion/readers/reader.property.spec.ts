import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { openReader, type ReadRow } from './reader.js';

type Chunks = AsyncGenerator<Buffer>;

// eslint-disable-next-line @typescript-eslint/require-await -- an input is asynchronous by type
async function* split(bytes: Buffer, cuts: readonly number[]): Chunks {
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    yield bytes.subarray(from, cut);
    from = cut;
  }
  yield bytes.subarray(from);
}

async function readAll(
  input: Chunks,
  delimiter?: string,
): Promise<{ columns: string[] | null; rows: ReadRow[] }> {
  const reader = await openReader(input, { delimiter });
  const rows: ReadRow[] = [];
  for await (const row of reader.rows()) rows.push(row);
  return { columns: reader.columns, rows };
}

const encoders: Record<string, (text: string) => Buffer> = {
  'utf-8': (text) => Buffer.from(text),
  'utf-8 with mark': (text) => Buffer.from(`\ufeff${text}`),
  'utf-16le': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'utf-16be': (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
};

const cell = fc.string({
  unit: fc.constantFrom('a', '1', ' ', ',', ';', '\t', '|', '"', '\n', '\r', 'é', '😀', '語'),
});
const table = fc
  .integer({ min: 1, max: 5 })
  .chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
  );
const layout = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  encoding: fc.constantFrom(...Object.keys(encoders)),
  lastLineEnd: fc.boolean(),
  quoteAll: fc.boolean(),
});

function writeRow(cells: readonly string[], delimiter: string, quoteAll: boolean): string {
  const quoted = (text: string): boolean =>
    quoteAll ||
    text.includes(delimiter) ||
    /["\r\n]/.test(text) ||
    (cells.length === 1 && text.trim() === '');
  return cells.map((text) => (quoted(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(delimiter);
}

describe('any table', () => {
  it('written as CSV reads back equal, wherever its bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        layout,
        fc.array(fc.nat()),
        async (cells, { delimiter, lineEnd, ...options }, cuts) => {
          const header = cells[0].map((_, i) => `column ${i}`);
          const lines = [header, ...cells].map((row) => writeRow(row, delimiter, options.quoteAll));
          const bytes = encoders[options.encoding](
            lines.join(lineEnd) + (options.lastLineEnd ? lineEnd : ''),
          );
          const places = cuts.map((cut) => cut % (bytes.length + 1));
          const { columns, rows } = await readAll(split(bytes, places), delimiter);
          expect(columns).toEqual(header);
          expect(rows.map((row) => row.values ?? row.problem)).toEqual(cells);
          const starts = lines.map(
            (_, i) =>
              1 +
              lineEnds(
                lines
                  .slice(0, i)
                  .map((line) => line + lineEnd)
                  .join(''),
              ),
          );
          expect(rows.map((row) => row.line)).toEqual(starts.slice(1));
        },
      ),
      { numRuns: 300 },
    );
  });
});

function lineEnds(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

describe('where an input is cut into chunks', () => {
  const fixture = (name: string): Buffer =>
    readFileSync(new URL(`../../../test/fixtures/${name}`, import.meta.url));

  it.each([
    'ok/utf8-bom-crlf.csv',
    'ok/utf16be-tab.csv',
    'ok/quoted-newlines-and-quotes.csv',
    'ok/objects-a-line.ndjson',
    'ok/records-document-pretty.json',
    'not-ok/quote-never-closed.csv',
    'not-ok/text-behind-closing-quote.csv',
    'not-ok/ragged-rows.csv',
  ])('makes no difference to %s', async (name) => {
    const bytes = fixture(name);
    const whole = await readAll(split(bytes, []));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: bytes.length })), async (cuts) => {
        expect(await readAll(split(bytes, cuts))).toEqual(whole);
      }),
      { numRuns: 50 },
    );
    expect(await readAll(split(bytes, [...bytes.keys()]))).toEqual(whole);
  });

  it('makes no difference behind the first 64 KiB, to sound and broken rows alike', async () => {
    const padding = `a,b\n${`1,${'2'.repeat(4096)}\n`.repeat(16)}`;
    const piece = fc.constantFrom('"', '""', ',', '\n', '\r', '\r\n', 'x', 'é', '😀', '"q\n,"', '1,2\n');
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat()), async (pieces, cuts) => {
        const bytes = Buffer.from(padding + pieces.join(''));
        const places = cuts.map((cut) => padding.length + (cut % (bytes.length - padding.length + 1)));
        const inOne = await readAll(split(bytes, [padding.length]), ',');
        const inMany = await readAll(split(bytes, places), ',');
        expect(inMany.rows).toEqual(inOne.rows);
      }),
      { numRuns: 200 },
    );
  });
});
