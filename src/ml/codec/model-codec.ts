import { deflateRawSync } from 'node:zlib';
import { loadModel } from '../factory.js';
import { type Model, type ModelState, ModelStateError, type StateArray } from '../learner.js';
import {
  type ArrayType,
  byteLength,
  type FormName,
  inflate,
  isArrayType,
  isFormName,
  packArray,
  typeOf,
  unpackArray,
} from './array-forms.js';
import { type FileKind, seal, unseal } from './envelope.js';
import { foldTrees, unfoldTrees } from './fold.js';

/**
 * The file form of a model: an envelope around
 * - uint32 how many bytes the deflated header has, little-endian,
 * - the deflated header, JSON: learner, meta, the rules of folded trees, and the arrays' types and places,
 * - the arrays, deflated one by one, without gaps.
 *
 * The same model always gives the same bytes (with the same zlib), and gets all its arrays back bit for bit.
 */
const kind: FileKind = { magic: 'NWMODL', version: 1, name: 'model' };

/** Text of a header. Metadata is small; a forest of ml-random-forest at its largest is half of this. */
const mostHeaderBytes = 2 ** 23;

/** Arrays of a model may be this large, and this much larger than their file: a small file stays a small load. */
const mostArrayBytes = 2 ** 31;
const mostGrowth = 256;
const freeBytes = 2 ** 20;

/** Of zlib, its default: 9 takes twice the time for one part in a hundred. */
const tightLevel = 6;

/** All arrays of `ForestNodes` together, rounded up: what a folded node may take once it is unfolded. */
const bytesPerNode = 40;

interface ArrayPlace {
  readonly name: string;
  readonly type: ArrayType;
  /** Values. */
  readonly length: number;
  readonly form: FormName;
  /** Bytes in the file. */
  readonly size: number;
}

/** @throws RangeError on a model of more than 2 GiB, or with metadata beyond 8 MiB of JSON */
export function encodeModel(model: Model): Buffer {
  return encodeModelState(model.toState());
}

/** @throws ModelStateError when the bytes are not a whole, undamaged model of this format version */
export function decodeModel(bytes: Uint8Array): Model {
  return loadModel(decodeModelState(bytes) as ModelState);
}

/** The same for a model that is taken apart already. */
export function encodeModelState(state: ModelState<string>): Buffer {
  const tight = encodeAt(state, tightLevel);
  // Few models shrink so far that they would be taken for a bomb; those are laid out, but not deflated.
  return tight.memory <= mostMemory(tight.bytes.length) ? tight.bytes : encodeAt(state, 0).bytes;
}

/** The state of any learner, for its own `fromState` to check. @throws ModelStateError as `decodeModel` does */
export function decodeModelState(bytes: Uint8Array): ModelState<string> {
  const content = unseal(kind, bytes);
  const headerEnd = content.length < 4 ? Infinity : 4 + content.readUInt32LE();
  if (headerEnd > content.length) throw new ModelStateError('its header is cut off');
  const { learner, meta, trees, places } = readHeader(content.subarray(4, headerEnd));
  const memory = memoryOf(places, trees);
  if (memory > mostMemory(bytes.length)) throw new ModelStateError(`it claims ${memory} bytes of arrays`);
  const arrays = readArrays(content.subarray(headerEnd), places);
  return { learner, meta, arrays: unfoldTrees({ arrays, trees }) };
}

function encodeAt(
  { learner, meta, arrays }: ModelState<string>,
  level: number,
): { bytes: Buffer; memory: number } {
  const { arrays: folded, trees } = foldTrees(arrays);
  const packed = Object.entries(folded).map(([name, array]) => ({ name, array, ...packArray(array, level) }));
  const places: ArrayPlace[] = packed.map(({ name, array, form, bytes }) => {
    return { name, type: typeOf(array), length: array.length, form, size: bytes.length };
  });
  const text = Buffer.from(JSON.stringify({ learner, meta, trees, places }));
  const memory = memoryOf(places, trees);
  if (text.length > mostHeaderBytes || memory > mostArrayBytes) {
    throw new RangeError(`${learner}: a model of ${text.length} bytes of JSON and ${memory} of arrays`);
  }
  const header = deflateRawSync(text, { level });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return { bytes: seal(kind, Buffer.concat([length, header, ...packed.map(({ bytes }) => bytes)])), memory };
}

/** Bytes that the arrays take in memory, folded and unfolded. */
function memoryOf(places: readonly ArrayPlace[], trees: unknown): number {
  const nodes = trees === null ? 0 : (places.find(({ name }) => name === 'feature')?.length ?? 0);
  return places.reduce((sum, { type, length }) => sum + byteLength(type, length), nodes * bytesPerNode);
}

/** What `memoryOf` may be for a file of so many bytes. */
function mostMemory(fileBytes: number): number {
  return Math.min(mostArrayBytes, freeBytes + mostGrowth * fileBytes);
}

interface Header {
  readonly learner: string;
  readonly meta: Readonly<Record<string, unknown>>;
  /** For `unfoldTrees` to check. */
  readonly trees: unknown;
  readonly places: readonly ArrayPlace[];
}

function readHeader(bytes: Uint8Array): Header {
  const { learner, meta, trees, places } = parseObject(inflate(bytes, mostHeaderBytes));
  if (typeof learner !== 'string' || !isObject(meta) || trees === undefined) {
    throw new ModelStateError('its header lacks the learner or its metadata');
  }
  if (!Array.isArray(places) || !places.every(isPlace)) {
    throw new ModelStateError('its header lacks the places of its arrays');
  }
  if (new Set(places.map(({ name }) => name)).size < places.length) {
    throw new ModelStateError('it has two arrays of one name');
  }
  return { learner, meta, trees, places };
}

function parseObject(json: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json.toString('utf8'));
    if (isObject(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ModelStateError('its header cannot be read');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPlace(value: unknown): value is ArrayPlace {
  if (!isObject(value)) return false;
  const { name, type, length, form, size } = value;
  return (
    typeof name === 'string' && isArrayType(type) && isFormName(form) && isCount(length) && isCount(size)
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** The arrays stand one behind the other to the end of the bytes. */
function readArrays(bytes: Buffer, places: readonly ArrayPlace[]): Record<string, StateArray> {
  if (places.reduce((sum, { size }) => sum + size, 0) !== bytes.length) {
    throw new ModelStateError('its arrays do not fill it');
  }
  let end = 0;
  const arrays = places.map(({ name, type, length, form, size }) => {
    const packed = bytes.subarray(end, (end += size));
    return [name, unpackArray({ form, bytes: packed }, type, length)] as const;
  });
  return Object.fromEntries(arrays);
}
