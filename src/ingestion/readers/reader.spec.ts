import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { headerFaults } from './csv-header.js';
import { openReader, type ReaderOptions, type ReadRow } from './reader.js';

const fixture = (name: string): URL => new URL(`../../../test/fixtures/${name}`, import.meta.url);

async function read(input: string | Buffer, options?: ReaderOptions) {
  const reader = await openReader(Readable.from([Buffer.from(input)]), options);
  const rows: ReadRow[] = [];
  for await (const row of reader.rows()) rows.push(row);
  return { reader, rows, values: rows.map((row) => row.values), lines: rows.map((row) => row.line) };
}

const readFixture = (name: string, options?: ReaderOptions) => read(readFileSync(fixture(name)), options);

function* endless(text: string, chunks = Infinity): Generator<Buffer> {
  for (let i = 0; i < chunks; i++) yield Buffer.from(text);
}

describe('inputs that are read', () => {
  const twoRows = [
    ['http://a.test/', '1'],
    ['http://b.test/', '-1'],
  ];

  it.each([
    ['ok/cr-line-ends.csv', 'utf-8', ',', twoRows],
    ['ok/blank-lines-between-rows.csv', 'utf-8', ',', twoRows],
    ['ok/bar-delimited-with-commas.csv', 'utf-8', '|', [['http://a.test/1,2', '1'], twoRows[1]]],
    ['ok/utf8-bom-crlf.csv', 'utf-8', ',', [twoRows[0], ['http://b.test/é', '-1']]],
    [
      'ok/utf16le-semicolon.csv',
      'utf-16le',
      ';',
      [
        ['http://a.test/é', '1'],
        ['http://b.test/😀', '-1'],
      ],
    ],
    [
      'ok/utf16be-tab.csv',
      'utf-16be',
      '\t',
      [
        ['http://a.test/é', '1'],
        ['http://b.test/😀', '-1'],
      ],
    ],
    ['ok/header-without-rows.csv', 'utf-8', ',', []],
  ])('%s', async (name, encoding, delimiter, expected) => {
    const { reader, values } = await readFixture(name);
    expect(reader).toMatchObject({ format: 'csv', encoding, delimiter, columns: ['url', 'label'] });
    expect(values).toEqual(expected);
  });

  it.each([
    ['ok/objects-a-line.ndjson', 'ndjson', [1, 3], 'http://a.test/', 'http://b.test/'],
    ['ok/records-document-one-line.json', 'json', [1, 1], 'http://a.test/', 'http://b.test/'],
    ['ok/array-document.json', 'json', [2, 3], 'http://a.test/', 'http://b.test/'],
    ['ok/records-document-pretty.json', 'json', [4, 8], 'http://a.test/[1]', 'http://b.test/"}'],
  ])('%s', async (name, format, expectedLines, first, second) => {
    const { reader, values, lines } = await readFixture(name);
    expect(reader).toMatchObject({ format, columns: null, delimiter: null });
    expect(values).toEqual([
      { url: first, label: 1 },
      { url: second, label: -1 },
    ]);
    expect(lines).toEqual(expectedLines);
  });

  it('counts blank lines and lines within quotes as lines', async () => {
    expect((await readFixture('ok/blank-lines-between-rows.csv')).lines).toEqual([5, 7]);
    const { rows } = await readFixture('ok/quoted-newlines-and-quotes.csv');
    expect(rows).toEqual([
      {
        line: 2,
        values: ['http://a.test/?q=1,2', 'first line\nsecond "line"', '1'],
        raw: '"http://a.test/?q=1,2","first line\nsecond ""line""",1',
      },
      { line: 4, values: ['http://b.test/', '', '-1'], raw: 'http://b.test/,"",-1' },
    ]);
  });

  it('keeps a __proto__ key as plain data', async () => {
    const { rows } = await readFixture('ok/proto-key-is-plain-data.ndjson');
    const values = rows[0].values as Record<string, unknown>;
    expect(Object.keys(values)).toEqual(['url', '__proto__', 'constructor']);
    expect(Object.getPrototypeOf(values)).toBe(Object.prototype);
    expect(values.label).toBeUndefined();
    expect(({} as Record<string, unknown>).label).toBeUndefined();
  });

  it('takes the format it is told over the one it would recognise', async () => {
    const { reader, values } = await read('{a},b\n1,2\n', { format: 'csv' });
    expect(reader.columns).toEqual(['{a}', 'b']);
    expect(values).toEqual([['1', '2']]);
  });

  it('keeps 1,000 characters of a row as it was read', async () => {
    const { rows } = await read(`a\n${'x'.repeat(1500)}\n`);
    expect(rows[0].raw).toBe('x'.repeat(1000));
    expect(rows[0].values).toEqual(['x'.repeat(1500)]);
  });

  it('takes an empty array as no rows', async () => {
    expect((await read('[]')).rows).toEqual([]);
    expect((await read(' {"records": [ ]} ')).rows).toEqual([]);
  });
});

