import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { openReader, type ReaderOptions, type RowReader } from './reader.js';

const fixture = (name: string): URL => new URL(`../../../test/fixtures/${name}`, import.meta.url);

const open = (input: string | Buffer, options?: ReaderOptions): Promise<RowReader> =>
  openReader(Readable.from([Buffer.from(input)]), options);

function* endless(text: string, chunks = Infinity): Generator<Buffer> {
  for (let i = 0; i < chunks; i++) yield Buffer.from(text);
}

describe('inputs that are refused as a whole, before any row', () => {
  it.each([
    ['not-ok/empty.csv', 'EMPTY_INPUT', 'is empty'],
    ['not-ok/blanks-only.csv', 'EMPTY_INPUT', 'is empty'],
    ['not-ok/byte-order-mark-only.csv', 'EMPTY_INPUT', 'is empty'],
    ['not-ok/windows-1252.csv', 'UNREADABLE_ENCODING', 'byte 27 is invalid'],
    ['not-ok/gzip-named-csv.csv', 'BINARY_INPUT', 'a gzip archive: unpack it first'],
    ['not-ok/zip-named-csv.csv', 'BINARY_INPUT', 'a zip archive or an Excel workbook'],
    ['not-ok/picture-named-csv.csv', 'BINARY_INPUT', 'a PNG picture'],
    ['not-ok/zero-bytes.csv', 'BINARY_INPUT', 'byte 24 is zero'],
    ['not-ok/control-characters.csv', 'BINARY_INPUT', '48 of its first 61 bytes are control characters'],
    ['not-ok/html-page.csv', 'UNKNOWN_FORMAT', 'begins with "<!DOCTYPE html>'],
    [
      'not-ok/header-with-open-quote.csv',
      'BAD_HEADER',
      'line 1) cannot be read: a quoted field is not closed',
    ],
    ['not-ok/cut-off-document.json', 'UNKNOWN_FORMAT', 'is not valid JSON'],
    ['not-ok/document-without-records.json', 'UNKNOWN_FORMAT', 'holds no records'],
  ])('%s is %s', async (name, code, message) => {
    const input = createReadStream(fixture(name));
    await expect(openReader(input)).rejects.toMatchObject({
      name: 'ReaderError',
      code,
      message: expect.stringContaining(message),
    });
    expect(input.destroyed).toBe(true);
  });

  it('an unknown format name', async () => {
    await expect(open('a\n1\n', { format: 'xml' as 'csv' })).rejects.toMatchObject({
      code: 'UNKNOWN_FORMAT',
      message: 'Format "xml" is not known. Use json, ndjson, arff, lines, csv.',
    });
  });

  it('blanks beyond the first 64 KiB', async () => {
    await expect(openReader(Readable.from(endless('    \n'.repeat(1000), 20)))).rejects.toMatchObject({
      code: 'EMPTY_INPUT',
    });
  });

  it('a header longer than a row may be, without reading on', async () => {
    let bytes = 0;
    const options = { onBytes: (total: number) => (bytes = total) };
    await expect(openReader(Readable.from(endless('x'.repeat(65_536))), options)).rejects.toMatchObject({
      code: 'LINE_TOO_LONG',
      message: expect.stringContaining('line 1) is longer than 1048576 bytes'),
    });
    expect(bytes).toBeLessThan(1_300_000);
  });

  it('a JSON document larger than the limit', async () => {
    const input = Readable.from(endless('[1,2,3,4],'.repeat(100)));
    await expect(openReader(input, { format: 'json', maxDocumentBytes: 5000 })).rejects.toMatchObject({
      code: 'INPUT_TOO_LARGE',
      message: expect.stringContaining('Use NDJSON'),
    });
  });

  it.each([
    ['is nested too deep', `[${'['.repeat(5000)}${']'.repeat(5000)}]`, 'nested more than 64 levels deep'],
    ['is nested too deep in its first 64 KiB', '['.repeat(100_000), 'nested more than 64 levels deep'],
    ['holds too many arrays', `[${'[],'.repeat(1_000_000)}[]]`, 'more than 1000000 objects and arrays'],
  ])('a JSON document that %s', async (_, text, message) => {
    await expect(open(text)).rejects.toMatchObject({
      code: 'UNKNOWN_FORMAT',
      message: expect.stringContaining(message),
    });
  });

  it('a JSON document with bytes that are not UTF-8 behind the first 64 KiB', async () => {
    const bytes = Buffer.concat([Buffer.from(`["${'x'.repeat(70_000)}`), Buffer.of(0xc3), Buffer.from('"]')]);
    await expect(open(bytes)).rejects.toMatchObject({
      code: 'UNREADABLE_ENCODING',
      message: expect.stringContaining('byte 70002 is invalid'),
    });
  });

  it('a character cut off at the end', async () => {
    await expect(open(Buffer.concat([Buffer.from('a\n'), Buffer.of(0xe2, 0x82)]))).rejects.toMatchObject({
      message: expect.stringContaining('byte 2 is invalid'),
    });
  });

  it('UTF-16 with half a surrogate pair', async () => {
    const bytes = Buffer.concat([
      Buffer.from('\ufeffa\n', 'utf16le'),
      Buffer.of(0x3d, 0xd8),
      Buffer.from('\n', 'utf16le'),
    ]);
    await expect(open(bytes)).rejects.toMatchObject({ code: 'UNREADABLE_ENCODING' });
  });

  it('but no character that the end of the first 64 KiB cuts in two', async () => {
    const reader = await open(`a\n${'x'.repeat(65_533)}é\n`);
    expect((await reader.rows().next()).value).toMatchObject({ values: [`${'x'.repeat(65_533)}é`] });
  });
});
