import { read } from './fixtures/reading.js';
import type { ReaderOptions } from './reader.js';

const names = new Set(['url', 'domain', 'label', 'type']);
const known: ReaderOptions = {
  isKnown: (name) => names.has(name.trim().toLowerCase()),
  lineColumn: {
    name: 'url',
    spellings: ['url', 'domain'],
    isLabel: (text) => ['0', '1', 'phishing'].includes(text),
  },
};
const [a, b] = ['http://a.test/', 'http://b.test/'];

describe('what stands before the rows of a table', () => {
  it.each([
    ['names the delimiter', 'sep=;\r\nurl;label\r\nhttp://a.test/;1\r\n', 3, ';'],
    ['names one that the rows would not show', '"sep=|"\nurl|label\nhttp://a.test/|1\n', 3, '|'],
    ['is comments', '# made in May\n\n# by hand\nurl,label\nhttp://a.test/,1\n', 5, ','],
    ['is comments, one of which is the header', '#####\n# url,label\n#\nhttp://a.test/,1\n# 1 row\n', 4, ','],
    ['is a header behind a sign', '#url\tlabel\nhttp://a.test/\t1\n', 2, '\t'],
    ['is a quoted header in a comment', '# "url", "label"\n"http://a.test/", "1"\n', 2, ','],
  ])('%s', async (_, text, line, delimiter) => {
    const { reader, rows } = await read(text, known);
    expect(reader).toMatchObject({ format: 'csv', columns: ['url', 'label'], delimiter });
    expect(rows).toMatchObject([{ line, values: [a, '1'] }]);
    expect(rows).toHaveLength(1);
  });

  it('is no comment where the rows themselves begin with the sign', async () => {
    expect((await read('id,url\n#1,http://a.test/\n', known)).values).toEqual([['#1', a]]);
  });

  it('is no header where a remark has a word of one', async () => {
    const { reader, values } = await read('# url\nhttp://a.test/\n', known);
    expect([reader.format, values]).toEqual(['lines', [[a]]]);
  });

  it('may be all there is', async () => {
    expect((await read('# url,label\n', known)).values).toEqual([]);
    await expect(read('# nothing\n', {})).rejects.toMatchObject({ code: 'EMPTY_INPUT' });
  });
});

describe('a table with an end that is empty', () => {
  it.each([
    ['in the header', 'url,label,\nhttp://a.test/,1\nhttp://b.test/,0,\n', ['url', 'label', '']],
    ['in rows', 'url,label\nhttp://a.test/,1,\nhttp://b.test/,0, ,\n', ['url', 'label']],
  ])('%s is read', async (_, text, columns) => {
    const { reader, values } = await read(text, known);
    expect(reader.columns).toEqual(columns);
    expect(values.map((cells) => (cells as string[]).slice(0, 2))).toEqual([
      [a, '1'],
      [b, '0'],
    ]);
  });

  it('is read where cells lack that nobody needs, and is a problem of the row where some do that are', async () => {
    const { rows } = await read('url,label,note\nhttp://a.test/,1\nhttp://b.test/\n', known);
    expect(rows).toMatchObject([
      { values: [a, '1', ''] },
      { line: 3, problem: '1 field where the header has 3' },
    ]);
  });

  it('is a problem of the row where it is not empty', async () => {
    const { rows } = await read('url,label\nhttp://a.test/,1,more\n', known);
    expect(rows).toMatchObject([{ problem: '3 fields where the header has 2' }]);
  });
});

describe('blanks around quotes', () => {
  it.each([
    ['before them', 'url, label, title\n"http://a.test/x,y", 1, "Mark, the man"\n'],
    ['behind them', '"url" ,label,title\n"http://a.test/x,y"\t,1,"Mark, the man"  \n'],
    ['in a first cell', 'url,label,title\n "http://a.test/x,y",1,"Mark, the man"\n'],
  ])('%s are read over', async (_, text) => {
    const { reader, values } = await read(text);
    expect(reader.columns).toEqual(['url', 'label', 'title']);
    expect((values[0] as string[]).map((cell) => cell.trim())).toEqual([`${a}x,y`, '1', 'Mark, the man']);
  });

  it('are data within them, over several lines as well', async () => {
    const { rows } = await read('a,b\n "1, ""x"" , 2\n , "" 3", 4\n5,6\n');
    expect(rows).toMatchObject([
      { line: 2, values: ['1, "x" , 2\n , " 3', ' 4'] },
      { line: 4, values: ['5', '6'] },
    ]);
  });

  it('leave other delimiters alone', async () => {
    expect((await read('a\tb\n\t"x"\n"y" \tz\n')).values).toEqual([
      ['', 'x'],
      ['y', 'z'],
    ]);
  });
});

