import { Readable } from 'node:stream';
import { openReader, type ReaderOptions, type ReadRow } from './reader.js';

const labels = new Set(['0', '1', 'legitimate', 'phishing']);
const lineColumn = {
  name: 'url',
  spellings: ['url', 'domain'],
  isLabel: (text: string) => labels.has(text.trim().toLowerCase()),
};
const isKnown = (name: string): boolean => ['url', 'domain', 'label'].includes(name.trim().toLowerCase());

async function read(
  text: string | Buffer,
  options: ReaderOptions = { lineColumn, isKnown },
): Promise<{ format: string; columns: string[] | null; rows: ReadRow[] }> {
  const reader = await openReader(Readable.from([Buffer.from(text)]), options);
  const rows: ReadRow[] = [];
  for await (const row of reader.rows()) rows.push(row);
  return { format: reader.format, columns: reader.columns, rows };
}

describe('a list without a header', () => {
  it('is one value a line, whatever commas and quotes it holds', async () => {
    const { format, columns, rows } = await read('http://a.example/?q=1,2\n\n  "b.example"\r\nc.example/;x');
    expect({ format, columns }).toEqual({ format: 'lines', columns: ['url'] });
    expect(rows.map(({ line, values }) => [line, values])).toEqual([
      [1, ['http://a.example/?q=1,2']],
      [3, ['b.example']],
      [4, ['c.example/;x']],
    ]);
  });

  it.each([
    ['a header with the column', 'id,URL\n1,a.example\n', 'csv'],
    ['a header with an alias in quotes', '"domain";"label"\na.example;1\n', 'csv'],
    ['objects', '{"url":"a.example"}\n{"url":"b.example"}\n', 'ndjson'],
    ['an array', '[{"url":"a.example"}]', 'json'],
  ])('is not %s', async (_, text, format) => {
    expect((await read(text)).format).toBe(format);
  });

  it('is taken for CSV where no column is named for it', async () => {
    expect((await read('a.example\nb.example\n', {})).format).toBe('csv');
  });

  it('reports a line too long and goes on', async () => {
    const { rows } = await read(`a.example\n${'x'.repeat(200)}\nb.example\n`, {
      lineColumn,
      isKnown,
      maxRowBytes: 100,
    });
    expect(rows.map(({ line, problem }) => [line, problem])).toEqual([
      [1, undefined],
      [2, 'longer than 100 bytes'],
      [3, undefined],
    ]);
  });
});

describe('text that is not UTF-8', () => {
  const text = Buffer.from('url,label\ncaf\xe9.example,1\n\u0080.example,0\n', 'latin1');
  const utf8 = Buffer.from('caf\u00e9.example,0\n');

  it('is read line by line as what it may be taken for', async () => {
    const { rows } = await read(Buffer.concat([text, utf8]), { fallbackEncoding: 'latin1' });
    expect(rows.map(({ values }) => (values as string[])[0])).toEqual([
      'caf\u00e9.example',
      '\u0080.example',
      'caf\u00e9.example',
    ]);
  });

  it('is refused without that', async () => {
    await expect(read(text, {})).rejects.toThrow('not UTF-8: byte 13 is invalid');
  });
});
