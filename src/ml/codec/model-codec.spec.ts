import { deflateRawSync } from 'node:zlib';
import { IsolationForest, IsolationForestModel } from '../isolation-forest.js';
import { phishingWebsites } from '../fixtures/phishing-websites.js';
import { type ModelState, ModelStateError, type StateArray } from '../learner.js';
import { RandomForest } from '../random-forest.js';
import { seal } from './envelope.js';
import { smallRows } from './fixtures/small-models.js';
import { decodeModel, decodeModelState, encodeModel, encodeModelState } from './model-codec.js';

function stateOf(arrays: Record<string, StateArray>, meta: Record<string, unknown> = {}): ModelState<string> {
  return { learner: 'anything', meta, arrays };
}

const kind = { magic: 'NWMODL', version: 1, name: 'model' };
const place = { name: 'a', type: 'Float64Array', length: 3, form: 'plain', size: 0 };

/** A file of one array of three numbers, with a right digest whatever stands in its header. */
function fileOf(header: object, bytes: Uint8Array = new Uint8Array(Float64Array.of(1, 2, 3).buffer)): Buffer {
  const packed = deflateRawSync(bytes);
  const places = [{ ...place, size: packed.length }];
  const text = deflateRawSync(
    JSON.stringify({ learner: 'anything', meta: {}, trees: null, places, ...header }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return seal(kind, Buffer.concat([length, text, packed]));
}

describe('a model as bytes', () => {
  it('is itself again, with arrays of every type and length', () => {
    const state = stateOf(
      {
        bytes: Uint8Array.of(0, 1, 255),
        none: new Float64Array(0),
        shorts: Uint16Array.of(65_535),
        integers: Int32Array.of(-2_147_483_648, 7),
        words: Uint32Array.of(4_294_967_295, 0, 1),
        floats: Float32Array.of(0.1, -0, Infinity),
        doubles: Float64Array.of(0.1, -0, NaN, Number.MIN_VALUE, -Infinity),
        repeated: new Float64Array(3000).map((_, i) => [0.1, 1e300, -7][i % 3]),
        manyCodes: new Float64Array(3000).map((_, i) => (i % 1000) / 7),
        zeros: new Float64Array(100).fill(-0),
        different: new Float64Array(100).map((_, i) => Math.sqrt(i)),
      },
      { text: 'ä', list: [1, null, { a: true }] },
    );
    expect(decodeModelState(encodeModelState(state))).toEqual(state);
  });

  it('keeps the bits of every NaN', () => {
    const array = new Float64Array(
      new BigUint64Array([0x7ff8_0000_0000_0001n, 0x7ff0_0000_0000_0002n]).buffer,
    );
    const { a } = decodeModelState(encodeModelState(stateOf({ a: array }))).arrays;
    expect(new BigUint64Array(a.buffer)).toEqual(new BigUint64Array(array.buffer));
  });

  it('takes an array that is a part of a larger buffer, shared or not', () => {
    const part = Int32Array.of(1, 2, 3, 4).subarray(1, 3);
    const shared = new Float64Array(new SharedArrayBuffer(32)).subarray(2);
    shared.set([1.5, 2.5]);
    const { arrays } = decodeModelState(encodeModelState(stateOf({ part, shared })));
    expect(arrays).toEqual({ part: Int32Array.of(2, 3), shared: Float64Array.of(1.5, 2.5) });
  });

  it('keeps names that mean something to JavaScript, and they change nothing', () => {
    const odd = Object.fromEntries([['__proto__', { polluted: true }]]);
    const arrays = Object.fromEntries([['__proto__', Uint8Array.of(1)]]);
    const state = decodeModelState(encodeModelState(stateOf(arrays, odd)));
    expect(Object.entries(state.arrays)).toEqual([['__proto__', Uint8Array.of(1)]]);
    expect(Object.entries(state.meta)).toEqual([['__proto__', { polluted: true }]]);
    expect([{}, state.meta, state.arrays].map((object) => 'polluted' in object)).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('does not hold on to the bytes', () => {
    const bytes = encodeModelState(stateOf({ a: Float64Array.of(1, 2) }));
    const { a } = decodeModelState(bytes).arrays;
    bytes.fill(0);
    expect(a).toEqual(Float64Array.of(1, 2));
  });

  it('is read back however small it has become', () => {
    const state = stateOf({ zeros: new Float64Array(400_000) });
    expect(decodeModelState(encodeModelState(state)).arrays.zeros).toHaveLength(400_000);
  });

  it('may be of a learner without labels', () => {
    const model = new IsolationForest({ nEstimators: 5 }).fit(smallRows, { seed: 1 });
    const state = decodeModelState(encodeModelState(model.toState()));
    expect(IsolationForestModel.fromState(state).score(smallRows)).toEqual(model.score(smallRows));
    expect(() => decodeModel(encodeModelState(model.toState()))).toThrow('there is no learner');
  });

  it('takes less than a twentieth of the arrays of a forest, the same bytes each time', () => {
    const { x, y } = phishingWebsites();
    const model = new RandomForest({ nEstimators: 10 }).fit(x, y, { seed: 1 });
    const flat = Object.values(model.toState().arrays).reduce((sum, array) => sum + array.byteLength, 0);
    const bytes = encodeModel(model);
    expect(bytes.length / flat).toBeLessThan(0.05);
    expect(encodeModel(model).equals(bytes)).toBe(true);
    expect(decodeModel(bytes).toState()).toEqual(model.toState());
  });
});

describe('bytes that are no model', () => {
  const bytes = encodeModelState(stateOf({ a: Float64Array.of(1, 2, 3) }));

  it('cut off anywhere, or with one bit changed', () => {
    for (let at = 0; at < bytes.length; at++) {
      expect(() => decodeModelState(bytes.subarray(0, at))).toThrow(ModelStateError);
      expect(() => decodeModelState(bytes.with(at, bytes[at] ^ 1))).toThrow(ModelStateError);
    }
    expect(() => decodeModelState(Buffer.concat([bytes, Buffer.alloc(1)]))).toThrow('digest');
  });

  it('of another kind or version', () => {
    expect(() => decodeModelState(Buffer.from('PK\u0003\u0004 some other file'))).toThrow(
      'begin like a model',
    );
    expect(() => decodeModelState(seal({ ...kind, version: 7 }, bytes))).toThrow(
      'format version 7, and only 1',
    );
  });

  it('are rebuilt faithfully by this spec', () => {
    expect(decodeModelState(fileOf({}))).toEqual(stateOf({ a: Float64Array.of(1, 2, 3) }));
  });

  const size = deflateRawSync(new Uint8Array(Float64Array.of(1, 2, 3).buffer)).length;
  const here = { ...place, size };
  it.each<[string, object]>([
    ['no arrays', { places: undefined }],
    ['an object for the list of arrays', { places: { a: here } }],
    ['nothing for an array', { places: [null] }],
    ['an array of an unknown type', { places: [{ ...here, type: 'Array' }] }],
    ['an array of an inherited type', { places: [{ ...here, type: 'constructor' }] }],
    ['an array in an unknown form', { places: [{ ...here, form: 'zstd' }] }],
    ['an array in an inherited form', { places: [{ ...here, form: 'toString' }] }],
    ['an array without a name', { places: [{ ...here, name: undefined }] }],
    ['an array of negative length', { places: [{ ...here, length: -1 }] }],
    ['an array of broken length', { places: [{ ...here, length: 1.5 }] }],
    ['an array of a length that is text', { places: [{ ...here, length: '3' }] }],
    ['an array too short', { places: [{ ...here, length: 2 }] }],
    ['an array too long', { places: [{ ...here, length: 4 }] }],
    ['an array of 2^31 values', { places: [{ ...here, length: 2 ** 31 }] }],
    ['an array of more values than count', { places: [{ ...here, length: 2 ** 53 }] }],
    ['an array longer than all', { places: [{ ...here, length: 1e300 }] }],
    ['an array that ends early', { places: [{ ...here, size: size - 1 }] }],
    ['an array behind the end', { places: [{ ...here, size: size + 1 }] }],
    ['two arrays of one name', { places: [here, { ...here, size: 0, length: 0 }] }],
    ['bytes that are no dictionary', { places: [{ ...here, form: 'dictionary' }] }],
    ['trees of nothing', { trees: {} }],
    ['no word of trees', { trees: undefined }],
    ['no learner', { learner: undefined }],
    ['a learner that is none', { learner: {} }],
    ['no metadata', { meta: null }],
    ['a list for metadata', { meta: [] }],
  ])('whose header has %s', (_, header) => {
    expect(() => decodeModelState(fileOf(header))).toThrow(ModelStateError);
  });

  it.each([
    ['without values', [0, 0, 0, 0]],
    ['of 2^32 - 1 values', [255, 255, 255, 255]],
    ['with a code beyond its values', [1, 0, 0, 0, ...new Array<number>(8).fill(0), 0, 1, 0]],
    ['with a code too few', [1, 0, 0, 0, ...new Array<number>(8).fill(0), 0, 0]],
  ])('with a dictionary %s', (_, dictionary) => {
    const packed = deflateRawSync(Uint8Array.from(dictionary));
    const places = [{ ...place, form: 'dictionary', size: packed.length }];
    expect(() => decodeModelState(fileOf({ places }, Uint8Array.from(dictionary)))).toThrow(ModelStateError);
  });

  it('that would swell up, before they do', () => {
    const zeros = new Uint8Array(2 ** 24);
    const packed = deflateRawSync(zeros);
    const bomb = fileOf({ places: [{ ...place, length: 2 ** 21, size: packed.length }] }, zeros);
    expect(() => decodeModelState(bomb)).toThrow('it claims 16777216 bytes of arrays');
    const hidden = fileOf({ places: [{ ...place, size: packed.length }] }, zeros);
    expect(() => decodeModelState(hidden)).toThrow('cannot be inflated');
    expect(() => decodeModelState(fileOf({ meta: { text: ' '.repeat(2 ** 23) } }))).toThrow(
      'cannot be inflated',
    );
  });

  it('with metadata nested as deep as it can be', () => {
    const depth = 1_000_000;
    const text = `{"learner":"random-forest","meta":${'['.repeat(depth)}${']'.repeat(depth)},"trees":null,"places":[]}`;
    const header = deflateRawSync(text);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(header.length);
    expect(() => decodeModel(seal(kind, Buffer.concat([length, header])))).toThrow(ModelStateError);
  });

  it('are not written: a model too large to be read', () => {
    expect(() => encodeModelState(stateOf({}, { text: ' '.repeat(2 ** 23) }))).toThrow(RangeError);
  });
});
