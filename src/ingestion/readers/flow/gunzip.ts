import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ByteInput } from '../byte-source.js';
import { ReaderError } from '../reader.errors.js';

/** What has gone wrong with a compressed log, if anything: text up to the damage is read all the same. */
export interface GunzipState {
  damage: string | null;
}

/** Logs of sensors unpack to five to twenty times their bytes; a few thousand bytes of one line over and over to more. */
const mostRatio = 100;
const freeBytes = 256 * 1024;

/**
 * Unpacks an input that is gzip (RFC 1952), one member or several, and passes any other on as it is.
 * @param most bytes that an input from elsewhere may unpack to, which is held to 256 KiB and 100 times its packed bytes
 * besides; one's own has no bound when absent
 * @throws ReaderError `INPUT_TOO_LARGE` as soon as it is more
 */
export async function* gunzipped(
  input: ByteInput,
  state: GunzipState,
  most: number | null = null,
): AsyncGenerator<Buffer> {
  const iterator = input[Symbol.asyncIterator]();
  const beginning = await firstBytes(iterator);
  const all = chunks(beginning, iterator);
  if (beginning[0] !== 0x1f || beginning[1] !== 0x8b) yield* all;
  else if (most === null) yield* unpack(all, state);
  else {
    const packed = new CountedBytes(all);
    yield* bounded(unpack(packed.chunks(), state), packed, most);
  }
}

async function* chunks(
  beginning: Buffer,
  iterator: AsyncIterator<Uint8Array | string>,
): AsyncGenerator<Buffer> {
  try {
    yield beginning;
    for (let next = await iterator.next(); !next.done; next = await iterator.next())
      yield toBuffer(next.value);
  } finally {
    await iterator.return?.();
  }
}

function toBuffer(chunk: Uint8Array | string): Buffer {
  return typeof chunk === 'string'
    ? Buffer.from(chunk)
    : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

async function firstBytes(iterator: AsyncIterator<Uint8Array | string>): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  while (bytes.length < 2) {
    const next = await iterator.next();
    if (next.done) break;
    bytes = Buffer.concat([bytes, toBuffer(next.value)]);
  }
  return bytes;
}

class CountedBytes {
  count = 0;

  constructor(private readonly bytes: AsyncIterable<Buffer>) {}

  async *chunks(): AsyncGenerator<Buffer> {
    for await (const chunk of this.bytes) {
      this.count += chunk.length;
      yield chunk;
    }
  }
}

async function* bounded(
  unpacked: AsyncIterable<Buffer>,
  packed: CountedBytes,
  most: number,
): AsyncGenerator<Buffer> {
  let count = 0;
  for await (const chunk of unpacked) {
    count += chunk.length;
    if (count > most) throw tooLarge(`${Math.round(most / 2 ** 20)} MB (UPLOAD_LIMIT_MB)`);
    if (count > freeBytes + mostRatio * packed.count) {
      throw tooLarge(`${freeBytes / 1024} KiB and ${mostRatio} times its packed bytes; send it unpacked`);
    }
    yield chunk;
  }
}

function tooLarge(bound: string): ReaderError {
  return new ReaderError('INPUT_TOO_LARGE', `The gzip unpacks to more than it may: ${bound}.`);
}

async function* unpack(bytes: AsyncIterable<Buffer>, state: GunzipState): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const source = Readable.from(bytes, { objectMode: false });
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    if (!isDamage(error)) throw error;
    state.damage = error.message;
  } finally {
    source.destroy();
  }
}

/** By what it holds, for an error from another context is no `instanceof` this one's. */
function isDamage(error: unknown): error is Error {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('Z_')
  );
}
