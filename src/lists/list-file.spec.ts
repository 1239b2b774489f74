import type { ListEntry } from './list-entry.schema.js';
import { type ExportFormat, writeList } from './list-export.js';
import { type FileDefaults, readListFile, readRecords } from './list-file.js';
import { readOrder } from './list-order.js';

const deny: FileDefaults = { list: 'deny' };

/** What the lines of a file become, as `line list match value`. */
function becoming(text: string | Buffer, defaults: FileDefaults = deny): string[] {
  return readListFile(Buffer.from(text), defaults).placed.map(({ line, order }) => {
    if ('message' in order) return `${line} fault: ${order.message}`;
    const read = 'leftOut' in order ? order : readOrder(order);
    if ('leftOut' in read) return `${line} left out: ${read.leftOut}`;
    if ('fault' in read) return `${line} fault: ${read.fault.path} ${read.fault.message}`;
    return `${line} ${read.entries.map(({ list, match, value }) => `${list} ${match} ${value}`).join(', ')}`;
  });
}

describe('a file of entries', () => {
  it('may be lines of all kinds, whatever their ends', () => {
    expect(becoming('\uFEFF# ads\r\n0.0.0.0 a.com\r\n\r\n||b.com^\r10.0.0.0/8\n')).toEqual([
      '1 left out: a remark',
      '2 deny host a.com',
      '3 left out: a blank line',
      '4 deny suffix b.com',
      '5 deny network 10.0.0.0/8',
    ]);
  });

  it('is read as one kind where that is named', () => {
    expect(becoming('www.a.com\n# x\nb.com # y\n', { list: 'allow', match: 'host' })).toEqual([
      '1 allow host a.com',
      '2 left out: a remark',
      '3 allow host b.com',
    ]);
  });

  it('may be CSV with the columns of entries, by any of their names', () => {
    const text = [
      '# exported',
      'Indicator;Type;Comment;Expires',
      'a.com;domain;"seen; in ""May""";2099-01-01',
      '10.0.0.0/8;ip-dst;;',
      'b.com;hostname;;2020-01-01',
      ';domain;;',
      'c.com;hash;;',
      'd.com;domain;;soon',
    ].join('\n');
    expect(becoming(text)).toEqual([
      '3 deny domain a.com',
      '4 deny network 10.0.0.0/8',
      '5 left out: over since 2020-01-01',
      expect.stringMatching(/^6 fault: value .*empty/),
      expect.stringMatching(/^7 fault: match is hash; it must be one of url, host/),
      expect.stringMatching(/^8 fault: expiresAt is soon/),
    ]);
    const [row] = readListFile(Buffer.from(text), deny).placed;
    expect(row.order).toMatchObject({ note: 'seen; in "May"', expiresAt: new Date('2099-01-01') });
  });

  it('of one column may hold commas', () => {
    expect(becoming('url\nhttp://a.com/x,y\n')).toEqual(['2 deny url a.com/x,y']);
  });

  it('may be a warning list of MISP, whose name is the note', () => {
    const list = (type: string, values: unknown[]): string =>
      JSON.stringify({ name: 'known', type, list: values });
    expect(becoming(list('cidr', ['17.0.0.0/8', '103.0.0.1/32']))).toEqual([
      '1 deny network 17.0.0.0/8',
      '2 deny host 103.0.0.1',
    ]);
    expect(becoming(list('hostname', ['.a.com', 'b.com', 7]))).toEqual([
      '1 deny suffix a.com',
      '2 deny suffix b.com',
      '3 fault: must be a text',
    ]);
    expect(becoming(list('string', ['a.com', '.b.com', 'd41d8cd98f00b204e9800998ecf8427e']))).toEqual([
      '1 deny host a.com',
      '2 deny suffix b.com',
      expect.stringMatching(/^3 fault: value is a digest/),
    ]);
    expect(readListFile(Buffer.from(list('cidr', ['17.0.0.0/8'])), deny).placed[0].order).toMatchObject({
      note: 'known',
    });
    expect(() => becoming(list('regex', ['x']))).toThrow('cannot be read as a list');
  });

  it('may be other JSON: an array, or an object a line', () => {
    expect(becoming('["a.com", "10.0.0.1"]')).toEqual(['1 deny domain a.com', '2 deny host 10.0.0.1']);
    expect(becoming('{"value":"a.com","list":"allow"}\n{"value":"b.com","colour":1}\n')).toEqual([
      '1 allow domain a.com',
      expect.stringMatching(/^2 fault: colour is unknown; there are value, list/),
    ]);
    expect(readRecords([{ value: 'a.com' }], {})[0].order).toEqual({
      message: expect.stringMatching(/names no list/),
    });
  });

  it.each([
    ['{"a": 1', /begins like JSON/],
    ['{"a": 1}', /no member `list`/],
    [Buffer.from([0x1f, 0x8b, 0, 0]), /no text/],
  ])('that is none is refused: %j', (text, message) => {
    try {
      becoming(text);
      throw new Error('it was read');
    } catch (error) {
      expect((error as { errors?: { message: string }[] }).errors?.[0].message).toMatch(message);
    }
  });
});

