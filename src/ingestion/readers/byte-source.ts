import { createHash } from 'node:crypto';

/** What can be read: a file, stdin or an upload (`Readable`), or any other pulled sequence of bytes. */
export type ByteInput = AsyncIterable<Uint8Array | string>;

/** Bytes looked at before anything is decided about an input. */
export const headBytes = 64 * 1024;

/**
 * Counts and digests the bytes of an input on their way through, and lets the first of them be looked at
 * twice. Pulled: a chunk is asked for when the one before it is used up.
 */
export class ByteSource {
  private readonly iterator: AsyncIterator<Uint8Array | string>;
  private readonly hash = createHash('sha256');
  private readonly seen: Buffer[] = [];
  private received = 0;
  private ended = false;
  private sha256: string | null = null;
  private broken: { readonly error: unknown } | null = null;

  constructor(
    input: ByteInput,
    private readonly onBytes?: (bytes: number) => void,
  ) {
    this.iterator = input[Symbol.asyncIterator]();
  }

  /** Bytes received so far. */
  get bytes(): number {
    return this.received;
  }

  /** sha256 of all bytes as received, in hex. @throws Error before the end of the input. */
  digest(): string {
    if (!this.ended) throw new Error('digest: the input has not been read to its end');
    return (this.sha256 ??= this.hash.digest('hex'));
  }

  /** Why the input ended before its end, if it did. */
  get failure(): { readonly error: unknown } | null {
    return this.broken;
  }

  /**
   * The first 64 KiB, or all there is when `complete`. `chunks` gives them again. An input that breaks off among them is
   * one that breaks off behind them: what has come of it can be used, and `chunks` ends with the error.
   */
  async head(): Promise<{ bytes: Buffer; complete: boolean }> {
    while (this.received < headBytes) {
      const chunk = await this.pullOrBreak();
      if (chunk === null) break;
      this.seen.push(chunk);
    }
    if (this.broken && this.received === 0) throw this.broken.error;
    const all = Buffer.concat(this.seen);
    return { bytes: all.subarray(0, headBytes), complete: this.ended && all.length <= headBytes };
  }

  async *chunks(): AsyncGenerator<Buffer> {
    yield* this.seen.splice(0);
    if (this.broken) throw this.broken.error;
    for (let chunk = await this.pull(); chunk !== null; chunk = await this.pull()) yield chunk;
  }

  /** Stops reading; a `Readable` is destroyed. */
  async close(): Promise<void> {
    if (!this.ended) await this.iterator.return?.();
  }

  private async pullOrBreak(): Promise<Buffer | null> {
    try {
      return await this.pull();
    } catch (error) {
      this.broken = { error };
      return null;
    }
  }

  private async pull(): Promise<Buffer | null> {
    const next = await this.iterator.next();
    if (next.done) {
      this.ended = true;
      return null;
    }
    const chunk = toBuffer(next.value);
    this.hash.update(chunk);
    this.received += chunk.length;
    this.onBytes?.(this.received);
    return chunk;
  }
}

function toBuffer(chunk: Uint8Array | string): Buffer {
  if (typeof chunk === 'string') return Buffer.from(chunk);
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
