import { createHash } from 'node:crypto';
import { tinyContract, tinySource } from '../detector/fixtures/tiny-contract.js';
import { groupKeyOf } from '../detector/group-keys.js';
import type { BatchesRepository } from './batches.repository.js';
import { NoRecordsError, SplitColumnsMissingError } from './ingestion.errors.js';
import type { StoredRecord } from './record.schema.js';
import type { RecordsRepository } from './records.repository.js';
import { SnapshotsService } from './snapshots.service.js';

type Read = Pick<StoredRecord, '_id' | 'batch' | 'label' | 'row' | 'split'>;

const records: Read[] = [
  { _id: 'b', batch: 'one', label: 0, row: { having_IP: 1, duration: 2.5, protocol: 'icmp' } },
  { _id: 'c', batch: 'two', label: 0, row: { having_IP: 0, duration: null, protocol: null } },
  { _id: 'a', batch: 'three', label: 1, row: { having_IP: -1, duration: 0, protocol: 'tcp' } },
];

/** Batches with what they were read from. Batch three is not known any more. */
const named = [
  ['one', 'feed.csv'],
  ['two', 'feed.csv'],
  ['other', 'other.csv'],
] as const;

function snapshotsOf(stored: readonly Read[]): SnapshotsService {
  const repository: Pick<RecordsRepository, 'streamAll'> = {
    // eslint-disable-next-line @typescript-eslint/require-await -- the store is a stream
    async *streamAll(detector) {
      if (detector === 'tiny') yield* stored;
    },
  };
  const batches: Pick<BatchesRepository, 'sourceNames'> = {
    sourceNames: (ids) => Promise.resolve(new Map(named.filter(([id]) => ids.includes(id)))),
  };
  return new SnapshotsService(repository as RecordsRepository, batches as BatchesRepository);
}

describe('a snapshot', () => {
  it('has one row a record, in the order of the ids, as numbers', async () => {
    const { detector, x, y, fingerprint } = await snapshotsOf(records).take(tinyContract());
    expect(detector).toBe('tiny');
    expect([0, 1, 2].map((i) => [...x.row(i)])).toEqual([
      [-1, 0, 0],
      [1, 2.5, 2],
      [0, NaN, NaN],
    ]);
    expect([...y]).toEqual([1, 0, 0]);
    expect(fingerprint).toBe(createHash('sha256').update('abc').digest('hex'));
  });

  it('is the same in whatever order the records come', async () => {
    const one = await snapshotsOf(records).take(tinyContract());
    const other = await snapshotsOf([records[2], records[0], records[1]]).take(tinyContract());
    expect(other.fingerprint).toBe(one.fingerprint);
    expect(other.x.data).toEqual(one.x.data);
    expect(other.y).toEqual(one.y);
  });

  it('has another fingerprint with one record more or less', async () => {
    const whole = await snapshotsOf(records).take(tinyContract());
    const part = await snapshotsOf(records.slice(1)).take(tinyContract());
    expect(part.fingerprint).not.toBe(whole.fingerprint);
  });

  it('says where each row’s label comes from: batches with one source name are one source', async () => {
    const { sources } = await snapshotsOf(records).take(tinyContract());
    const { names, rows } = sources!;
    expect([...rows].map((place) => names[place])).toEqual(['batch three', 'feed.csv', 'feed.csv']);
    expect([names.length, rows.buffer.constructor.name]).toEqual([2, 'SharedArrayBuffer']);
  });

  it('lies in memory that threads share', async () => {
    const { x, y } = await snapshotsOf(records).take(tinyContract());
    expect([x.data.buffer, y.buffer].map((buffer) => buffer.constructor.name)).toEqual([
      'SharedArrayBuffer',
      'SharedArrayBuffer',
    ]);
  });

  it('marks what the contract does not have any more, and misses what it did not have yet', async () => {
    const stored: Read[] = [
      { _id: 'a', batch: 'one', label: 1, row: { having_IP: 1, protocol: 'sctp', gone: 5 } },
    ];
    const { x } = await snapshotsOf(stored).take(tinyContract());
    expect([...x.row(0)]).toEqual([1, NaN, -1]);
  });

  it('is not taken of nothing', async () => {
    await expect(snapshotsOf([]).take(tinyContract())).rejects.toThrow(NoRecordsError);
  });
});

describe('a snapshot with split columns', () => {
  const contract = tinyContract({
    group: { column: 'capture' },
    split: { ...tinySource.split, time: 'seen_at' },
  });
  const [b, c, a] = records;
  const complete: Read[] = [
    { ...b, split: { capture: 'two', seen_at: 7 } },
    { ...a, split: { capture: 'one', seen_at: 9.5 } },
  ];

  it('has the key of each group and each time beside the rows, in shared memory', async () => {
    const { x, groupKeys, times, leftOut } = await snapshotsOf(complete).take(contract);
    expect(x.rows).toBe(2);
    expect([...groupKeys!]).toEqual([groupKeyOf(contract, 'one'), groupKeyOf(contract, 'two')]);
    expect([...times!]).toEqual([9.5, 7]);
    expect(leftOut).toBeUndefined();
    expect([groupKeys!.buffer, times!.buffer].map((buffer) => buffer.constructor.name)).toEqual([
      'SharedArrayBuffer',
      'SharedArrayBuffer',
    ]);
  });

  it('has the names of the groups that are large enough for the gate', async () => {
    const more = ['d', 'e'].map((_id) => ({ ...complete[1], _id }));
    const gate = { ...tinySource.gate, slices: { minRows: 2 } };
    const judged = tinyContract({ group: { column: 'capture' }, split: contract.split, gate });
    const { groupNames } = await snapshotsOf([...complete, ...more]).take(judged);
    expect(groupNames).toEqual(new Map([[groupKeyOf(contract, 'one'), 'one']]));
    expect((await snapshotsOf(complete).take(contract)).groupNames).toEqual(new Map());
  });

  it('leaves out records from before the contract asked for them, and counts those', async () => {
    const mixed = [c, ...complete, { ...c, _id: 'd', split: { capture: 'three' } }];
    const { x, leftOut, fingerprint } = await snapshotsOf(mixed).take(contract);
    expect([x.rows, leftOut]).toEqual([2, 2]);
    expect(fingerprint).toBe((await snapshotsOf(complete).take(contract)).fingerprint);
  });

  it('is not taken where all are left out', async () => {
    const taken = snapshotsOf(records).take(contract);
    await expect(taken).rejects.toThrow(SplitColumnsMissingError);
    await expect(taken).rejects.toThrow('None of the 3 records of tiny has capture and seen_at');
  });

  it('groups by one column only where the contract has no time', async () => {
    const byDomain = tinyContract({ group: { registeredDomain: 'capture' } });
    const { groupKeys, times } = await snapshotsOf(complete).take(byDomain);
    expect([...groupKeys!]).toEqual([groupKeyOf(byDomain, 'one'), groupKeyOf(byDomain, 'two')]);
    expect(times).toBeUndefined();
  });
});
