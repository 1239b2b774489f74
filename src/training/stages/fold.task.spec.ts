import { tinyContract } from '../../detector/fixtures/tiny-contract.js';
import { Matrix } from '../../ml/matrix.js';
import fitFold, { type FoldInput } from './fold.task.js';

/** 60 rows, two a group, every other group a threat: duration tells them apart. */
const rows = Array.from({ length: 60 }, (_, row) => row);
const groups = Int32Array.from(rows, (row) => row >> 1);
const y = Uint8Array.from(groups, (group) => group % 2);
const x = Matrix.fromRows(rows.map((row) => [row % 3, y[row] * 50 + (row % 7), 0]));

function foldOf(nNeighbors: number, changes: Pick<Partial<FoldInput>, 'share' | 'groups'> = {}): FoldInput {
  const contract = tinyContract();
  return {
    contract,
    snapshot: { detector: 'tiny', x, y, fingerprint: '' },
    fitRows: Int32Array.from(rows.slice(0, 40)),
    heldOut: Int32Array.from(rows.slice(40)),
    groups,
    ...changes,
    candidate: { ...contract.candidates[2], options: { nNeighbors } },
    seed: 1,
  };
}
const context = { onProgress: (): void => undefined };

describe('one fold', () => {
  it('is measured on its held-out rows', () => {
    const { probabilities, metrics, fitMs } = fitFold(foldOf(3), context);
    expect([probabilities.length, metrics.rocAuc, metrics.accuracy]).toEqual([20, 1, 1]);
    expect(fitMs).toBeGreaterThan(0);
  });

  it('is fitted on a share of its rows where that is enough, in whole groups', () => {
    const sampled = (share: number, nNeighbors: number) => () =>
      fitFold(foldOf(nNeighbors, { share }), context);
    expect(() => fitFold(foldOf(40), context)).not.toThrow();
    expect(sampled(0.5, 40)).toThrow('nNeighbors is 40 of 20 rows');
    expect(sampled(0.2, 40)).toThrow('nNeighbors is 40 of 8 rows');
    expect(sampled(0.5, 3)().metrics.rocAuc).toBe(1);
  });

  it('cannot be sampled where a class stands in one group', () => {
    const coarse = { share: 0.5, groups: Int32Array.from(y) };
    expect(() => fitFold(foldOf(3, coarse), context)).toThrow('at least 2 are needed to split');
  });
});
