import { type FileHandle, open } from 'node:fs/promises';
import { gunzipped, type GunzipState } from '../../ingestion/readers/flow/gunzip.js';

/** What tells a file from others as long as it is there. */
export interface FileIdentity {
  readonly device: string;
  readonly inode: string;
}

export interface FileState extends FileIdentity {
  /** Bytes; those of a compressed file are not known. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

/** An open file: it stays the same one however it is renamed, and whatever takes its name. */
export interface LogFile {
  readonly path: string;
  /** Whether nothing is ever added to it. */
  readonly isComplete: boolean;
  state(): Promise<FileState>;
  /** The next bytes from there on, none at the present end. Of compressed files each byte can be read once. */
  read(offset: number): Promise<Buffer>;
  /** The first bytes, or all there are. */
  head(bytes: number): Promise<Buffer>;
  close(): Promise<void>;
}

const chunkBytes = 256 * 1024;

export function isSameFile(a: FileIdentity, b: FileIdentity): boolean {
  return a.inode === b.inode && a.device === b.device;
}

/** @returns null where there is no such file */
export async function openLogFile(path: string): Promise<LogFile | null> {
  try {
    const handle = await open(path, 'r');
    return path.endsWith('.gz') ? new GzipFile(path, handle) : new PlainFile(path, handle);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

abstract class HeldFile {
  constructor(
    readonly path: string,
    protected readonly handle: FileHandle,
  ) {}

  async state(): Promise<FileState> {
    const { dev, ino, size, mtimeNs } = await this.handle.stat({ bigint: true });
    return {
      device: String(dev),
      inode: String(ino),
      size: Number(size),
      modified: Number(mtimeNs) / 1e6,
    };
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  protected async readAt(offset: number, bytes: number): Promise<Buffer> {
    const { buffer, bytesRead } = await this.handle.read(Buffer.allocUnsafe(bytes), 0, bytes, offset);
    return buffer.subarray(0, bytesRead);
  }
}

class PlainFile extends HeldFile implements LogFile {
  readonly isComplete = false;

  read(offset: number): Promise<Buffer> {
    return this.readAt(offset, chunkBytes);
  }

  head(bytes: number): Promise<Buffer> {
    return this.readAt(0, bytes);
  }
}

/** What was compressed after it had been rotated. */
class GzipFile extends HeldFile implements LogFile {
  readonly isComplete = true;
  private readonly gzip: GunzipState = { damage: null };
  private chunks: AsyncGenerator<Buffer> | null = null;
  private position = 0;

  async read(offset: number): Promise<Buffer> {
    this.chunks ??= this.unpack();
    for (;;) {
      const next = await this.chunks.next();
      if (next.done) return Buffer.alloc(0);
      this.position += next.value.length;
      const left = this.position - offset;
      if (left > 0) return left < next.value.length ? next.value.subarray(-left) : next.value;
    }
  }

  async head(bytes: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let length = 0;
    for await (const part of this.unpack()) {
      parts.push(part);
      length += part.length;
      if (length >= bytes) break;
    }
    return Buffer.concat(parts).subarray(0, bytes);
  }

  override async close(): Promise<void> {
    await this.chunks?.return(undefined);
    await super.close();
  }

  private unpack(): AsyncGenerator<Buffer> {
    return gunzipped(this.packed(), this.gzip);
  }

  /** A stream would close the file with itself. */
  private async *packed(): AsyncGenerator<Buffer> {
    for (let at = 0; ;) {
      const part = await this.readAt(at, chunkBytes);
      if (part.length === 0) return;
      at += part.length;
      yield part;
    }
  }
}
