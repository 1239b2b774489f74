import { createHash } from 'node:crypto';
import { z } from 'zod';
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

const placesSchema = z.array(
  z.strictObject({
    name: z.string(),
    type: z.enum(Object.keys(arrayTypes) as ArrayType[]),
    /** From the end of the header, bytes. */
    offset: z.int(),
    /** Values. */
    length: z.int().min(0),
  }),
);
type ArrayPlace = z.infer<typeof placesSchema>[number];

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
  const places = placesSchema.safeParse(header.model.arrays);
  if (!places.success) throw new BundleDamagedError('its list of arrays cannot be read');
  const arrays = readArrays(bytes, align(headerEnd), places.data);
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

/** The arrays lie one behind the other from `start` to the end, without gaps: what is cut off or added shows. */
function readArrays(bytes: Buffer, start: number, places: readonly ArrayPlace[]): Record<string, StateArray> {
  let end = start;
  const arrays = places.map(({ name, type, offset, length }) => {
    const from = start + offset;
    const size = arrayTypes[type].BYTES_PER_ELEMENT * length;
    if (from !== end || from + size > bytes.length) {
      throw new BundleDamagedError(`its array '${name}' is cut off or out of place`);
    }
    end = align(from + size);
    // A copy, so that the array is aligned and the file's buffer can be freed.
    const copy = new Uint8Array(bytes.subarray(from, from + size));
    return [name, new arrayTypes[type](copy.buffer)] as const;
  });
  if (end !== bytes.length) throw new BundleDamagedError('it is cut off, or something stands behind it');
  return Object.fromEntries(arrays);
}

function align(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}
