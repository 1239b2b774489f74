import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ContractsService } from '../detector/contracts.service.js';
import { HeaderMismatchError } from '../detector/detector.errors.js';
import { tinyContract, tinySource } from '../detector/fixtures/tiny-contract.js';
import type { Batch } from './batch.schema.js';
import type { BatchesRepository } from './batches.repository.js';
import { IngestionService } from './ingestion.service.js';
import { openReader } from './readers/reader.js';
import type { StoredRecord } from './record.schema.js';
import type { RecordsRepository } from './records.repository.js';
import type { RejectedRecord } from './rejected-record.schema.js';

/** Keeps records and batches as the database would. */
class FakeStore {
  readonly records = new Map<string, StoredRecord>();
  readonly rejected: RejectedRecord[] = [];
  readonly firsts: number[] = [];
  readonly chunks: number[] = [];
  readonly saved: Batch[] = [];
  opened = 0;
  failure: Error | undefined;
  /** Chunks that are stored before `failure`. */
  failAfter = 0;

  storeNew(records: readonly StoredRecord[]): Promise<number> {
    if (this.failure && this.chunks.length >= this.failAfter) return Promise.reject(this.failure);
    this.chunks.push(records.length);
    const fresh = records.filter(({ _id }) => !this.records.has(_id));
    fresh.forEach((record) => this.records.set(record._id, record));
    return Promise.resolve(fresh.length);
  }

  open(detector: string, source: Batch['source']): Promise<Batch> {
    this.opened++;
    const now = new Date(0);
    const counts = { read: 0, stored: 0, known: 0, rejected: 0 };
    return Promise.resolve({
      _id: `batch ${this.opened}`,
      detector,
      status: 'receiving',
      source,
      ...counts,
      createdAt: now,
      updatedAt: now,
    });
  }

  save(batch: Batch): Promise<void> {
    this.saved.push(structuredClone(batch));
    return Promise.resolve();
  }

  addRejected(_batch: string, first: number, rows: readonly RejectedRecord[]): Promise<void> {
    if (rows.length > 0) this.firsts.push(first);
    this.rejected.push(...rows);
    return Promise.resolve();
  }
}

const contracts = { get: () => tinyContract() } as unknown as ContractsService;
const header = 'having_IP,duration,protocol,Result\n';
const rowsOf = (count: number): string =>
  Array.from({ length: count }, (_, i) => `1,${i / 100},tcp,1\n`).join('');

