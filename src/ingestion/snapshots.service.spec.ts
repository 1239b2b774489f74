import { createHash } from 'node:crypto';
import { MessageChannel } from 'node:worker_threads';
import { tinyContract, tinySource } from '../detector/fixtures/tiny-contract.js';
import { groupKeyOf } from '../detector/group-keys.js';
import type { ComputeService } from '../compute/compute.service.js';
import type { BatchesRepository } from './batches.repository.js';
import { NoRecordsError, SplitColumnsMissingError } from './ingestion.errors.js';
import type { StoredRecord } from './record.schema.js';
import type { RecordsRepository } from './records.repository.js';
import fingerprint from './fingerprint.task.js';
import { handOver, takeOver } from './hand-over.js';
import take from './snapshot.task.js';
import { SnapshotsService } from './snapshots.service.js';

type Read = Pick<StoredRecord, '_id' | 'batch' | 'label' | 'row' | 'split'>;

const records: Read[] = [
  { _id: 'b', batch: 'one', label: 0, row: { having_IP: 1, duration: 2.5, protocol: 'icmp' } },
  { _id: 'c', batch: 'two', label: 0, row: { having_IP: 0, duration: null, protocol: null } },
  { _id: 'a', batch: 'three', label: 1, row: { having_IP: -1, duration: 0, protocol: 'tcp' } },
];

/** Batches with what they were read from. Batch three is not known any more. */
const named: [string, { name: string; licence?: string }][] = [
  ['one', { name: 'feed.csv', licence: 'MIT' }],
  ['two', { name: 'feed.csv', licence: 'MIT' }],
  ['other', { name: 'other.csv' }],
];

function snapshotsOf(stored: readonly Read[]): SnapshotsService {
  // eslint-disable-next-line @typescript-eslint/require-await -- the store is a stream
  const stream = async function* (detector: string): AsyncGenerator<Read> {
    if (detector === 'tiny') yield* stored;
  };
  const repository: Pick<RecordsRepository, 'streamAll' | 'streamIds'> = {
    streamAll: stream,
    streamIds: stream,
  };
  const compute = {
    run: ({ href }: URL, input: Parameters<typeof take>[0]) =>
      href.includes('fingerprint') ? fingerprint(input) : take(input),
  };
  const batches: Pick<BatchesRepository, 'sources'> = {
    sources: (ids) => Promise.resolve(new Map(named.filter(([id]) => ids.includes(id)))),
  };
  return new SnapshotsService(
    repository as RecordsRepository,
    batches as BatchesRepository,
    compute as unknown as ComputeService,
  );
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
    const { names, licences, rows } = sources!;
    expect([...rows].map((place) => names[place])).toEqual(['batch three', 'feed.csv', 'feed.csv']);
    expect([...rows].map((place) => licences![place])).toEqual([null, 'MIT', 'MIT']);
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

describe("a snapshot's fingerprint without the snapshot", () => {
  it('is the one that the snapshot would have', async () => {
    const snapshots = snapshotsOf(records);
    const { fingerprint } = await snapshots.take(tinyContract());
    expect(await snapshots.fingerprint(tinyContract())).toBe(fingerprint);
  });

  it('leaves out the records that a snapshot leaves out', async () => {
    const contract = tinyContract({ split: { ...tinySource.split, time: 'seen' } });
    const split = { seen: 12 };
    const late = { seen: 'late' };
    const stored = [{ ...records[0], split }, records[1], { ...records[2], split: late }];
    const snapshots = snapshotsOf(stored);
    const { fingerprint } = await snapshots.take(contract);
    expect(await snapshots.fingerprint(contract)).toBe(fingerprint);
    expect(await snapshots.fingerprint(tinyContract())).not.toBe(fingerprint);
  });

  it('is none without records', async () => {
    expect(await snapshotsOf([]).fingerprint(tinyContract())).toBeNull();
  });
});

describe('handing rows over to a thread', () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => i);
  let read: number;
  // eslint-disable-next-line @typescript-eslint/require-await -- the store is a stream
  async function* counted(): AsyncGenerator<number> {
    for (const row of rows) {
      read++;
      yield row;
    }
  }
  const end = (): Promise<string> => Promise.resolve('the end');
  beforeEach(() => (read = 0));

  it('brings all of them in order, and then what comes after them', async () => {
    const { port1, port2 } = new MessageChannel();
    const taken: number[] = [];
    const taking = takeOver<number, string>(port2, (row) => taken.push(row));
    await handOver(port1, counted(), end);
    expect(await taking).toBe('the end');
    expect(taken).toEqual(rows);
  });

  it('reads nothing before they are taken, and no more once nobody takes them', async () => {
    const { port1, port2 } = new MessageChannel();
    const handing = handOver(port1, counted(), end);
    await new Promise((turn) => setTimeout(turn, 20));
    expect(read).toBe(0);
    const taking = takeOver<number, string>(port2, (row) => {
      if (row === 1500) throw new RangeError('row 1500');
    });
    await expect(taking).rejects.toThrow('row 1500');
    await handing;
    expect(read).toBeLessThan(10_000);
  });

  it('fails on the other side where they break off', async () => {
    const { port1, port2 } = new MessageChannel();
    const taking = takeOver<number, string>(port2, () => undefined);
    // eslint-disable-next-line @typescript-eslint/require-await -- the store is a stream
    const broken = (async function* (): AsyncGenerator<number> {
      yield 1;
      throw new Error('the database is away');
    })();
    await expect(handOver(port1, broken, end)).rejects.toThrow('the database is away');
    port1.close();
    await expect(taking).rejects.toThrow('broke off');
  });
});
