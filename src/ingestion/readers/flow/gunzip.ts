import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ByteInput } from '../byte-source.js';

/** What has gone wrong with a compressed log, if anything: text up to the damage is read all the same. */
export interface GunzipState {
  damage: string | null;
}

/** Unpacks an input that is gzip (RFC 1952), one member or several, and passes any other on as it is. */
export async function* gunzipped(input: ByteInput, state: GunzipState): AsyncGenerator<Buffer> {
  const iterator = input[Symbol.asyncIterator]();
  const beginning = await firstBytes(iterator);
  const all = chunks(beginning, iterator);
  if (beginning[0] !== 0x1f || beginning[1] !== 0x8b) yield* all;
  else yield* unpack(all, state);
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