describe('entries as a file', () => {
  const base = {
    ...{ _id: 'x', anyOrder: false, finding: null, domains: [], note: '', author: 'ann' },
    ...{
      createdAt: new Date('2026-01-01'),
      expiresAt: null,
      removedAt: null,
      removedBy: null,
      changedAt: new Date(0),
    },
  };
  const entries = [
    { ...base, list: 'deny', match: 'domain', value: 'a.com', note: '=HYPERLINK("x")' },
    { ...base, list: 'allow', match: 'suffix', value: 'b.com' },
    { ...base, list: 'deny', match: 'network', value: '10.0.0.0/8', expiresAt: new Date('2099-01-01') },
    { ...base, list: 'deny', match: 'url', value: 'c.com/x?a=1', anyOrder: true },
    {
      ...base,
      list: 'suppress',
      match: 'host',
      value: '10.0.0.1',
      finding: 'beacon',
      expiresAt: new Date('2099-01-01'),
    },
    { ...base, list: 'brand', match: 'brand', value: 'Acme', domains: ['acme.com', 'acme.org'] },
  ] as ListEntry[];

  async function written(format: ExportFormat): Promise<string> {
    let text = '';
    // eslint-disable-next-line @typescript-eslint/require-await -- as a cursor gives them
    const source = (async function* () {
      yield* entries;
    })();
    for await (const piece of writeList(source, format)) text += piece;
    return text;
  }

  it('keep all in CSV, which is read again as it was', async () => {
    const text = await written('csv');
    expect(text).toContain(`"'=HYPERLINK(""x"")"`);
    const read = readListFile(Buffer.from(text), {}).placed.map(({ order }) => order);
    expect(read).toMatchObject([
      { list: 'deny', match: 'domain', value: 'a.com', note: '=HYPERLINK("x")' },
      { list: 'allow', match: 'suffix', value: 'b.com' },
      { list: 'deny', match: 'network', value: '10.0.0.0/8', expiresAt: new Date('2099-01-01') },
      { list: 'deny', match: 'url', value: 'c.com/x?a=1', anyOrder: true },
      { list: 'suppress', match: 'host', value: '10.0.0.1', finding: 'beacon' },
      { list: 'brand', match: 'brand', value: 'Acme', domains: ['acme.com', 'acme.org'] },
    ]);
    expect(becoming(text, {}).filter((line) => line.includes('fault'))).toEqual([]);
  });

  it('say in the other formats what these have words for, and how much is left out', async () => {
    const bare = async (format: ExportFormat): Promise<string[]> =>
      (await written(format)).trim().split('\n').slice(1);
    expect(await bare('plain')).toEqual([
      'a.com',
      '*.b.com',
      '10.0.0.0/8',
      'c.com/x?a=1',
      expect.stringMatching(/^# 2 entries/),
    ]);
    expect(await bare('hosts')).toEqual(['0.0.0.0 a.com', expect.stringMatching(/^# 5 entries left out/)]);
    expect(await bare('adblock')).toEqual(['||a.com^', '@@||b.com^', expect.stringMatching(/^! 4 entries/)]);
    expect(JSON.parse(await written('misp'))).toMatchObject({
      type: 'string',
      list: ['.a.com', '.b.com', '10.0.0.0/8', 'c.com/x?a=1'],
    });
  });
});
