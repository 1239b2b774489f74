import type { Contract } from '../detector/contract.js';
import type { Snapshot } from '../detector/dataset.js';
import { tinyContract, tinySource } from '../detector/fixtures/tiny-contract.js';
import { Matrix } from '../ml/matrix.js';
import { slicesOf } from './slices.js';

const test = Int32Array.of(0, 1, 2, 3, 4, 5);
const sources = { names: ['feed', 'staff', 'old'], rows: Int32Array.of(0, 0, 0, 1, 1, 2) };
const snapshot: Snapshot = { detector: 'tiny', x: new Matrix(6, 3), y: new Uint8Array(6), fingerprint: '' };

function judging(minRows: number, changes: Parameters<typeof tinyContract>[0] = {}): Contract {
  return tinyContract({ gate: { ...tinySource.gate, slices: { minRows } }, ...changes });
}

describe('the slices of the test rows', () => {
  it('are the sources of labels with enough rows, the largest first', () => {
    expect(slicesOf(judging(2), { ...snapshot, sources }, test)).toEqual([
      { by: 'source', value: 'feed', rows: Int32Array.of(0, 1, 2) },
      { by: 'source', value: 'staff', rows: Int32Array.of(3, 4) },
    ]);
  });

  it('are counted among the test rows alone', () => {
    expect(slicesOf(judging(2), { ...snapshot, sources }, Int32Array.of(0, 1, 3, 5))).toEqual([
      { by: 'source', value: 'feed', rows: Int32Array.of(0, 1) },
    ]);
  });

  it('are the values of the group column, where the contract has one', () => {
    const groupKeys = Float64Array.of(7, 7, 9, 9, 9, 8);
    const groupNames = new Map([
      [7, 'monday'],
      [9, 'tuesday'],
    ]);
    const grouped = { ...snapshot, groupKeys, groupNames };
    expect(slicesOf(judging(2, { group: { column: 'capture' } }), grouped, test)).toEqual([
      { by: 'capture', value: 'tuesday', rows: Int32Array.of(2, 3, 4) },
      { by: 'capture', value: 'monday', rows: Int32Array.of(0, 1) },
    ]);
  });

  it('are not the whole, which is compared anyway, and none where nothing is known', () => {
    const one = { names: ['feed'], rows: new Int32Array(6) };
    expect(slicesOf(judging(1), { ...snapshot, sources: one }, test)).toEqual([]);
    expect(slicesOf(judging(1), snapshot, test)).toEqual([]);
  });
});
