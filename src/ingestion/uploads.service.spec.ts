import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import type { Upload } from '../common/upload.js';
import type { Environment } from '../config/environment.js';
import type { ContractsService } from '../detector/contracts.service.js';
import { DetectorUnknownError } from '../detector/detector.errors.js';
import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import { FileMissingError, UploadTooLargeError } from './ingestion.errors.js';
import type { IngestionService, PushOptions } from './ingestion.service.js';
import type { ReadRow, RowReader } from './readers/reader.js';
import { UploadSpool } from './upload-spool.js';
import { UploadsService } from './uploads.service.js';

const limit = 1024 * 1024;
const header = Buffer.from(`a,${'b'.repeat(1021)}\n`); // 1 KiB, as each row
const row = `1,${'2'.repeat(1021)}\n`;
const chunk = Buffer.from(row.repeat(64));

const contracts = {
  get: (detector: string) => {
    if (detector !== 'tiny') throw new DetectorUnknownError(detector, ['tiny'], null);
    return tinyContract();
  },
} as unknown as ContractsService;

class FakeIngestion {
  readonly pushed: (PushOptions & { detector: string; format: string })[] = [];

  push(detector: string, reader: RowReader, options: PushOptions): Promise<void> {
    this.pushed.push({ detector, format: reader.format, ...options });
    return Promise.resolve();
  }
}

async function rowsOf(reader: RowReader): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const row of reader.rows()) rows.push(row);
  return rows;
}

describe('uploads', () => {
  let ingestion: FakeIngestion;
  let uploads: UploadsService;
  const stream = (readable: Readable, announced = NaN): Upload => ({
    kind: 'stream',
    name: 'request',
    stream: readable,
    announced,
  });

  beforeEach(() => {
    ingestion = new FakeIngestion();
    const environment = { uploadLimit: limit, dataDir: 'none' } as Environment;
    const spool = new UploadSpool(environment);
    uploads = new UploadsService(environment, contracts, ingestion as unknown as IngestionService, spool);
  });

  it('are read up to the limit', async () => {
    const rest = Buffer.from(row.repeat(63));
    const input = Readable.from([header, ...new Array<Buffer>(15).fill(chunk), rest]);
    const reader = await uploads.open(stream(input), 'tiny');
    expect(await rowsOf(reader)).toHaveLength(1023);
    expect(reader.bytes).toBe(limit);
  });

  it('end with an error one byte above the limit', async () => {
    const rest = Buffer.from(`${row.repeat(63)}\n`);
    const input = Readable.from([header, ...new Array<Buffer>(15).fill(chunk), rest]);
    const reader = await uploads.open(stream(input), 'tiny');
    await expect(rowsOf(reader)).rejects.toThrow(UploadTooLargeError);
  });

  it('are refused unread when they announce more than the limit', async () => {
    const input = Readable.from([chunk]);
    await expect(uploads.open(stream(input, limit + 1), 'tiny')).rejects.toThrow(UploadTooLargeError);
    expect(input).toMatchObject({ destroyed: true, readableDidRead: false });
  });

  it('end with the error of the connection', async () => {
    const request = new PassThrough();
    request.write(header);
    request.write(chunk);
    request.write(chunk);
    const rows = rowsOf(await uploads.open(stream(request), 'tiny'));
    request.destroy(new Error('connection reset'));
    await expect(rows).rejects.toThrow('connection reset');
  });

  it('are read in the format that their type names', async () => {
    const input = Readable.from([Buffer.from('{"a": 1}\n')]);
    const reader = await uploads.open({ ...stream(input), format: 'csv' } as Upload, 'tiny');
    expect(reader).toMatchObject({ format: 'csv', columns: ['{"a": 1}'] });
  });

  it('may be records of a JSON body', async () => {
    const reader = await uploads.open({ kind: 'records', records: [{ a: 1 }] }, 'tiny');
    expect(await rowsOf(reader)).toEqual([{ line: 1, values: { a: 1 }, raw: '{"a":1}' }]);
  });

  it('are pushed under their name', async () => {
    await uploads.push('tiny', { kind: 'records', records: [{ a: 1 }] }, { ignoreColumns: ['host'] });
    await uploads.push('tiny', { ...stream(Readable.from(['a\n1\n'])), name: 'a.csv' } as Upload);
    expect(ingestion.pushed).toEqual([
      { detector: 'tiny', format: 'json', name: 'request', ignoreColumns: ['host'] },
      { detector: 'tiny', format: 'csv', name: 'a.csv' },
    ]);
  });

  it('of an unknown detector are not opened', async () => {
    const input = Readable.from([chunk]);
    await expect(uploads.push('dns', stream(input))).rejects.toThrow(DetectorUnknownError);
    expect(input.readableDidRead).toBe(false);
  });
});

describe('files', () => {
  const environment = { uploadLimit: 1, dataDir: 'none' } as Environment;
  const spool = new UploadSpool(environment);
  const uploads = new UploadsService(environment, contracts, {} as IngestionService, spool);
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'netwarden-uploads-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('have no limit', async () => {
    const file = join(folder, 'a.csv');
    writeFileSync(file, 'a,b\n1,2\n');
    expect(await rowsOf(await uploads.openFile(file, 'tiny'))).toHaveLength(1);
  });

  it('that are not there, or folders, are refused by name', async () => {
    const missing = join(folder, 'none.csv');
    await expect(uploads.openFile(missing, 'tiny')).rejects.toThrow(FileMissingError);
    await expect(uploads.openFile(missing, 'tiny')).rejects.toThrow(
      `'${missing}' cannot be read: there is no such file`,
    );
    await expect(uploads.openFile(folder, 'tiny')).rejects.toThrow('it is not a file');
  });
});
