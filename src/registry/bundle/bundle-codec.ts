import { createHash } from 'node:crypto';
import { contractSchema } from '../../detector/contract.js';
import type { StateArray } from '../../ml/learner.js';
import { BundleDamagedError } from '../registry.errors.js';
import type { ModelBundle } from './bundle.js';

/**
 * The file form of a bundle, little-endian:
 * 8 bytes magic, uint32 length of the header, header (JSON: the bundle with its arrays' places), then the
 * model's arrays, each on a multiple of 8 bytes. The same bundle always gives the same bytes.
 */
const magic = Buffer.from('NWBNDL01', 'latin1');

const arrayTypes = { Uint8Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array } as const;
type ArrayType = keyof typeof arrayTypes;

interface ArrayPlace {
  readonly name: string;
  readonly type: ArrayType;
  readonly offset: number;
  readonly length: number;
}

export function encodeBundle(bundle: ModelBundle): Buffer {
  const places: ArrayPlace[] = [];
  const arrays = Object.entries(bundle.model.arrays);
  let offset = 0;
  for (const [name, array] of arrays) {
    places.push({ name, type: array.constructor.name as ArrayType, offset, length: array.length });
    offset = align(offset + array.byteLength);
  }
  const { model, ...rest } = bundle;
  const header = Buffer.from(
    JSON.stringify({ ...rest, model: { learner: model.learner, meta: model.meta, arrays: places } }),
  );
  const start = align(magic.length + 4 + header.length);
  const bytes = Buffer.alloc(start + offset);
  magic.copy(bytes);
  bytes.writeUInt32LE(header.length, magic.length);
  header.copy(bytes, magic.length + 4);
  arrays.forEach(([, array], i) => {
    Buffer.from(array.buffer, array.byteOffset, array.byteLength).copy(bytes, start + places[i].offset);
  });
  return bytes;
}

/** @throws BundleDamagedError when the bytes are not a whole bundle of this form. */
export function decodeBundle(bytes: Buffer): ModelBundle {
  if (bytes.length < magic.length + 4 || !bytes.subarray(0, magic.length).equals(magic)) {
    throw new BundleDamagedError('it does not begin like a model bundle');
  }
  const headerLength = bytes.readUInt32LE(magic.length);
  const headerEnd = magic.length + 4 + headerLength;
  if (headerEnd > bytes.length) throw new BundleDamagedError('its header is cut off');
  const header = parseHeader(bytes.subarray(magic.length + 4, headerEnd));
  const places = header.model.arrays as unknown as readonly ArrayPlace[];
  if (!Array.isArray(places)) throw new BundleDamagedError('its header lists no arrays');
  const body = bytes.subarray(align(headerEnd));
  const arrays = Object.fromEntries(places.map((place: ArrayPlace) => [place.name, readArray(body, place)]));
  const contract = contractSchema.safeParse(header.contract);
  if (!contract.success) throw new BundleDamagedError('the contract in it is not valid');
  return { ...header, contract: contract.data, model: { ...header.model, arrays } };
}

/** sha256 in hex: a bundle's name in the artifact store. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function parseHeader(bytes: Buffer): ModelBundle {
  try {
    const header = JSON.parse(bytes.toString('utf8')) as ModelBundle | null;
    if (typeof header?.model?.learner === 'string') return header;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new BundleDamagedError('its header cannot be read');
}

/** Copies, so that the array is aligned and the file's buffer can be freed. */
function readArray(body: Buffer, { name, type, offset, length }: ArrayPlace): StateArray {
  const constructor = arrayTypes[type];
  const wanted = (constructor?.BYTES_PER_ELEMENT ?? NaN) * length;
  if (!(Number.isInteger(offset) && offset >= 0 && length >= 0 && offset + wanted <= body.length)) {
    throw new BundleDamagedError(`its array '${String(name)}' is cut off or of an unknown type`);
  }
  const copy = new Uint8Array(body.subarray(offset, offset + wanted));
  return new constructor(copy.buffer);
}

function align(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}
