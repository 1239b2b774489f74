import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ModelStateError, type StateArray } from '../learner.js';

const arrayTypes = { Uint8Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array } as const;
export type ArrayType = keyof typeof arrayTypes;

export function isArrayType(name: unknown): name is ArrayType {
  return typeof name === 'string' && Object.hasOwn(arrayTypes, name);
}

export function typeOf(array: StateArray): ArrayType {
  return array[Symbol.toStringTag];
}

export function newArray(type: ArrayType, length: number): StateArray {
  return new arrayTypes[type](length);
}

/** Bytes that so many values take in memory. */
export function byteLength(type: ArrayType, length: number): number {
  return arrayTypes[type].BYTES_PER_ELEMENT * length;
}

/** The array's own bytes; what is written there is written to the array. */
export function bytesOf(array: StateArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** A way to lay an array out before it is deflated. No layout is longer than the array's own bytes. */
interface Form {
  readonly lay: (array: StateArray, distinct: StateArray) => Uint8Array;
  /** Fills `array` from its layout. @throws ModelStateError when no `lay` gives such bytes */
  readonly read: (bytes: Buffer, array: StateArray) => void;
}

const forms = {
  /** The bytes as they are, little-endian: deflate finds values that come again. */
  plain: {
    lay: bytesOf,
    read: (bytes, array) => {
      checkLength(bytes, array.byteLength);
      bytesOf(array).set(bytes);
    },
  },
  /** All first bytes, then all second bytes and so on: numbers that differ are alike in sign and exponent. */
  planes: {
    lay: planesOf,
    read: (bytes, array) => {
      checkLength(bytes, array.byteLength);
      readPlanes(bytes, array);
    },
  },
  /** uint32 how many different values, these ascending in planes, then the number of each entry's, in planes. */
  dictionary: { lay: layDictionary, read: readDictionary },
} as const satisfies Record<string, Form>;
export type FormName = keyof typeof forms;

export function isFormName(name: unknown): name is FormName {
  return typeof name === 'string' && Object.hasOwn(forms, name);
}

export interface PackedArray {
  readonly form: FormName;
  readonly bytes: Uint8Array;
}

/** @param level of zlib: 0 stores, 9 packs tightest */
export function packArray(array: StateArray, level: number): PackedArray {
  const distinct = distinctValues(array);
  const form = formFor(array, distinct);
  return { form, bytes: deflateRawSync(forms[form].lay(array, distinct), { level }) };
}

/** What packs the arrays of fitted models tightest, without trying: the shares are between what they are there. */
function formFor(array: StateArray, distinct: StateArray): FormName {
  // Neither is what the dictionary's search takes it for, and both are rare.
  const isOdd = distinct.some((value) => Number.isNaN(value) || Object.is(value, -0));
  if (!isOdd && dictionaryLength(array, distinct.length) <= array.byteLength / 2) return 'dictionary';
  return distinct.length > 0.75 * array.length ? 'planes' : 'plain';
}

/** Ascending. */
function distinctValues(array: StateArray): StateArray {
  const sorted = array.slice().sort();
  let count = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || !Object.is(sorted[i], sorted[count - 1])) sorted[count++] = sorted[i];
  }
  return sorted.slice(0, count);
}

/** The array of a known type and length. @throws ModelStateError when the bytes are not that of a packed one */
export function unpackArray({ form, bytes }: PackedArray, type: ArrayType, length: number): StateArray {
  const laid = inflate(bytes, byteLength(type, length));
  const array = newArray(type, length);
  forms[form].read(laid, array);
  return array;
}

/** @throws ModelStateError when the bytes are not deflated ones, or of more than `most` bytes */
export function inflate(bytes: Uint8Array, most: number): Buffer {
  try {
    return inflateRawSync(bytes, { maxOutputLength: Math.max(1, most) });
  } catch (error) {
    throw new ModelStateError('it holds data that cannot be inflated', { cause: error });
  }
}

function checkLength(bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) {
    throw new ModelStateError(`it holds an array of ${bytes.length} bytes instead of ${length}`);
  }
}

function planesOf(array: StateArray): Uint8Array {
  const bytes = bytesOf(array);
  const width = array.BYTES_PER_ELEMENT;
  const planes = new Uint8Array(bytes.length);
  for (let i = 0; i < array.length; i++) {
    for (let k = 0; k < width; k++) planes[k * array.length + i] = bytes[i * width + k];
  }
  return planes;
}

function readPlanes(planes: Uint8Array, array: StateArray): void {
  const bytes = bytesOf(array);
  const width = array.BYTES_PER_ELEMENT;
  for (let i = 0; i < array.length; i++) {
    for (let k = 0; k < width; k++) bytes[i * width + k] = planes[k * array.length + i];
  }
}

/** As many codes as an array has values, each wide enough for a number below `count`. */
function newCodes(count: number, length: number): Uint8Array | Uint16Array | Uint32Array {
  return new (codeType(count))(length);
}

function codeType(count: number): typeof Uint8Array | typeof Uint16Array | typeof Uint32Array {
  if (count <= 2 ** 8) return Uint8Array;
  return count <= 2 ** 16 ? Uint16Array : Uint32Array;
}

function dictionaryLength(array: StateArray, count: number): number {
  return 4 + count * array.BYTES_PER_ELEMENT + array.length * codeType(count).BYTES_PER_ELEMENT;
}

function layDictionary(array: StateArray, distinct: StateArray): Uint8Array {
  const codes = newCodes(distinct.length, array.length);
  for (let i = 0; i < array.length; i++) codes[i] = indexIn(distinct, array[i]);
  const count = Buffer.alloc(4);
  count.writeUInt32LE(distinct.length);
  return Buffer.concat([count, planesOf(distinct), planesOf(codes)]);
}

/** Where `value`, which is there, stands in ascending values. */
function indexIn(values: StateArray, value: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function readDictionary(bytes: Buffer, array: StateArray): void {
  const count = bytes.length < 4 ? 0 : bytes.readUInt32LE();
  const valuesEnd = 4 + count * array.BYTES_PER_ELEMENT;
  // Before the arrays are made, for the count may be anything.
  if (count === 0 || valuesEnd > bytes.length) throw new ModelStateError('it holds a broken dictionary');
  const values = newArray(typeOf(array), count);
  readPlanes(bytes.subarray(4, valuesEnd), values);
  const codes = newCodes(count, array.length);
  checkLength(bytes.subarray(valuesEnd), codes.byteLength);
  readPlanes(bytes.subarray(valuesEnd), codes);
  for (let i = 0; i < array.length; i++) {
    if (codes[i] >= count) throw new ModelStateError(`it holds the code ${codes[i]} of ${count}`);
    array[i] = values[codes[i]];
  }
}
