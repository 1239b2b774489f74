import { headerFaults } from './csv-header.js';
import { read, readFixture } from './fixtures/reading.js';

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
    ['url\nhttp://a.test/?a;b;c\n', null],
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
