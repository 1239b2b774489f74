import fc from 'fast-check';
import { seal } from '../../ml/codec/envelope.js';
import { encodeModelState } from '../../ml/codec/model-codec.js';
import type { StateArray } from '../../ml/learner.js';
import { BundleDamagedError } from '../registry.errors.js';
import type { ModelBundle } from './bundle.js';
import { decodeBundle, digestOf, encodeBundle } from './bundle-codec.js';
import { tinyBundle, tinyRows } from './fixtures/tiny-bundle.js';
import { ScoringModel } from './scoring-model.js';

const bundle = tinyBundle('logistic');
const { model, ...header } = bundle;
const kind = { magic: 'NWBNDL', version: 2, name: 'model bundle' };

function withArrays(arrays: Record<string, StateArray>): ModelBundle {
  return { ...bundle, model: { ...model, arrays } };
}

/** A bundle with a right digest, whatever its parts are. */
function bundleOf(json: string, modelBytes: Uint8Array = encodeModelState(model)): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Buffer.byteLength(json));
  return seal(kind, Buffer.concat([length, Buffer.from(json), modelBytes]));
}

function isRefused(use: () => void): boolean {
  try {
    use();
    return false;
  } catch (error) {
    if (error instanceof BundleDamagedError) return true;
    throw error;
  }
}

describe('a bundle as bytes', () => {
  it.each(['forest', 'logistic', 'neighbours'])('is itself again with a fitted %s', (candidate) => {
    const fitted = tinyBundle(candidate);
    expect(decodeBundle(encodeBundle(fitted))).toEqual(fitted);
  });

  it('is the same bytes for the same bundle', () => {
    expect(encodeBundle(tinyBundle()).equals(encodeBundle(tinyBundle()))).toBe(true);
    expect(encodeBundle(tinyBundle()).equals(encodeBundle(tinyBundle('forest', { seed: 2 })))).toBe(false);
  });

  it('has its header in the clear, from byte 12', () => {
    const bytes = encodeBundle(bundle);
    expect(JSON.parse(bytes.toString('utf8', 12, 12 + bytes.readUInt32LE(8)))).toEqual(header);
  });

  it('is read without the metrics that came after it', () => {
    const test = { ...header.metrics.test, recallAtFpr001: undefined };
    const { metrics } = decodeBundle(
      bundleOf(JSON.stringify({ ...header, metrics: { ...header.metrics, test } })),
    );
    expect(metrics.test.rocAuc).toBe(header.metrics.test.rocAuc);
    const less = { ...header.metrics.test, rocAuc: undefined };
    const without = JSON.stringify({ ...header, metrics: { ...header.metrics, test: less } });
    expect(isRefused(() => decodeBundle(bundleOf(without)))).toBe(true);
  });

  it('does not hold on to the file', () => {
    const bytes = encodeBundle(withArrays({ a: Float64Array.of(1, 2) }));
    const { a } = decodeBundle(bytes).model.arrays;
    bytes.fill(0);
    expect(a).toEqual(Float64Array.of(1, 2));
  });
});

describe('bytes that are no whole bundle', () => {
  const bytes = encodeBundle(bundle);

  it('cut off anywhere, or with one bit changed', () => {
    const taken = Array.from(bytes.keys()).filter(
      (at) =>
        !isRefused(() => decodeBundle(bytes.subarray(0, at))) ||
        !isRefused(() => decodeBundle(bytes.with(at, bytes[at] ^ 1))),
    );
    expect(taken).toEqual([]);
  });

  it('with something behind them', () => {
    expect(isRefused(() => decodeBundle(Buffer.concat([bytes, Buffer.alloc(8)])))).toBe(true);
  });

  it('of another kind', () => {
    const other = Buffer.from('PK\u0003\u0004 some other file');
    expect(() => decodeBundle(other)).toThrow('does not begin like a model bundle');
    expect(() => decodeBundle(encodeModelState(model))).toThrow('does not begin like a model bundle');
  });

  it('of another format version', () => {
    const old = seal({ ...kind, version: 1 }, bytes.subarray(8, -32));
    expect(() => decodeBundle(old)).toThrow('a model bundle of format version 1, and only 2 can be read');
  });

  it('are rebuilt faithfully by this spec', () => {
    expect(bundleOf(JSON.stringify(header)).equals(bytes)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a list', []],
    ['without a contract', { ...header, contract: undefined }],
    ['with a contract that is none', { ...header, contract: {} }],
    ['without a candidate', { ...header, candidate: 1 }],
    ['without a preprocessor', { ...header, preprocessor: null }],
    ['with a threshold that is text', { ...header, thresholds: { suspicious: '0', malicious: 1 } }],
    ['without metrics of the test part', { ...header, metrics: { validation: header.metrics.validation } }],
    ['without a reference', { ...header, reference: {} }],
    ['with a column of an unknown kind', { ...header, reference: { rows: 1, columns: [{}], label: null } }],
    ['with text in the self-test', { ...header, selfTest: { ...header.selfTest, rows: [['1']] } }],
  ])('whose header is %s', (_, json) => {
    expect(() => decodeBundle(bundleOf(JSON.stringify(json)))).toThrow('its header is wrong');
  });

  it('whose header is no JSON or longer than they are', () => {
    expect(() => decodeBundle(bundleOf('{'))).toThrow('its header cannot be read');
    const length = Buffer.of(255, 255, 255, 255);
    expect(() => decodeBundle(seal(kind, length))).toThrow('its header is cut off');
    expect(() => decodeBundle(seal(kind, Buffer.alloc(3)))).toThrow('its header is cut off');
  });

  it('whose model is damaged', () => {
    const modelBytes = encodeModelState(model);
    modelBytes[20] ^= 1;
    expect(() => decodeBundle(bundleOf(JSON.stringify(header), modelBytes))).toThrow(
      'does not match its digest',
    );
    expect(() => decodeBundle(bundleOf(JSON.stringify(header), Buffer.alloc(0)))).toThrow(
      'begin like a model',
    );
  });
});

describe('a bundle that someone changed and sealed again', () => {
  const values = [null, 0, -1, 1e308, 'x', '__proto__', [], {}, [null], true];
  const settings = { seed: 5, numRuns: 300, interruptAfterTimeLimit: 3000, endOnFailure: true };

  it.each(['forest', 'logistic', 'neighbours'])('is refused or scores with its %s', (candidate) => {
    const fitted = tinyBundle(candidate);
    const { model: state, ...rest } = fitted;
    const json = JSON.stringify(rest);
    const modelBytes = encodeModelState(state);
    // Any value of the JSON, by the place where it begins.
    const places = Array.from(json.matchAll(/(?<=[:[,])(?:-?[\d.e+-]+|"[^"]*"|null|\[\]|\{\})(?=[,\]}])/g));
    let refused = 0;
    const property = fc.property(fc.constantFrom(...places), fc.constantFrom(...values), (place, value) => {
      const end = place.index + place[0].length;
      const changed = json.slice(0, place.index) + JSON.stringify(value) + json.slice(end);
      const use = (): void => {
        const scoring = ScoringModel.verified(decodeBundle(bundleOf(changed, modelBytes)));
        expect([...scoring.score(tinyRows)].every((p) => p >= 0 && p <= 1)).toBe(true);
        expect([...scoring.explain(tinyRows.row(0)).values].every(Number.isFinite)).toBe(true);
      };
      if (isRefused(use)) refused++;
    });
    fc.assert(property, settings);
    expect(refused).toBeGreaterThan(100);
  });
});

describe('digestOf', () => {
  it('is sha256 in hex', () => {
    expect(digestOf(Buffer.from('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
