import { Readable } from 'node:stream';
import { HeaderMismatchError } from '../detector/detector.errors.js';
import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import { type ContractRow, openContractRows } from './contract-rows.js';
import { openReader, type RowReader } from './readers/reader.js';
import { recordsReader } from './readers/records-reader.js';

const contract = tinyContract();
const pushed = { label: 'required', ignoreColumns: [] } as const;
const good = '{"having_IP": 1, "duration": 2, "protocol": "tcp", "Result": 1}';
const stranger = '{"having_IP": 1, "duration": 2, "protocol": "tcp", "Result": 1, "host": "a"}';

async function rowsOf(reader: RowReader): Promise<ContractRow[]> {
  const rows: ContractRow[] = [];
  for await (const row of await openContractRows(reader, contract, pushed)) rows.push(row);
  return rows;
}

const rowsIn = async (text: string): Promise<ContractRow[]> =>
  rowsOf(await openReader(Readable.from([Buffer.from(text)])));

/** An input that does not end by itself, so that being closed shows. */
function endless(first: string, rest: string): Readable {
  return Readable.from(
    (function* () {
      yield Buffer.from(first);
      for (;;) yield Buffer.from(rest.repeat(1000));
    })(),
  );
}

describe('the rows of an input, judged by a contract', () => {
  it('come from CSV with line, text, cells and what they say', async () => {
    const rows = await rowsIn('protocol,Result,duration,having_IP\ntcp,-1,2,1\nsctp,1,2,1\n');
    expect(rows).toEqual([
      {
        line: 2,
        raw: 'tcp,-1,2,1',
        source: ['tcp', '-1', '2', '1'],
        parsed: { item: { values: [1, 2, 'tcp'] }, label: 1 },
      },
      {
        line: 3,
        raw: 'sctp,1,2,1',
        source: ['sctp', '1', '2', '1'],
        parsed: [{ path: 'protocol', message: 'is "sctp"; allowed are tcp, udp, icmp' }],
      },
    ]);
  });

  it('include those that could not be read', async () => {
    const [ragged, whole] = await rowsIn('protocol,Result,duration,having_IP\ntcp,-1\ntcp,1,2,1\n');
    expect(ragged).toMatchObject({ line: 2, raw: 'tcp,-1', source: undefined });
    expect(ragged.parsed).toEqual([{ message: expect.stringContaining('2 fields') }]);
    expect(whole.parsed).toEqual({ item: { values: [1, 2, 'tcp'] }, label: 0 });
  });

  it('are refused as a whole when the header does not fit, and the input is closed', async () => {
    const input = endless('protocol,Result\n', 'tcp,-1\n');
    const reader = await openReader(input);
    await expect(openContractRows(reader, contract, pushed)).rejects.toThrow(HeaderMismatchError);
    expect(input.destroyed).toBe(true);
  });

  it('are refused as a whole when the first JSON record has other keys, and the input is closed', async () => {
    const input = endless(`${stranger}\n`, `${good}\n`);
    const reader = await openReader(input);
    await expect(openContractRows(reader, contract, pushed)).rejects.toMatchObject({
      errors: [{ path: 'host', message: 'is unknown' }],
    });
    expect(input.destroyed).toBe(true);
  });

  it('are rejected singly when a later JSON record has other keys', async () => {
    const rows = await rowsIn([good, stranger, '7', good].join('\n'));
    expect(rows.map(({ line, parsed }) => [line, parsed])).toEqual([
      [1, { item: { values: [1, 2, 'tcp'] }, label: 0 }],
      [2, [{ path: 'host', message: 'is unknown' }]],
      [3, [{ message: 'not a JSON object but a number' }]],
      [4, { item: { values: [1, 2, 'tcp'] }, label: 0 }],
    ]);
  });

  it('are none when the input has none', async () => {
    expect(await rowsIn('protocol,Result,duration,having_IP\n')).toEqual([]);
    expect(await rowsOf(recordsReader([]))).toEqual([]);
  });

  it('close the input when nobody wants the rest of them', async () => {
    const input = endless('', `${good}\n`);
    const rows = await openContractRows(await openReader(input), contract, pushed);
    for await (const { line } of rows) if (line === 3) break;
    expect(input.destroyed).toBe(true);
  });
});
