import Papa from 'papaparse';
import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import type { ContractRow } from '../ingestion/contract-rows.js';
import type { RowReader } from '../ingestion/readers/reader.js';
import type { VerdictDto } from './prediction.dto.js';
import { csvWriter, ndjsonWriter, type ScoredRow } from './row-writers.js';

const contract = tinyContract();
const verdict: VerdictDto = {
  id: 'id-1',
  verdict: 'malicious',
  probability: 0.97,
  modelVerdict: 'malicious',
  decidedBy: 'model',
  context: 'alone',
  reasons: [],
  model: { detector: 'tiny', version: 3, trainedAt: new Date(0), servedBy: 'champion' },
};
const fitting = { item: { values: [-1, 5, 'tcp'] }, label: null };

function reader(columns: string[] | null, delimiter: string | null = ','): RowReader {
  return { columns, delimiter } as RowReader;
}

function row(source: ContractRow['source'], raw = ''): ContractRow {
  return { line: 2, raw, source, parsed: source ? fitting : [{ message: 'has 1 fields' }] };
}

const scored = (source: ContractRow['source']): ScoredRow => ({ row: row(source), verdict, error: null });

describe('rows as CSV', () => {
  it('keep their columns and cells as they came, and get the verdict', () => {
    const writer = csvWriter(reader(['Protocol', 'ip_address', 'duration', 'note']), contract);
    expect(writer.header).toBe('Protocol,ip_address,duration,note,verdict,probability,model_version,error\n');
    expect(writer.row(scored(['TCP', '-1.0', '', ' kept ']))).toBe('TCP,-1.0,," kept ",malicious,0.97,3,\n');
  });

  it('have each column once, those of this verdict in place of those of an earlier one', () => {
    const columns = ['url', 'Verdict', 'note', 'model version', '', 'note', 'error', 'note.1'];
    const writer = csvWriter(reader(columns), contract);
    expect(writer.header).toBe('url,note,column 5,note.2,note.1,verdict,probability,model_version,error\n');
    const cells = ['a', 'benign', 'x', '1', '7', 'y', 'no', 'z'];
    expect(writer.row(scored(cells))).toBe('a,x,7,y,z,malicious,0.97,3,\n');
    const unreadable = { row: row(undefined, 'a,b'), verdict: null, error: 'short' };
    expect(writer.row(unreadable)).toBe('"a,b",,,,,,,,short\n');
    expect(JSON.parse(ndjsonWriter(reader(columns)).row(scored(cells)))).toMatchObject({
      record: { Verdict: 'benign', note: 'x', 'note.2': 'y', 'note.1': 'z', 'column 5': '7' },
    });
  });

  it('keep their delimiter', () => {
    const writer = csvWriter(reader(['a', 'b'], ';'), contract);
    expect(writer.header).toBe('a;b;verdict;probability;model_version;error\n');
    expect(writer.row(scored(['1;2', 'x,y']))).toBe('"1;2";x,y;malicious;0.97;3;\n');
    expect(csvWriter(reader(['a'], '\t'), contract).row(scored(['1']))).toBe('1\tmalicious\t0.97\t3\t\n');
  });

  it('are quoted so that a reader gets the cells back', () => {
    const cells = ['a,b', 'say "no"', 'two\nlines', 'a\r', ''];
    const line = csvWriter(reader(['a', 'b', 'c', 'd', 'e']), contract).row(scored(cells));
    expect(Papa.parse<string[]>(line.trimEnd()).data).toEqual([[...cells, 'malicious', '0.97', '3', '']]);
  });

  it('have their error in place of a verdict', () => {
    const writer = csvWriter(reader(['a', 'b']), contract);
    const bad = { row: row(['1', 'x']), verdict: null, error: 'line 2: b is "x", not a number' };
    expect(writer.row(bad)).toBe('1,x,,,,"line 2: b is ""x"", not a number"\n');
  });

  it('have their text in the first column where they could not be read', () => {
    const writer = csvWriter(reader(['a', 'b', 'c']), contract);
    const ragged = { row: row(undefined, '1,2'), verdict: null, error: 'line 2: has 2 fields' };
    expect(writer.row(ragged)).toBe('"1,2",,,,,,line 2: has 2 fields\n');
  });

  it('have cells that a spreadsheet would execute defused, in the header too, but no numbers', () => {
    const harmless = ['-1', '+1.5e3', '-.5', '1=1', 'a@b', ' =1', ''];
    const formulas = [
      '=1+1',
      '+1+1',
      '-1-1',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      '-',
      '=HYPERLINK("http://a")',
      '-1\n',
    ];
    const cells = [...harmless, ...formulas];
    const columns = cells.map((_, i) => (i === 1 ? '=cmd' : `c${i}`));
    const written = (line: string): string[] => Papa.parse<string[]>(line.slice(0, -1)).data[0];
    const writer = csvWriter(reader(columns), contract);
    expect(written(writer.header)[1]).toBe("'=cmd");
    expect(written(writer.row(scored(cells))).slice(0, cells.length)).toEqual([
      ...harmless,
      ...formulas.map((cell) => `'${cell}`),
    ]);
    const raw = csvWriter(reader(columns), contract, 'raw');
    expect(written(raw.header)[1]).toBe('=cmd');
    expect(written(raw.row(scored(cells))).slice(0, cells.length)).toEqual(cells);
    const unreadable = { row: row(undefined, '=1+1'), verdict: null, error: '=1+1' };
    const defused = written(writer.row(unreadable));
    expect([defused[0], defused.at(-1)]).toEqual(["'=1+1", "'=1+1"]);
  });

  it('end with a row of the error alone where they end before their end', () => {
    const writer = csvWriter(reader(['a', 'b']), contract);
    expect(writer.failure({ code: 'INTERNAL', detail: 'Something went wrong.' })).toBe(
      ',,,,,INTERNAL: the answer ends here. Something went wrong.\n',
    );
  });

  it("have the contract's columns where they come from JSON, however its keys are spelt", () => {
    const writer = csvWriter(reader(null, null), contract);
    expect(writer.header).toBe('having_IP,duration,protocol,verdict,probability,model_version,error\n');
    expect(writer.row(scored({ PROTOCOL: 'TCP', ip_address: -1, duration: 5 }))).toBe(
      '-1,5,tcp,malicious,0.97,3,\n',
    );
    const gap = { ...row({}), parsed: { item: { values: [null, 5, null] }, label: null } };
    expect(writer.row({ row: gap, verdict, error: null })).toBe(',5,,malicious,0.97,3,\n');
  });

  it('show of a JSON record that does not fit what it has', () => {
    const bad = { ...row({ protocol: 'sctp', duration: 5, host: 'a' }), parsed: [{ message: 'wrong' }] };
    expect(csvWriter(reader(null), contract).row({ row: bad, verdict: null, error: 'wrong' })).toBe(
      ',5,sctp,,,,wrong\n',
    );
  });
});