describe('pushing rows', () => {
  let store: FakeStore;
  let ingestion: IngestionService;
  const push = async (
    text: string | Readable,
    onProgress?: (batch: Readonly<Batch>) => void,
  ): ReturnType<IngestionService['push']> => {
    const input = typeof text === 'string' ? Readable.from([Buffer.from(text)]) : text;
    return ingestion.push('tiny', await openReader(input), {
      name: 'a.csv',
      ...(onProgress && { onProgress }),
    });
  };

  beforeEach(() => {
    store = new FakeStore();
    ingestion = new IngestionService(
      contracts,
      store as unknown as RecordsRepository,
      store as unknown as BatchesRepository,
    );
  });

  it('stores each row by feature name, with its label, line and batch', async () => {
    await push(`${header}-1,2.5,UDP,phishing\n?,,icmp,1\n`);
    expect([...store.records.values()]).toEqual([
      {
        _id: expect.stringMatching(/^[0-9a-f]{32}$/),
        detector: 'tiny',
        batch: 'batch 1',
        line: 2,
        label: 1,
        row: { having_IP: -1, duration: 2.5, protocol: 'udp' },
      },
      expect.objectContaining({
        line: 3,
        label: 0,
        row: { having_IP: null, duration: null, protocol: 'icmp' },
      }),
    ]);
  });

  it('counts what it read, stored, knew and rejected, and digests the bytes', async () => {
    const text = `${header}1,1,tcp,1\n1,1,tcp,1\n1,2,tcp,1\n1,1,sctp,1\n1,1\n`;
    const first = await push(text);
    expect(first).toMatchObject({ status: 'complete', read: 5, stored: 3, known: 0, rejected: 2 });
    expect(first.source).toEqual({
      name: 'a.csv',
      format: 'csv',
      bytes: text.length,
      sha256: createHash('sha256').update(text).digest('hex'),
    });
    expect(await push(`${text}1,3,tcp,1\n`)).toMatchObject({ read: 6, stored: 1, known: 3, rejected: 2 });
    expect(store.records.size).toBe(4);
    expect(store.saved.at(-1)).toMatchObject({ _id: 'batch 2', status: 'complete' });
  });

  it('keeps each rejected row with line, reasons and text', async () => {
    await push(`${header}9,-1,tcp,1\n`);
    expect(store.rejected).toEqual([
      {
        line: 2,
        raw: '9,-1,tcp,1',
        reasons: [
          { path: 'having_IP', message: 'is 9; allowed are -1, 0, 1' },
          { path: 'duration', message: 'is -1; it must lie between 0 and 100' },
        ],
      },
    ]);
  });

  it('stores a thousand rows at a time and tells after each of them', async () => {
    const reported: number[] = [];
    const batch = await push(header + rowsOf(2500), ({ read }) => reported.push(read));
    expect(store.chunks).toEqual([1000, 1000, 500]);
    expect(reported).toEqual([1000, 2000, 2500]);
    expect(batch.stored).toBe(2500);
  });

  it('counts rejected rows into the thousand', async () => {
    await push(`${header}${'9,1,tcp,1\n'.repeat(1500)}${rowsOf(1)}`);
    expect(store.chunks).toEqual([0, 1]);
    expect(store.rejected).toHaveLength(1500);
    expect(store.firsts).toEqual([0, 1000]);
  });

  it('keeps the first 5,000 rejected rows and counts the others', async () => {
    const batch = await push(`${header}${'9,1,tcp,1\n'.repeat(6500)}${rowsOf(1)}`);
    expect(batch).toMatchObject({ read: 6501, stored: 1, rejected: 6500 });
    expect(store.rejected.map(({ line }) => line)).toEqual(Array.from({ length: 5000 }, (_, i) => i + 2));
  });

  it('keeps the first reasons of a row that has very many, cut to a length', async () => {
    const strange = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`${i}${'x'.repeat(2000)}`, 1]));
    const good = { having_IP: 1, duration: 1, protocol: 'tcp', Result: 1 };
    await push(`${JSON.stringify(good)}\n${JSON.stringify(strange)}\n`);
    const [{ reasons }] = store.rejected;
    expect(reasons).toHaveLength(51);
    expect(reasons[50].message).toMatch(/^and \d+ more$/);
    expect(Math.max(...reasons.map(({ path = '' }) => path.length))).toBeLessThan(600);
  });

  it('makes a batch of a file without rows', async () => {
    expect(await push(header)).toMatchObject({ status: 'complete', read: 0, stored: 0 });
  });

  it('opens no batch for an input that does not fit', async () => {
    await expect(push('a,b\n1,2\n')).rejects.toThrow(HeaderMismatchError);
    expect([store.opened, store.saved]).toEqual([0, []]);
  });

  it('leaves a batch interrupted, with what was stored, when the store fails', async () => {
    Object.assign(store, { failure: new Error('gone'), failAfter: 1 });
    await expect(push(header + rowsOf(2500))).rejects.toThrow('gone');
    expect(store.saved.at(-1)).toMatchObject({ status: 'interrupted', read: 1000, stored: 1000 });
    expect(store.saved.at(-1)!.source.sha256).toBeNull();
  });

  it('leaves a batch interrupted when the input breaks off', async () => {
    const broken = Readable.from(
      (function* () {
        yield Buffer.from(header + rowsOf(10_000));
        throw new Error('broken off');
      })(),
    );
    await expect(push(broken)).rejects.toThrow('broken off');
    expect(store.saved.at(-1)!.status).toBe('interrupted');
    expect(store.saved.at(-1)!.stored).toBe(store.records.size);
  });

  it('closes the input when no batch can be opened', async () => {
    store.open = () => Promise.reject(new Error('gone'));
    const input = Readable.from(
      (function* () {
        yield Buffer.from(header);
        for (;;) yield Buffer.from(rowsOf(1000));
      })(),
    );
    await expect(push(input)).rejects.toThrow('gone');
    expect(input.destroyed).toBe(true);
  });
});

describe('pushing rows of a contract with split columns', () => {
  const split = tinyContract({
    group: { column: 'capture' },
    split: { ...tinySource.split, time: 'seen_at' },
  });

  const pushed = async (text: string): Promise<FakeStore> => {
    const store = new FakeStore();
    const ingestion = new IngestionService(
      { get: () => split } as unknown as ContractsService,
      store as unknown as RecordsRepository,
      store as unknown as BatchesRepository,
    );
    await ingestion.push('tiny', await openReader(Readable.from([Buffer.from(text)])), { name: 'a' });
    return store;
  };
  const csv = 'having_IP,duration,protocol,Result,capture,seen_at\n';

  it('keeps them with the record, the same from CSV and from NDJSON', async () => {
    const fromCsv = await pushed(`${csv}1,2,tcp,1,7,1970-01-01T00:01:00Z\n`);
    const record = { having_IP: 1, duration: 2, protocol: 'tcp', Result: 1, capture: 7, seen_at: 60 };
    const fromJson = await pushed(`${JSON.stringify(record)}\n`);
    const [[id, stored]] = fromCsv.records;
    expect(stored).toMatchObject({
      row: { having_IP: 1, duration: 2, protocol: 'tcp' },
      split: { capture: '7', seen_at: 60 },
    });
    expect([...fromJson.records.keys()]).toEqual([id]);
  });

  it('rejects rows that lack one, with the reason', async () => {
    const { records, rejected } = await pushed(`${csv}1,2,tcp,1,,60\n1,2,tcp,1,a,never\n1,2,tcp,1,a,60\n`);
    expect(records.size).toBe(1);
    expect(rejected.map(({ line, reasons }) => [line, reasons[0].path])).toEqual([
      [2, 'capture'],
      [3, 'seen_at'],
    ]);
    expect(rejected[0].reasons).toEqual([{ path: 'capture', message: 'is missing' }]);
  });

  it('refuses a file without them', async () => {
    await expect(pushed(`${header}1,2,tcp,1\n`)).rejects.toThrow(HeaderMismatchError);
  });
});
