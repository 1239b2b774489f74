import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import { Matrix } from '../ml/matrix.js';
import { rowWeightsOf } from './row-weights.js';

/** Eight rows: six of one source, four of them of one group; the second feature is 0 in three. */
const x = Matrix.fromRows([0, 5, 5, 5, 0, 5, 0, 5].map((duration) => [1, duration, 0]));
const y = Uint8Array.of(1, 1, 1, 1, 0, 0, 1, 0);
const groups = Int32Array.of(1, 1, 1, 1, 2, 3, 4, 5);
const sources = Int32Array.of(0, 0, 0, 0, 0, 0, 1, 1);
const rows = { x, y, groups, sources };
const total = (weights: Float64Array, places: number[]): number =>
  Number(places.reduce((sum, place) => sum + weights[place], 0).toFixed(9));

describe('weights of rows', () => {
  it('are not needed where the contract has no weighting', () => {
    expect(rowWeightsOf(tinyContract(), rows)).toBeUndefined();
  });

  it('give each class of each source the same', () => {
    const contract = tinyContract({ weighting: { balance: ['source', 'label'] } });
    const weights = rowWeightsOf(contract, rows)!;
    expect([[0, 1, 2, 3], [4, 5], [6], [7]].map((cell) => total(weights, cell))).toEqual([2, 2, 2, 2]);
  });

  it('give a stratum its share, and large groups less than their rows', () => {
    const weighting = {
      balance: [],
      groupExponent: 0.5,
      strata: { feature: 'duration', max: 0, share: 0.25 },
    };
    const contract = tinyContract({ weighting });
    const weights = rowWeightsOf(contract, rows)!;
    expect(total(weights, [0, 4, 6])).toBe(2);
    expect(weights[1] / weights[5]).toBeCloseTo(1 / Math.sqrt(3), 9);
  });

  it('balance the classes though one has more sources, and sources by their size where asked for', () => {
    const contract = tinyContract({ weighting: { balance: ['source', 'label'], sourceExponent: 0.5 } });
    const threats = {
      ...rows,
      y: Uint8Array.of(1, 1, 1, 1, 0, 0, 1, 1),
      sources: Int32Array.of(0, 0, 0, 0, 0, 0, 1, 2),
    };
    const weights = rowWeightsOf(contract, threats)!;
    expect([total(weights, [4, 5]), total(weights, [0, 1, 2, 3]), weights[6], weights[7]]).toEqual([
      4, 2, 1, 1,
    ]);
  });

  it('give the strata of each class their share', () => {
    const weighting = { balance: ['label' as const], strata: { feature: 'duration', max: 0, share: 0.25 } };
    const weights = rowWeightsOf(tinyContract({ weighting }), rows)!;
    expect([total(weights, [0, 6]), total(weights, [1, 2, 3]), weights[4], total(weights, [5, 7])]).toEqual([
      1, 3, 1, 3,
    ]);
  });

  it('weigh what is made up against all records of its class', () => {
    const contract = tinyContract({ weighting: { balance: ['source'] } });
    const weights = rowWeightsOf(contract, rows, (source) => (source === 1 ? 0.25 : undefined))!;
    expect([total(weights, [0, 1, 2, 3, 4, 5]), total(weights, [6, 7])]).toEqual([6.4, 1.6]);
  });
});