describe('rows as NDJSON', () => {
  const lineOf = (writer: ReturnType<typeof ndjsonWriter>, line: ScoredRow): unknown => {
    const text = writer.row(line);
    expect(text.endsWith('\n')).toBe(true);
    return JSON.parse(text);
  };

  it('have no header', () => {
    expect(ndjsonWriter(reader(['a'])).header).toBe('');
  });

  it('are the record as it came, with line and verdict', () => {
    const record = { host: 'a', having_IP: -1 };
    expect(lineOf(ndjsonWriter(reader(null)), scored(record))).toEqual({
      line: 2,
      record,
      ...verdict,
      model: { ...verdict.model, trainedAt: '1970-01-01T00:00:00.000Z' },
    });
  });

  it('name the cells of CSV by their columns', () => {
    expect(lineOf(ndjsonWriter(reader(['a', '__proto__'])), scored(['1', '2']))).toMatchObject({
      verdict: 'malicious',
    });
    const text = ndjsonWriter(reader(['a', '__proto__'])).row(scored(['1', '2']));
    expect(text).toContain('"record":{"a":"1","__proto__":"2"}');
  });

  it('end with a line of the error alone where they end before their end', () => {
    const line = ndjsonWriter(reader(null)).failure({ code: 'INTERNAL', detail: 'Something went wrong.' });
    expect(JSON.parse(line)).toEqual({ error: { code: 'INTERNAL', detail: 'Something went wrong.' } });
  });

  it('have their error and text in place of a verdict', () => {
    const ragged = { row: row(undefined, '1,2'), verdict: null, error: 'line 2: has 2 fields' };
    expect(lineOf(ndjsonWriter(reader(['a'])), ragged)).toEqual({
      line: 2,
      record: '1,2',
      error: 'line 2: has 2 fields',
    });
  });
});
