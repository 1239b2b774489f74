import { Readable } from 'node:stream';
import { HeaderMismatchError } from '../detector/detector.errors.js';
import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import { groupKeyOf } from '../detector/group-keys.js';
import { openReader } from './readers/reader.js';
import { readTable } from './table.js';

const contract = tinyContract();
const csv = ['Result,protocol,duration,having_IP', '-1,udp,2.5,1', '1,tcp,?,0', '1,sctp,1,1', '-1,tcp'];
const open = (lines: readonly string[]): ReturnType<typeof openReader> =>
  openReader(Readable.from([lines.join('\n')]));

describe('readTable', () => {
  it('gives fitting rows as numbers and counts the others', async () => {
    const { x, y, rejected } = await readTable(await open(csv), contract, { label: 'required' });
    expect([x.rows, x.columns, rejected]).toEqual([2, 3, 2]);
    expect([[...x.row(0)], [...x.row(1)]]).toEqual([
      [1, 2.5, 1],
      [0, NaN, 0],
    ]);
    expect([...y]).toEqual([1, 0]);
  });

  it('needs no labels where they are ignored', async () => {
    const unlabelled = ['protocol,duration,having_IP', 'udp,2.5,1'];
    const { x, y } = await readTable(await open(unlabelled), contract, { label: 'ignored' });
    expect([[...x.row(0)], [...y]]).toEqual([[1, 2.5, 1], [0]]);
    await expect(readTable(await open(unlabelled), contract, { label: 'required' })).rejects.toThrow(
      HeaderMismatchError,
    );
  });

  it('has the columns of the contract also without a row', async () => {
    const { x } = await readTable(await open(csv.slice(0, 1)), contract, { label: 'required' });
    expect([x.rows, x.columns]).toEqual([0, 3]);
  });

  it('lets columns pass that it is told to ignore', async () => {
    const rows = ['protocol,duration,having_IP,host', 'udp,2.5,1,a'];
    const { x } = await readTable(await open(rows), contract, { label: 'ignored', ignoreColumns: ['host'] });
    expect(x.rows).toBe(1);
  });

  it('has the groups of labelled rows where the contract groups by a column', async () => {
    const byCapture = tinyContract({ group: { column: 'capture' } });
    const rows = [
      'Result,protocol,duration,having_IP,capture',
      '-1,udp,2.5,1,a',
      '1,tcp,1,0,',
      '1,tcp,1,0,b',
    ];
    const { groupKeys, rejected } = await readTable(await open(rows), byCapture, { label: 'required' });
    expect([[...groupKeys!], rejected]).toEqual([['a', 'b'].map((text) => groupKeyOf(byCapture, text)), 1]);
    await expect(readTable(await open(csv), byCapture, { label: 'required' })).rejects.toThrow(
      HeaderMismatchError,
    );
    expect((await readTable(await open(csv), byCapture, { label: 'ignored' })).groupKeys).toBeUndefined();
  });
});
