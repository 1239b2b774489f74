import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Environment } from '../config/environment.js';
import { type SpooledUpload, UploadSpool } from './upload-spool.js';

const mebibyte = 2 ** 20;

const pattern = Buffer.from(Array.from({ length: 251 * 251 }, (_, i) => i % 251));

/** Pieces of a size that the bytes in them do not recur by. */
function* pieces(bytes: number): Generator<Buffer> {
  for (let at = 0; at < bytes; at += pattern.length - 1) {
    yield pattern.subarray(0, Math.min(pattern.length - 1, bytes - at));
  }
}

async function read(upload: SpooledUpload): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of upload.bytes()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('an upload that is taken whole', () => {
  let dataDir: string;
  let spool: UploadSpool;
  const files = (): string[] => {
    const folder = join(dataDir, 'uploads');
    return existsSync(folder) ? readdirSync(folder) : [];
  };

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'netwarden-spool-'));
    spool = new UploadSpool({ dataDir, uploadLimit: 2 * mebibyte } as Environment);
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it.each([0, 1, mebibyte, mebibyte + 1, 3 * mebibyte + 17])(
    'comes out as it went in: %d bytes',
    async (size) => {
      const upload = await spool.take(Readable.from(pieces(size)));
      expect((await read(upload)).equals(Buffer.concat([...pieces(size)]))).toBe(true);
      expect(spool.bytes).toBe(size);
      await upload.release();
      expect(spool.bytes).toBe(0);
    },
  );

  it('needs no folder up to a mebibyte, and leaves no file above it', async () => {
    const small = await spool.take(Readable.from(pieces(mebibyte)));
    expect(existsSync(join(dataDir, 'uploads'))).toBe(false);
    const large = await spool.take(Readable.from(pieces(2 * mebibyte)));
    if (process.platform !== 'win32') expect(files()).toEqual([]);
    await Promise.all([small.release(), large.release(), large.release()]);
    expect([files(), spool.bytes]).toEqual([[], 0]);
  });

  it('is refused where others leave no room for it, and has it once they are done', async () => {
    const first = await spool.take(Readable.from(pieces(2 * mebibyte)));
    const second = await spool.take(Readable.from(pieces(2 * mebibyte)));
    await expect(spool.take(Readable.from(pieces(1)))).rejects.toMatchObject({ code: 'OVERLOADED' });
    await first.release();
    const third = await spool.take(Readable.from(pieces(2 * mebibyte)));
    await Promise.all([second.release(), third.release()]);
    expect([files(), spool.bytes]).toEqual([[], 0]);
  });

  it('leaves nothing behind when its sender breaks off', async () => {
    const broken = Readable.from(
      (function* () {
        yield* pieces(3 * mebibyte);
        throw new Error('broken off');
      })(),
    );
    await expect(spool.take(broken)).rejects.toThrow('broken off');
    expect([files(), spool.bytes]).toEqual([[], 0]);
  });

  it('leaves nothing behind when it cannot be kept', async () => {
    writeFileSync(join(dataDir, 'uploads'), 'no folder');
    const input = Readable.from(pieces(3 * mebibyte));
    await expect(spool.take(input)).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringContaining('cannot be written (EEXIST)'),
    });
    expect([spool.bytes, input.destroyed]).toEqual([0, true]);
  });

  it('is removed at the next start where its process ended as it was opened, and nothing else is', async () => {
    await spool.onModuleInit();
    mkdirSync(join(dataDir, 'uploads'));
    writeFileSync(join(dataDir, 'uploads', 'left.upload'), 'half');
    writeFileSync(join(dataDir, 'uploads', 'notes.txt'), 'mine');
    await spool.onModuleInit();
    expect(files()).toEqual(['notes.txt']);
  });
});
