import { createHash } from 'node:crypto';
import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import { NoRecordsError } from './ingestion.errors.js';
import type { StoredRecord } from './record.schema.js';
import type { RecordsRepository } from './records.repository.js';
import { SnapshotsService } from './snapshots.service.js';

type Read = Pick<StoredRecord, '_id' | 'label' | 'row'>;

const records: Read[] = [
  { _id: 'b', label: 0, row: { having_IP: 1, duration: 2.5, protocol: 'icmp' } },
  { _id: 'c', label: 0, row: { having_IP: 0, duration: null, protocol: null } },
  { _id: 'a', label: 1, row: { having_IP: -1, duration: 0, protocol: 'tcp' } },
];

function snapshotsOf(stored: readonly Read[]): SnapshotsService {
  const repository: Pick<RecordsRepository, 'streamAll'> = {
    // eslint-disable-next-line @typescript-eslint/require-await -- the store is a stream
    async *streamAll(detector) {
      if (detector === 'tiny') yield* stored;
    },
  };
  return new SnapshotsService(repository as RecordsRepository);
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

  it('lies in memory that threads share', async () => {
    const { x, y } = await snapshotsOf(records).take(tinyContract());
    expect([x.data.buffer, y.buffer].map((buffer) => buffer.constructor.name)).toEqual([
      'SharedArrayBuffer',
      'SharedArrayBuffer',
    ]);
  });

  it('marks what the contract does not have any more, and misses what it did not have yet', async () => {
    const stored: Read[] = [{ _id: 'a', label: 1, row: { having_IP: 1, protocol: 'sctp', gone: 5 } }];
    const { x } = await snapshotsOf(stored).take(tinyContract());
    expect([...x.row(0)]).toEqual([1, NaN, -1]);
  });

  it('is not taken of nothing', async () => {
    await expect(snapshotsOf([]).take(tinyContract())).rejects.toThrow(NoRecordsError);
  });
});
