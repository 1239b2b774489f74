import type { ModelCard } from '../cards/model-card.js';
import type { Lineage, ModelVersion } from './model-version.schema.js';
import { compareVersions, type KnownVersion } from './version-comparison.js';

function known(
  version: number,
  changes: Partial<ModelVersion> = {},
  options: object | null = {},
): KnownVersion {
  const row = {
    version,
    candidate: 'forest',
    learner: 'random-forest',
    metrics: { rocAuc: 0.9 + version / 100, brier: null },
    intervals: { rocAuc: [0.9, 0.95] },
    thresholds: { suspicious: 0.5, malicious: 0.9 },
    lineage: {
      run: `run ${version}`,
      fingerprint: 'f',
      rows: 10,
      contractSha256: 'c',
      codeVersion: '1',
      seed: 1,
    },
    size: 100 * version,
    ...changes,
  } as unknown as ModelVersion;
  const curves = { roc: [] };
  const card = options && ({ modelDetails: { options }, evaluation: { curves } } as unknown as ModelCard);
  return { row, card };
}

describe('the comparison of versions', () => {
  it('has their metrics beside each other, with differences from the first', () => {
    const { metrics } = compareVersions('tiny', [known(3), known(1), known(2)]);
    const [auc] = metrics.filter(({ metric }) => metric === 'rocAuc');
    expect(auc).toMatchObject({ lowerIsBetter: false, values: [0.93, 0.91, 0.92] });
    expect(auc.intervals[2]).toEqual([0.9, 0.95]);
    expect(auc.differences.map((difference) => difference!.toFixed(2))).toEqual(['0.00', '-0.02', '-0.01']);
  });

  it('has no difference where a version has no value, or is from before there was the metric', () => {
    const { metrics } = compareVersions('tiny', [known(1), known(2)]);
    for (const name of ['brier', 'recallAtFpr01']) {
      expect(metrics.find(({ metric }) => metric === name)).toMatchObject({
        values: [null, null],
        intervals: [null, null],
        differences: [null, null],
      });
    }
  });

  it('has every option that one of them has', () => {
    const a = known(1, {}, { maxDepth: null, nEstimators: 100 });
    const b = known(2, {}, { maxDepth: 12, nEstimators: 100, subsample: 0.8 });
    const { options } = compareVersions('tiny', [a, b]);
    expect(options).toEqual([
      { option: 'maxDepth', values: [null, 12], differs: true },
      { option: 'nEstimators', values: [100, 100], differs: false },
      { option: 'subsample', values: [null, 0.8], differs: true },
    ]);
  });

  it('does without the card of a damaged version', () => {
    const { versions, options } = compareVersions('tiny', [known(1, {}, { C: 1 }), known(2, {}, null)]);
    expect(versions.map(({ curves }) => curves)).toEqual([{ roc: [] }, null]);
    expect(options).toEqual([{ option: 'C', values: [1, null], differs: true }]);
  });

  it.each<[string, Partial<Lineage>, boolean]>([
    ['the same data and contract', {}, true],
    ['other data', { fingerprint: 'g' }, false],
    ['another contract', { contractSha256: 'd' }, false],
    ['data that is not known', { fingerprint: null }, false],
  ])('says whether the test rows were the same: %s', (_, changes, same) => {
    const { row } = known(2);
    const other = known(2, { lineage: { ...row.lineage, ...changes } });
    expect(compareVersions('tiny', [known(1), other]).sameTestRows).toBe(same);
    expect(compareVersions('tiny', [other, other]).sameTestRows).toBe(changes.fingerprint !== null);
  });
});
