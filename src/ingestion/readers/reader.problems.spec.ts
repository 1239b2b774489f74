import { read, readFixture } from './fixtures/reading.js';

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

  it('a line of NDJSON that is nested too deep, between lines that are not', async () => {
    const deep = `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`;
    const { rows } = await read(`{"a":1}\n${deep}\n{"a":2}\n`);
    expect(rows).toMatchObject([
      { line: 1, values: { a: 1 } },
      {
        line: 2,
        code: 'NOT_AN_OBJECT',
        problem: 'not a JSON object: nested more than 64 levels deep',
        raw: deep.slice(0, 1000),
      },
      { line: 3, values: { a: 2 } },
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
