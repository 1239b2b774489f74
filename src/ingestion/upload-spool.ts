import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { SpoolFullError, SpoolUnwritableError } from './ingestion.errors.js';
import type { ByteInput } from './readers/byte-source.js';

/** Kept in memory of each upload. */
const memoryBytes = 2 ** 20;
/** Read at a time of what is not. */
const pieceBytes = 64 * 1024;
/** What all uploads under way may take together, in uploads of the largest size. */
const largestUploads = 2;
const fileEnding = '.upload';

/** An upload that has been taken whole. */
export interface SpooledUpload {
  /** Its bytes, from the first. */
  bytes(): AsyncGenerator<Buffer, void, undefined>;
  /** Gives its room back; what was kept is gone. */
  release(): Promise<void>;
}

/**
 * Takes uploads whole before anything is made of them: in memory up to 1 MiB, above that in a file below DATA_DIR/uploads
 * whose name is gone as soon as it is open, so that it goes with the process whatever becomes of that.
 */
@Injectable()
export class UploadSpool implements OnModuleInit {
  private readonly logger = new Logger(UploadSpool.name);
  private readonly folder: string;
  private readonly most: number;
  private taken = 0;

  constructor({ dataDir, uploadLimit }: Environment) {
    this.folder = resolve(dataDir, 'uploads');
    this.most = largestUploads * uploadLimit;
  }

  /** A file has its name for a moment. One that is found has lost its process in that moment. */
  async onModuleInit(): Promise<void> {
    try {
      const left = (await readdir(this.folder)).filter((name) => name.endsWith(fileEnding));
      await Promise.all(left.map((name) => rm(join(this.folder, name), { force: true })));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT') this.logger.warn(`${this.folder} cannot be cleared of old uploads: ${code}`);
    }
  }

  /** Bytes of all uploads that are under way. */
  get bytes(): number {
    return this.taken;
  }

  /** @throws SpoolFullError, SpoolUnwritableError when it cannot be kept; whatever reading the input does */
  async take(input: ByteInput): Promise<SpooledUpload> {
    const file = new SpoolFile(this.folder);
    let count = 0;
    const release = async (): Promise<void> => {
      this.taken -= count;
      count = 0;
      await file.remove();
    };
    try {
      for await (const chunk of input) {
        const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
        if (this.taken + bytes.length > this.most) throw new SpoolFullError();
        this.taken += bytes.length;
        count += bytes.length;
        await file.add(bytes).catch(refuse);
      }
    } catch (error) {
      await release();
      throw error;
    }
    return { bytes: () => file.read(), release };
  }
}

/** Bytes of which the last mebibyte at most is in memory, the rest in a file. */
class SpoolFile {
  private readonly path: string;
  private handle: FileHandle | null = null;
  private written = 0;
  private tail: Uint8Array[] = [];
  private tailBytes = 0;

  constructor(private readonly folder: string) {
    this.path = join(folder, `${randomUUID()}${fileEnding}`);
  }

  async add(bytes: Uint8Array): Promise<void> {
    this.tail.push(bytes);
    this.tailBytes += bytes.length;
    if (this.tailBytes <= memoryBytes) return;
    this.handle ??= await this.open();
    await this.handle.writeFile(Buffer.concat(this.tail));
    this.written += this.tailBytes;
    this.tail = [];
    this.tailBytes = 0;
  }

  async *read(): AsyncGenerator<Buffer, void, undefined> {
    for (let at = 0; at < this.written;) {
      // A piece is the reader's to keep.
      const { bytesRead, buffer } = await this.handle!.read(
        Buffer.allocUnsafe(pieceBytes),
        0,
        pieceBytes,
        at,
      );
      if (bytesRead === 0) throw new Error(`the spool file ends at byte ${at} of ${this.written}`);
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
    for (const bytes of this.tail) yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  async remove(): Promise<void> {
    this.tail = [];
    const { handle } = this;
    if (handle === null) return;
    this.handle = null;
    await handle.close();
    await rm(this.path, { force: true });
  }

  private async open(): Promise<FileHandle> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const handle = await open(this.path, 'wx+', 0o600);
    // Windows keeps the name of a file that is open.
    if (process.platform !== 'win32') await rm(this.path, { force: true });
    return handle;
  }
}

/** @throws SpoolFullError, SpoolUnwritableError in place of what the file system says */
function refuse(cause: NodeJS.ErrnoException): never {
  const isFull = cause.code === 'ENOSPC' || cause.code === 'EDQUOT';
  throw isFull ? new SpoolFullError({ cause }) : new SpoolUnwritableError(cause.code, { cause });
}