describe('rows that are problems', () => {
  it('ragged rows, with their counts', async () => {
    const { rows } = await readFixture('not-ok/ragged-rows.csv');
    expect(rows.map(({ line, problem }) => [line, problem])).toEqual([
      [2, undefined],
      [3, '1 field where the header has 2'],
      [4, '3 fields where the header has 2'],
      [5, undefined],
    ]);
    expect(rows[1]).toMatchObject({ code: 'WRONG_FIELD_COUNT', raw: 'http://b.test/' });
  });

  it('text behind a closing quote costs its own line only', async () => {
    const { rows } = await readFixture('not-ok/text-behind-closing-quote.csv');
    expect(rows.map(({ line, values, problem }) => [line, values ?? problem])).toEqual([
      [2, 'a quoted field is not closed, or text follows its closing quote'],
      [3, ['http://b.test/', '-1']],
      [4, ['http://c.test/', '1']],
    ]);
  });

  it('a quote that is never closed costs its own line only', async () => {
    const { rows } = await readFixture('not-ok/quote-never-closed.csv');
    expect(rows.map(({ line, problem }) => [line, problem])).toEqual([
      [2, undefined],
      [3, 'a quoted field is not closed before the end of the input'],
      [4, undefined],
      [5, undefined],
    ]);
  });

  it('quoted text that makes one wrong row of several lines says how many', async () => {
    const { rows } = await read('a,b\n"1\n2,3\n4",5,6\n7,8\n');
    expect(rows).toMatchObject([
      { line: 2, problem: '3 fields where the header has 2 (quoted text joins 3 lines)' },
      { line: 5, values: ['7', '8'] },
    ]);
  });

  it('takes a quote within an unquoted field for data', async () => {
    expect((await read('size,b\n5" disk,1\n6" disk,2\n')).values).toEqual([
      ['5" disk', '1'],
      ['6" disk', '2'],
    ]);
  });

  it('lines that are no JSON objects', async () => {
    const { rows } = await readFixture('not-ok/not-all-objects.ndjson', { format: 'ndjson' });
    expect(rows.map(({ line, problem }) => [line, problem])).toEqual([
      [1, undefined],
      [2, 'not a JSON object but an array'],
      [3, expect.stringMatching(/^not a JSON object: .*JSON/)],
      [4, 'not a JSON object but null'],
      [5, undefined],
    ]);
  });

  it('elements of a JSON document that are no objects', async () => {
    const { rows } = await readFixture('not-ok/elements-not-objects.json');
    expect(rows.map(({ line, problem, raw }) => [line, problem, raw])).toEqual([
      [2, undefined, '{"url": "http://a.test/"}'],
      [3, 'not a JSON object but a number', '7'],
      [5, 'not a JSON object but a string', '"x"'],
      [6, 'not a JSON object but null', 'null'],
    ]);
  });

  it('bytes behind the first 64 KiB that are not UTF-8', async () => {
    const start = `a\n${'x\n'.repeat(40_000)}`;
    const { rows } = await read(
      Buffer.concat([Buffer.from(start), Buffer.from('caf\xe9\n', 'latin1'), Buffer.from('café\n')]),
    );
    expect(rows.slice(-2)).toMatchObject([
      { line: 40_002, code: 'BAD_ENCODING', problem: 'holds bytes that are not UTF-8', raw: 'caf\ufffd' },
      { line: 40_003, values: ['café'] },
    ]);
    expect(rows).toHaveLength(40_002);
  });

  it('rows longer than the limit in bytes, between rows that are not', async () => {
    const { rows } = await read(`a\n${'é'.repeat(50)}\n${'é'.repeat(50)}x\ny\n`, { maxRowBytes: 100 });
    expect(rows).toMatchObject([
      { line: 2, values: ['é'.repeat(50)] },
      { line: 3, code: 'ROW_TOO_LONG', problem: 'longer than 100 bytes' },
      { line: 4, values: ['y'] },
    ]);
  });

  it('a long first line of NDJSON is a problem too', async () => {
    const { rows } = await read(`{"a":"${'x'.repeat(200)}"}\n{"a":1}\n`, { maxRowBytes: 100 });
    expect(rows).toMatchObject([
      { line: 1, code: 'ROW_TOO_LONG' },
      { line: 2, values: { a: 1 } },
    ]);
  });
});

