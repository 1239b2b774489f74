import { tinyContract, tinySource } from '../../detector/fixtures/tiny-contract.js';
import type { Contract } from '../../detector/contract.js';
import type { Snapshot } from '../../detector/dataset.js';
import { tinyBundle, tinyLabels, tinyRows } from '../../registry/bundle/fixtures/tiny-bundle.js';
import compare from './compare.task.js';
import { slicesOf } from './gate-slices.js';
import latency from './latency.task.js';

const work = { onProgress: () => undefined };
const snapshot: Snapshot = { detector: 'tiny', x: tinyRows, y: tinyLabels, fingerprint: '' };
const test = Int32Array.of(0, 1, 2, 3, 4, 5);
const sources = { names: ['feed', 'staff', 'old'], rows: Int32Array.of(0, 0, 0, 1, 1, 2) };

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

describe('the comparison by slices', () => {
  const good = tinyBundle();
  // The same model with its probabilities turned round: right where the other is wrong.
  const turned = { ...good, calibrator: { method: 'platt', slope: -1, intercept: 0 } as const };
  const all = Int32Array.from(tinyLabels.keys());
  const threats = all.filter((row) => tinyLabels[row] === 1);
  const half = all.filter((row) => row % 2 === 0);

  it('measures both models on the rows of each, by accuracy where there is one class only', () => {
    const slices = [
      { by: 'source', value: 'half', rows: half },
      { by: 'source', value: 'threats', rows: threats },
    ];
    const { slices: compared } = compare(
      {
        snapshot,
        test: all,
        groups: all,
        slices,
        challenger: good,
        champion: turned,
        metric: 'rocAuc',
        seed: 1,
      },
      work,
    );
    expect(compared.map(({ value, rows, metric }) => [value, rows, metric])).toEqual([
      ['half', 18, 'rocAuc'],
      ['threats', threats.length, 'accuracy'],
    ]);
    expect(compared[0].challenger).toBeGreaterThan(0.9);
    expect(compared[0].challenger + compared[0].champion).toBeCloseTo(1, 10);
    expect(compared[1].challenger).toBeGreaterThan(compared[1].champion);
  });

  it('takes the median time of one row, which is not none', () => {
    const milliseconds = latency({ bundle: good }, work);
    expect(milliseconds).toBeGreaterThan(0);
    expect(milliseconds).toBeLessThan(50);
  });
});
