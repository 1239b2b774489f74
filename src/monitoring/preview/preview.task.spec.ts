import { tinyContract, tinySource } from '../../detector/fixtures/tiny-contract.js';
import type { Value } from '../../detector/tabular/cells.js';
import { encodeBundle } from '../../registry/bundle/bundle-codec.js';
import { tinyBundle, tinyLabels, tinyRows } from '../../registry/bundle/fixtures/tiny-bundle.js';
import { ScoringModel } from '../../registry/bundle/scoring-model.js';
import preview, { type PreviewInput, type PreviewResult } from './preview.task.js';
import type { LoggedRecord, PreviewRecords } from './preview-records.js';

const contract = tinyContract();
const champion = tinyBundle();
// Says the opposite of everything.
const opposite = { ...champion, calibrator: { method: 'platt', slope: -1, intercept: 0 } as const };
const logged = (_id: string, at: Date, values: readonly Value[]): LoggedRecord => ({
  ...{ _id, at, values },
  context: 'alone',
  request: null,
});
const records: PreviewRecords = {
  source: 'logged',
  records: [
    logged('a', new Date('2026-03-02T23:00Z'), [-1, 0, 'tcp']),
    logged('b', new Date('2026-03-02T01:00Z'), [1, null, 'icmp']),
    logged('c', new Date('2026-03-01T23:59Z'), [0, 10, 'udp']),
  ],
  others: [],
};

function run(changes: Partial<PreviewInput> = {}): Promise<PreviewResult | null> {
  const files = { champion: encodeBundle(champion), previewed: encodeBundle(opposite) };
  return preview({ contract, records, ...files, ...changes }, { onProgress: () => undefined });
}

describe('the preview of a promotion', () => {
  it('scores logged records with both versions, by day', async () => {
    const result = (await run())!;
    expect(result).toMatchObject({ records: 3, unseen: null });
    expect(result.slices.map(({ by, value, records }) => [by, value, records])).toEqual([
      ['day', '2026-03-02', 2],
      ['day', '2026-03-01', 1],
    ]);
    const place = result.changed.findIndex((record) => record.id === 'a');
    const x = tinyRows.take([0]);
    expect(result.changed[place]).toMatchObject({
      values: { having_IP: -1, duration: 0, protocol: 'tcp' },
      champion: { probability: ScoringModel.from(champion).score(x)[0] },
      previewed: { probability: ScoringModel.from(opposite).score(x)[0] },
    });
    expect(result.latencyMs!.champion).toBeGreaterThan(0);
    expect(result.latencyMs!.previewed).toBeGreaterThan(0);
  });

  it('finds nothing changed in a version that is the champion', async () => {
    const result = (await run({ previewed: encodeBundle(champion) }))!;
    expect(result.flips).toMatchObject({ changed: { count: 0 }, toThreat: { count: 0 } });
    expect(result.probability).toEqual({ mean: 0, meanAbsolute: 0, maxAbsolute: 0 });
  });

  it('scores rows of the test part where they are stored records', async () => {
    const snapshot = { detector: 'tiny', x: tinyRows, y: tinyLabels, fingerprint: '' };
    const all = (await run({ records: { source: 'test', snapshot, most: 1000 } }))!;
    expect(all.unseen).toBe(true);
    expect(all.records).toBeGreaterThan(2);
    expect(all.records).toBeLessThan(tinyRows.rows / 2);
    expect(Object.keys(all.changed[0].values)).toEqual(['having_IP', 'duration', 'protocol']);
    expect(['tcp', 'udp', 'icmp']).toContain(all.changed[0].values.protocol);
    expect((await run({ records: { source: 'test', snapshot, most: 2 } }))!.records).toBe(2);
  });

  it('says when a version may have learned from the test part', async () => {
    const other = tinyContract({ split: { test: 0.25, folds: 3, seed: 2 } });
    const snapshot = { detector: 'tiny', x: tinyRows, y: tinyLabels, fingerprint: '' };
    const records = { source: 'test', snapshot, most: 10 } as const;
    expect((await run({ contract: other, records }))!.unseen).toBe(false);
  });

  it('is none where a version has other features than the contract', async () => {
    expect(await run({ contract: tinyContract({ features: tinySource.features.slice(1) }) })).toBeNull();
  });
});