describe('headers', () => {
  it('are given as they are, trimmed, with their faults from a helper', async () => {
    const { reader } = await readFixture('not-ok/unnamed-and-duplicated-columns.csv');
    expect(reader.columns).toEqual(['url', 'label', '', 'url', 'label']);
    expect(headerFaults(reader.columns!)).toEqual({ unnamed: [3], duplicated: ['url', 'label'] });
    expect(headerFaults(['url', 'label'])).toEqual({ unnamed: [], duplicated: [] });
  });

  it.each([
    ['a;b\n1,5;2\n2,5;3\n', ';'],
    ['"x,y,z";b\n1;2\n', ';'],
    ['a\tb\n1, 2, 3\t4\n', '\t'],
    ['a|b|c\n', '|'],
    ['url\nhttp://a.test/?a;b;c\n', ','],
    ['a,b;c\n1,2\n', ','],
  ])('show the delimiter: %j', async (text, delimiter) => {
    expect((await read(text)).reader.delimiter).toBe(delimiter);
  });

  it('refuse a delimiter that cannot be one', async () => {
    await expect(read('a\n', { delimiter: '"' })).rejects.toThrow(RangeError);
    await expect(read('a\n', { delimiter: '::' })).rejects.toThrow(RangeError);
  });
});

describe('NDJSON or JSON document', () => {
  it.each([
    ['{"records":1}\n{"records":2}\n', 'ndjson'],
    ['{"a":{"records":[1]}}\n', 'ndjson'],
    ['{"a":1}', 'ndjson'],
    ['{"a":1}\n{"records":[{}]}', 'ndjson'],
    ['{"a":1,"records":[{}]}\n\n', 'json'],
    ['{\n"records":[]}', 'json'],
    ['\n\n [{"a":1}]', 'json'],
  ])('%j is %s', async (text, format) => {
    expect((await read(text)).reader.format).toBe(format);
  });
});

describe('streams', () => {
  it('digest and count the bytes as received', async () => {
    const bytes = readFileSync(fixture('ok/utf16le-semicolon.csv'));
    const seen: number[] = [];
    const reader = await openReader(Readable.from([bytes.subarray(0, 5), bytes.subarray(5)]), {
      onBytes: (total) => seen.push(total),
    });
    for await (const row of reader.rows()) expect(row.problem).toBeUndefined();
    expect(reader.digest()).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(reader.bytes).toBe(bytes.length);
    expect(seen).toEqual([5, bytes.length]);
  });

  it('have no digest before their end', async () => {
    const reader = await openReader(Readable.from(endless('a\n', 100_000)));
    expect(() => reader.digest()).toThrow('not been read to its end');
    await reader.close();
  });

  it('are pulled no further than a chunk or two ahead', async () => {
    let pulled = 0;
    const input = (function* () {
      for (;;) {
        pulled++;
        yield Buffer.from('a,b\n'.repeat(16_384));
      }
    })();
    const reader = await openReader(Readable.from(input, { highWaterMark: 1 }));
    const rows = reader.rows();
    for (let i = 0; i < 16_384; i++) await rows.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(pulled).toBeLessThanOrEqual(4);
    await rows.return();
  });

  it('are destroyed when the loop is left early, or closed before it', async () => {
    const left = Readable.from(endless('a,b\n'.repeat(16_384)));
    for await (const row of (await openReader(left)).rows()) if (row.line > 3) break;
    expect(left.destroyed).toBe(true);

    const closed = Readable.from(endless('a,b\n'.repeat(16_384)));
    await (await openReader(closed)).close();
    expect(closed.destroyed).toBe(true);
  });

  it('pass their errors on', async () => {
    const failing = Readable.from(
      (function* () {
        yield* endless('a,b\n'.repeat(16_384), 2);
        throw new Error('the line went dead');
      })(),
    );
    const reader = await openReader(failing);
    const count = async () => {
      let rows = 0;
      for await (const row of reader.rows()) rows += row.line > 0 ? 1 : 0;
      return rows;
    };
    await expect(count()).rejects.toThrow('the line went dead');
    await expect(openReader(createReadStream(fixture('ok/absent.csv')))).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});
