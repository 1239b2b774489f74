import { contractDigest } from '../detector/contracts.service.js';
import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import type { SnapshotsService } from '../ingestion/snapshots.service.js';
import type { Lineage, ModelVersion } from '../registry/model-version.schema.js';
import type { RegistryService } from '../registry/registry.service.js';
import { FreshnessService } from './freshness.service.js';
import { modelCodeSha256 } from './model-code.js';

const contract = tinyContract();
const same = { fingerprint: 'now', contractSha256: contractDigest(contract), codeSha256: modelCodeSha256 };

function versionOf(version: number, lineage: Partial<Lineage>): ModelVersion {
  return { version, lineage: { ...same, ...lineage } } as ModelVersion;
}

describe('whether a run would find anything new', () => {
  let fingerprints: number;

  const reasonWith = (champion: ModelVersion | null, ...latest: ModelVersion[]): Promise<string | null> => {
    fingerprints = 0;
    const snapshots = { fingerprint: () => Promise.resolve(fingerprints++ === 0 ? 'now' : 'later') };
    const registry = {
      champion: () => Promise.resolve(champion),
      listVersions: () => Promise.resolve({ items: latest }),
    };
    const freshness = new FreshnessService(
      snapshots as unknown as SnapshotsService,
      registry as unknown as RegistryService,
    );
    return freshness.staleReason(contract);
  };

  it('it would where there is no version yet', async () => {
    expect(await reasonWith(null)).toBeNull();
  });

  it('it would not where the champion has the same data, contract and code', async () => {
    const reason = await reasonWith(versionOf(3, {}), versionOf(4, { fingerprint: 'before' }));
    expect(reason).toBe('version 3 was made from the same data, contract and code');
  });

  it('nor where the latest version has, though it did not become the champion', async () => {
    expect(await reasonWith(versionOf(3, { fingerprint: 'before' }), versionOf(4, {}))).toContain(
      'version 4',
    );
  });

  it('it would not where only the program’s version changed', async () => {
    expect(await reasonWith(versionOf(3, { codeVersion: '0.0.1' }))).toContain('version 3');
  });

  it.each([
    ['data', { fingerprint: 'before' }],
    ['the contract', { contractSha256: 'other' }],
    ['the code', { codeSha256: 'other' }],
    ['what a version from before code had a digest does not say', { codeSha256: undefined }],
    ['what an imported version does not say', { fingerprint: null, codeSha256: null }],
  ])('it would where %s changed', async (_, lineage) => {
    expect(await reasonWith(versionOf(3, lineage), versionOf(3, lineage))).toBeNull();
  });

  it('no record is read where contract or code changed anyway', async () => {
    await reasonWith(versionOf(3, { codeSha256: 'other' }));
    expect(fingerprints).toBe(0);
  });
});
