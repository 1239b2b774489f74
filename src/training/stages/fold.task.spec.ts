import type { Candidate } from '../../detector/contract.js';
import { featureSpecs } from '../../detector/feature-specs.js';
import { tinyContract } from '../../detector/fixtures/tiny-contract.js';
import { loadModel } from '../../ml/factory.js';
import { Matrix } from '../../ml/matrix.js';
import { rocAuc } from '../../ml/metrics.js';
import { fitPreprocessor } from '../../transformation/preprocessor.js';
import type { SnapshotSplit } from '../../transformation/split-snapshot.js';
import fit from './fit.task.js';
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

describe('categories', () => {
  const codes = Float64Array.from({ length: 300 }, (_, row) => row % 3);
  const udp = Uint8Array.from(codes, (code) => +(code === 1));
  const rowsOf = (from: number, to: number): Int32Array =>
    Int32Array.from({ length: to - from }, (_, i) => from + i);
  const contract = tinyContract();
  /** One cut tells the middle one of three categories from both others, but not the middle one of three numbers. */
  const stump = (encoder: 'ordinal' | 'native'): Candidate => ({
    ...contract.candidates[0],
    encoder,
    learner: 'decision-tree',
    options: { maxDepth: 1 },
  });
  const snapshot = {
    detector: 'tiny',
    x: Matrix.fromRows([...codes].map((code) => [0, 0, code])),
    y: udp,
    fingerprint: '',
  };
  const groupsOfRows = rowsOf(0, 300);

  it.each([
    ['native', 1],
    ['ordinal', 0.75],
  ] as const)('reach the learner of a fold and of the last fit by the encoder: %s', (encoder, area) => {
    const candidate = stump(encoder);
    const parts = { fitRows: rowsOf(0, 200), heldOut: rowsOf(200, 300), groups: groupsOfRows };
    const fold = fitFold({ contract, snapshot, ...parts, candidate, seed: 1 }, context);
    expect(fold.metrics.rocAuc).toBeCloseTo(area, 2);

    const specs = { imputer: candidate.imputer, encoder, seed: 1 };
    const preprocessor = fitPreprocessor(featureSpecs(contract), snapshot.x, specs);
    const split = { train: groupsOfRows, groups: groupsOfRows } as unknown as SnapshotSplit;
    const fitted = {
      contract,
      snapshot,
      split,
      candidate,
      preprocessor: preprocessor.toState(),
      seed: 1,
      threads: 1,
    };
    const model = loadModel(fit(fitted, context).model);
    expect(rocAuc(udp, model.predict(snapshot.x))).toBeCloseTo(area, 2);
  });
});