describe('one column alone', () => {
  it('has no delimiter, and may be quoted', async () => {
    const text = 'url\nhttp://a.test/1,2,3.html\n"http://b.test/1,2"\nhttp://c.test/;x|y\n# the end\n';
    const { reader, values } = await read(text, known);
    expect(reader).toMatchObject({ format: 'csv', delimiter: null, columns: ['url'] });
    expect(values).toEqual([['http://a.test/1,2,3.html'], ['http://b.test/1,2'], ['http://c.test/;x|y']]);
  });
});

describe('a table of addresses without a header', () => {
  it.each(['http://a.test/,phishing\n', '1,a.test\n2,b.test\n', '"http://a.test/","2024-05-01"\n'])(
    'is refused, with the names that would do: %j',
    async (text) => {
      await expect(read(text, known)).rejects.toMatchObject({
        code: 'BAD_HEADER',
        message: expect.stringContaining('a column named url, domain'),
      });
      await expect(read(text, { ...known, format: 'csv' })).rejects.toMatchObject({ code: 'BAD_HEADER' });
    },
  );

  it('comes with its names to who can say what they are', async () => {
    expect((await read('website,kind\nhttp://a.test/,phishing\n', known)).reader.columns).toEqual([
      'website',
      'kind',
    ]);
  });

  it('is a list where there is nothing but addresses, whatever it is called', async () => {
    const { reader, values } = await read('http://a.test/\nhttp://b.test/\n', { ...known, format: 'csv' });
    expect([reader.format, values]).toEqual(['lines', [[a], [b]]]);
  });
});

describe('texts where records are wanted', () => {
  it('are addresses where there is one column', async () => {
    const { reader, values } = await read('["http://a.test/",\n {"url": "http://b.test/"}, 7]', known);
    expect([reader.format, values]).toEqual(['json', [{ url: a }, { url: b }, undefined]]);
    expect((await read('["http://a.test/"]', {})).rows).toMatchObject([{ code: 'NOT_AN_OBJECT' }]);
  });
});

describe('an ARFF file', () => {
  const header =
    "% a remark\n@RELATION 'web sites'\n\n@attribute url string\n@attribute 'the label' {-1, 1}\n\n";

  it('is read with the names of its attributes', async () => {
    const text = `${header}@data\nhttp://a.test/,1\n% a remark\n'http://b.test/x,y',?\nhttp://c.test/\n`;
    const { reader, rows } = await read(text, known);
    expect(reader).toMatchObject({ format: 'arff', columns: ['url', 'the label'] });
    expect(rows).toMatchObject([
      { line: 8, values: [a, '1'] },
      { line: 10, values: [`${b}x,y`, '?'] },
      { line: 11, problem: '1 field where the header has 2' },
    ]);
  });

  it('may quote as CSV does, and be sent as CSV', async () => {
    const { values } = await read(`${header}@DATA\n"http://a.test/x,y", 1\n`, { format: 'csv' });
    expect(values).toEqual([['http://a.test/x,y', ' 1']]);
  });

  it.each([
    ['is cut off before its rows', header, 'BAD_HEADER', 'no line @data'],
    ['names no attribute', '@relation a\n@attribute\n@data\n', 'BAD_HEADER', 'Line 2'],
    [
      'is sparse',
      `${header}@data\n{0 http://a.test/, 1 1}\n`,
      'UNKNOWN_FORMAT',
      'Line 8 of the ARFF file is sparse',
    ],
  ])('is refused where it %s', async (_, text, code, message) => {
    await expect(read(text)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });
});

describe('bytes that no text has', () => {
  it('cost the line of a zero byte, not the file', async () => {
    const { rows } = await read(`url,label\n${'http://a.test/,1\n'.repeat(10)}http://b.test/\0,1\n`);
    expect(rows).toHaveLength(11);
    expect(rows[10]).toMatchObject({
      line: 12,
      code: 'BAD_ENCODING',
      problem: expect.stringContaining('zero'),
    });
  });

  it.each(['utf16le', 'utf16be'] as const)('are text where every other one is zero: %s', async (encoding) => {
    const text = Buffer.from('url,label\nhttp://a.test/é,1\n', 'utf16le');
    const { reader, values } = await read(encoding === 'utf16be' ? text.swap16() : text);
    expect([reader.encoding, values]).toEqual([encoding.replace('utf', 'utf-'), [['http://a.test/é', '1']]]);
  });

  it('are said to be Latin-1 once a line is read as that', async () => {
    const latin1 = Buffer.from('url\nhttp://a.test/\xe9\n', 'latin1');
    expect((await read(latin1, { fallbackEncoding: 'latin1' })).reader.encoding).toBe('latin1');
    expect((await read('url\nhttp://a.test/é\n', { fallbackEncoding: 'latin1' })).reader.encoding).toBe(
      'utf-8',
    );
  });
});
