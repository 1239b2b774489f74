import { tinyContract, tinySource } from '../detector/fixtures/tiny-contract.js';
import type { BatchesRepository } from './batches.repository.js';
import type { StoredRecord } from './record.schema.js';
import type { RecordsRepository } from './records.repository.js';
import { SnapshotsService } from './snapshots.service.js';

const row = { having_IP: 1, duration: 2.5, protocol: 'icmp' };
const records = ['b', 'c', 'a'].map((_id): StoredRecord => ({
  _id,
  detector: 'tiny',
  label: 0,
  row,
  batch: 'x',
  line: 1,
}));

function snapshotsOf(stored: readonly StoredRecord[]): SnapshotsService {
  // eslint-disable-next-line @typescript-eslint/require-await -- the store is a stream
  const stream = async function* (): AsyncGenerator<StoredRecord> {
    yield* stored;
  };
  return new SnapshotsService(
    { streamAll: stream, streamIds: stream } as unknown as RecordsRepository,
    { sourceNames: () => Promise.resolve(new Map()) } as unknown as BatchesRepository,
  );
}

describe("a snapshot's fingerprint without the snapshot", () => {
  it('is the one that the snapshot would have', async () => {
    const snapshots = snapshotsOf(records);
    const { fingerprint } = await snapshots.take(tinyContract());
    expect(await snapshots.fingerprint(tinyContract())).toBe(fingerprint);
  });

  it('leaves out the records that a snapshot leaves out', async () => {
    const contract = tinyContract({ split: { ...tinySource.split, time: 'seen' } });
    const split = { seen: 12 };
    const stored = [{ ...records[0], split }, records[1], { ...records[2], split: { seen: 'late' } }];
    const snapshots = snapshotsOf(stored);
    const { fingerprint } = await snapshots.take(contract);
    expect(await snapshots.fingerprint(contract)).toBe(fingerprint);
    expect(await snapshots.fingerprint(tinyContract())).not.toBe(fingerprint);
  });

  it('is none without records', async () => {
    expect(await snapshotsOf([]).fingerprint(tinyContract())).toBeNull();
  });
});
