import type { Snapshot } from '../detector/dataset.js';
import { tinyContract, tinySource } from '../detector/fixtures/tiny-contract.js';
import { Matrix } from '../ml/matrix.js';
import { checkSplitColumns } from './split-checks.js';

const snapshot: Snapshot = { detector: 'tiny', x: new Matrix(8, 3), y: new Uint8Array(8), fingerprint: '' };
const byCapture = tinyContract({ group: { column: 'capture' } });
const byTime = tinyContract({ split: { ...tinySource.split, time: 'seen_at' } });

describe('checks of split columns', () => {
  it('are none where the contract has none', () => {
    expect(checkSplitColumns(tinyContract(), snapshot)).toEqual([]);
  });

  it('pass where every record has them and there are enough groups', () => {
    const groupKeys = Float64Array.of(1, 2, 3, 4, 1, 2, 3, 4);
    expect(checkSplitColumns(byCapture, { ...snapshot, groupKeys })).toEqual([
      { name: 'split-columns', status: 'passed', message: 'every record has capture', observed: 0, limit: 0 },
      {
        name: 'groups',
        column: 'capture',
        status: 'passed',
        message: '4 different groups, at least 4 are needed to split the rows',
        observed: 4,
        limit: 4,
      },
    ]);
  });

  it('warn of records that were left out', () => {
    const [first] = checkSplitColumns(byCapture, {
      ...snapshot,
      groupKeys: new Float64Array(8),
      leftOut: 12,
    });
    expect([first.status, first.observed]).toEqual(['warned', 12]);
    expect(first.message).toContain('12 records without capture');
  });

  it('fail on too few groups or times for the folds', () => {
    const statuses = (of: typeof byCapture, values: Partial<Snapshot>): unknown[] =>
      checkSplitColumns(of, { ...snapshot, ...values }).map(({ name, status }) => [name, status]);
    expect(statuses(byCapture, { groupKeys: Float64Array.of(1, 2, 3, 1, 2, 3, 1, 2) })[1]).toEqual([
      'groups',
      'failed',
    ]);
    expect(statuses(byTime, { times: Float64Array.of(1, 2, 3, 4, 4, 4, 4, 4) })[1]).toEqual([
      'times',
      'failed',
    ]);
    expect(statuses(byTime, { times: Float64Array.of(1, 2, 3, 4, 5, 5, 5, 5) })[1]).toEqual([
      'times',
      'passed',
    ]);
  });
});
