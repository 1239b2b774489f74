import type { StateArray } from '../../ml/learner.js';
import { BundleDamagedError } from '../registry.errors.js';
import type { ModelBundle } from './bundle.js';
import { decodeBundle, digestOf, encodeBundle } from './bundle-codec.js';
import { tinyBundle } from './fixtures/tiny-bundle.js';

const bundle = tinyBundle('logistic');

function withArrays(arrays: Record<string, StateArray>): ModelBundle {
  return { ...bundle, model: { ...bundle.model, arrays } };
}

const small = encodeBundle(withArrays({ a: Float64Array.of(1, 2, 3) }));
const smallHeader: { model: object } = JSON.parse(small.toString('utf8', 12, 12 + small.readUInt32LE(8)));

/** A bundle with one array of three numbers under another header. */
function withHeader(value: unknown): Buffer {
  const header = Buffer.from(JSON.stringify(value));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const padding = Buffer.alloc((8 - ((12 + header.length) % 8)) % 8);
  return Buffer.concat([small.subarray(0, 8), length, header, padding, small.subarray(-24)]);
}

function isRefused(bytes: Buffer): boolean {
  try {
    decodeBundle(bytes);
    return false;
  } catch (error) {
    if (error instanceof BundleDamagedError) return true;
    throw error;
  }
}

describe('a bundle as bytes', () => {
  it('is itself again, with arrays of every type and length', () => {
    const arrays = {
      bytes: Uint8Array.of(0, 1, 255),
      none: new Float64Array(0),
      shorts: Uint16Array.of(65_535),
      integers: Int32Array.of(-2_147_483_648, 7),
      words: Uint32Array.of(4_294_967_295, 0, 1),
      floats: Float32Array.of(0.1, -0, Infinity),
      doubles: Float64Array.of(0.1, -0, NaN, Number.MIN_VALUE, -Infinity),
      nothing: new Uint8Array(0),
    };
    expect(decodeBundle(encodeBundle(withArrays(arrays)))).toEqual(withArrays(arrays));
  });

  it.each(['forest', 'logistic', 'neighbours'])('is itself again with a fitted %s', (candidate) => {
    const fitted = tinyBundle(candidate);
    expect(decodeBundle(encodeBundle(fitted))).toEqual(fitted);
  });

  it('takes an array that is a part of a larger buffer', () => {
    const part = Int32Array.of(1, 2, 3, 4).subarray(1, 3);
    expect(decodeBundle(encodeBundle(withArrays({ part }))).model.arrays.part).toEqual(Int32Array.of(2, 3));
  });

  it('is the same bytes for the same bundle', () => {
    expect(encodeBundle(tinyBundle()).equals(encodeBundle(tinyBundle()))).toBe(true);
    expect(encodeBundle(tinyBundle()).equals(encodeBundle(tinyBundle('forest', { seed: 2 })))).toBe(false);
  });

  it('keeps names that mean something to JavaScript', () => {
    const arrays = Object.fromEntries([['__proto__', Uint8Array.of(1)]]);
    const decoded = decodeBundle(encodeBundle(withArrays(arrays)));
    expect(Object.entries(decoded.model.arrays)).toEqual([['__proto__', Uint8Array.of(1)]]);
  });

  it('does not hold on to the file', () => {
    const bytes = encodeBundle(withArrays({ a: Float64Array.of(1, 2) }));
    const { a } = decodeBundle(bytes).model.arrays;
    bytes.fill(0);
    expect(a).toEqual(Float64Array.of(1, 2));
  });
});

describe('bytes that are no whole bundle', () => {
  it.each([
    ['with full arrays', withArrays({ a: Float64Array.of(1, 2), b: Uint8Array.of(1, 2, 3) })],
    ['without arrays', withArrays({})],
    ['of a forest', tinyBundle()],
  ])('%s: cut off anywhere', (_, whole) => {
    const bytes = encodeBundle(whole);
    expect(isRefused(bytes)).toBe(false);
    const taken = Array.from(bytes.keys()).filter((length) => !isRefused(bytes.subarray(0, length)));
    expect(taken).toEqual([]);
  });

  it('with something behind them', () => {
    expect(isRefused(Buffer.concat([encodeBundle(bundle), Buffer.alloc(8)]))).toBe(true);
  });

  it('of another kind', () => {
    expect(() => decodeBundle(Buffer.from('PK\u0003\u0004 some other file'))).toThrow('does not begin like');
    expect(isRefused(Buffer.alloc(100))).toBe(true);
  });

  it('are rebuilt faithfully by this spec', () => {
    expect(decodeBundle(withHeader(smallHeader)).model.arrays).toEqual({ a: Float64Array.of(1, 2, 3) });
  });

  const place = { name: 'a', type: 'Float64Array', offset: 0, length: 3 };
  it.each([
    ['no arrays', undefined],
    ['an object for the list of arrays', { a: place }],
    ['nothing for an array', [null]],
    ['an array of an unknown type', [{ ...place, type: 'Array' }]],
    ['an array of an inherited type', [{ ...place, type: 'constructor' }]],
    ['an array without a type', [{ ...place, type: undefined }]],
    ['an array without a name', [{ ...place, name: undefined }]],
    ['an array before the first', [{ ...place, offset: -8 }]],
    ['an array at half a byte', [{ ...place, offset: 0.5 }]],
    ['an array behind the end', [{ ...place, offset: 8 }]],
    ['an array of negative length', [{ ...place, length: -1 }]],
    ['an array of broken length', [{ ...place, length: 1.5 }]],
    ['an array of a length that is text', [{ ...place, length: '3' }]],
    ['an array longer than all', [{ ...place, length: 1e300 }]],
    ['two arrays of one name', [place, place]],
  ])('whose header has %s', (_, arrays) => {
    const { model } = smallHeader;
    expect(isRefused(withHeader({ ...smallHeader, model: { ...model, arrays } }))).toBe(true);
  });

  it.each([
    ['null', null],
    ['a list', []],
    ['without a model', { ...smallHeader, model: undefined }],
    ['without a learner', { ...smallHeader, model: { ...smallHeader.model, learner: 1 } }],
    ['without a contract', { ...smallHeader, contract: {} }],
  ])('whose header is %s', (_, header) => {
    expect(isRefused(withHeader(header))).toBe(true);
  });
});

describe('digestOf', () => {
  it('is sha256 in hex', () => {
    expect(digestOf(Buffer.from('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
