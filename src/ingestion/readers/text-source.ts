import { refuseBinary } from './binary.js';
import type { ByteSource } from './byte-source.js';
import { ReaderError } from './reader.errors.js';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | FallbackEncoding;

/** What text that is not UTF-8 may be taken for; in ISO 8859-1 any bytes are some text. */
export type FallbackEncoding = 'latin1';

/** The beginning of an input, decoded, without byte order mark. */
export interface Head {
  readonly text: string;
  /** Whether `text` is the whole input. */
  readonly complete: boolean;
}

/** An input known to begin as text. */
export interface TextSource {
  /** That of the bytes that were read so far: the fallback's name once a line was read as it. */
  readonly encoding: Encoding;
  readonly head: Head;
  /** What its lines are that are not UTF-8; null where such a line is a problem. Taking it is noted. */
  readonly fallback: (() => FallbackEncoding) | null;
  /** All of it as UTF-8 without byte order mark; bytes behind the head may still be invalid. */
  utf8(): AsyncGenerator<Buffer>;
}

/**
 * Decides from the first 64 KiB whether an input is text, and in which encoding: UTF-8 unless a byte order
 * mark says UTF-16, or every other byte is zero.
 *
 * @throws ReaderError `EMPTY_INPUT`, `BINARY_INPUT` or `UNREADABLE_ENCODING`.
 */
export async function openText(
  source: ByteSource,
  fallback: FallbackEncoding | null = null,
): Promise<TextSource> {
  const { bytes, complete } = await source.head();
  const { encoding, markBytes } = byteOrderMark(bytes) ?? unmarked(bytes);
  if (encoding === 'utf-8') refuseBinary(bytes);
  const text = decodeHead(bytes, encoding, complete, fallback);
  if (complete && text.trim() === '') {
    throw new ReaderError('EMPTY_INPUT', 'The input is empty. Send a header and rows, or one object a line.');
  }
  let read: Encoding = encoding;
  return {
    get encoding() {
      return read;
    },
    head: { text, complete },
    fallback: fallback && (() => (read = fallback)),
    utf8: () => (encoding === 'utf-8' ? skipBytes(source.chunks(), markBytes) : transcode(source, encoding)),
  };
}

/** Offset at which the first sequence that is not UTF-8 begins; the length when there is none. */
export function firstInvalidByte(bytes: Uint8Array): number {
  let [valid, invalid] = [0, bytes.length];
  while (valid < invalid) {
    const middle = (valid + invalid) >> 1;
    if (decode(bytes.subarray(0, middle + 1), 'utf-8', false) === null) invalid = middle;
    else valid = middle + 1;
  }
  // The byte that cannot follow is at most three behind the one that began its sequence.
  while (decode(bytes.subarray(0, valid), 'utf-8', true) === null) valid--;
  return valid;
}

export function notUtf8(offset: number): ReaderError {
  return new ReaderError(
    'UNREADABLE_ENCODING',
    `The input is not UTF-8: byte ${offset} is invalid. Convert it first, for example with iconv -f WINDOWS-1252 -t UTF-8.`,
  );
}

type Transported = Exclude<Encoding, FallbackEncoding>;
type Marked = { readonly encoding: Transported; readonly markBytes: number };

function byteOrderMark(bytes: Buffer): Marked | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8', markBytes: 3 };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', markBytes: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', markBytes: 2 };
  return null;
}

/** Of text that is mostly ASCII, every other byte of UTF-16 is zero. */
function unmarked(bytes: Buffer): Marked {
  const first = bytes.subarray(0, 512);
  const zeros = (parity: number): number => first.filter((byte, i) => byte === 0 && i % 2 === parity).length;
  const [even, odd] = [zeros(0), zeros(1)];
  const most = Math.floor(first.length / 2) * 0.9;
  if (first.length >= 4 && even === 0 && odd >= most) return { encoding: 'utf-16le', markBytes: 0 };
  if (first.length >= 4 && odd === 0 && even >= most) return { encoding: 'utf-16be', markBytes: 0 };
  return { encoding: 'utf-8', markBytes: 0 };
}

function decodeHead(
  bytes: Buffer,
  encoding: Transported,
  complete: boolean,
  fallback: FallbackEncoding | null,
): string {
  const text = decode(bytes, encoding, complete);
  if (text !== null) return text;
  if (encoding === 'utf-8' && fallback) return bytes.toString(fallback);
  throw encoding === 'utf-8' ? notUtf8(firstInvalidByte(bytes)) : notUtf16(encoding, 0);
}

/** The text without byte order mark, null when invalid. A character cut off at the end is forgiven unless `whole`. */
function decode(bytes: Uint8Array, encoding: Transported, whole: boolean): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: !whole });
  } catch (error) {
    if (isInvalidData(error)) return null;
    throw error;
  }
}

function isInvalidData(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
  );
}

function notUtf16(encoding: Transported, offset: number): ReaderError {
  return new ReaderError(
    'UNREADABLE_ENCODING',
    `The input is not the ${encoding.toUpperCase()} its byte order mark promises, at byte ${offset} or soon after. Save it as UTF-8.`,
  );
}

async function* skipBytes(chunks: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    const skipped = Math.min(count, chunk.length);
    count -= skipped;
    if (skipped < chunk.length) yield chunk.subarray(skipped);
  }
}

/** Damaged UTF-16 has lost its step, so unlike a bad byte of UTF-8 it ends the reading. */
async function* transcode(source: ByteSource, encoding: Transported): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let offset = 0;
  const next = (chunk?: Buffer): Buffer => {
    try {
      return Buffer.from(decoder.decode(chunk, { stream: chunk !== undefined }));
    } catch (error) {
      throw isInvalidData(error) ? notUtf16(encoding, offset) : error;
    }
  };
  for await (const chunk of source.chunks()) {
    yield next(chunk);
    offset += chunk.length;
  }
  yield next();
}
