import { createHash } from 'node:crypto';
import { ModelStateError } from '../learner.js';

/** What a file is: how it begins, and the format version that this code writes and reads. */
export interface FileKind {
  /** 6 characters. */
  readonly magic: string;
  /** 0 to 65,535. */
  readonly version: number;
  /** What errors call it. */
  readonly name: string;
}

const headLength = 8;
const digestLength = 32;

/** 6 bytes magic, uint16 format version (little-endian), the content, and the sha256 of all that. */
export function seal({ magic, version }: FileKind, content: Uint8Array): Buffer {
  const head = Buffer.alloc(headLength);
  head.write(magic, 'latin1');
  head.writeUInt16LE(version, magic.length);
  return Buffer.concat([head, content, digestOf(head, content)]);
}

/**
 * The content of a sealed file, a view of its bytes.
 * @throws ModelStateError when it is of another kind or version, cut off, longer than it was or damaged
 */
export function unseal({ magic, version, name }: FileKind, bytes: Uint8Array): Buffer {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < headLength || file.toString('latin1', 0, magic.length) !== magic) {
    throw new ModelStateError(`it does not begin like a ${name}`);
  }
  const found = file.readUInt16LE(magic.length);
  if (found !== version) {
    throw new ModelStateError(`it is a ${name} of format version ${found}, and only ${version} can be read`);
  }
  const end = file.length - digestLength;
  if (end < headLength || !digestOf(file.subarray(0, end)).equals(file.subarray(end))) {
    throw new ModelStateError('it does not match its digest: it is cut off or damaged');
  }
  return file.subarray(headLength, end);
}

function digestOf(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
