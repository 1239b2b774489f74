import type { ArtifactStore } from './artifact-store.js';
import { BundleSweepService } from './bundle-sweep.service.js';
import type { VersionsRepository } from './versions.repository.js';

describe('the sweep of stored bundles', () => {
  const moment = new Date(1000);

  it('deletes old ones that no version names and nobody keeps, and what uploads left', async () => {
    const removed: string[] = [];
    const fragments: Date[] = [];
    const artifacts = {
      storedBefore: () => Promise.resolve(['named', 'kept', 'orphan', 'put again since']),
      removeStoredBefore: (sha256: string) =>
        Promise.resolve(sha256 === 'orphan' && removed.push(sha256) > 0),
      removeFragments: (before: Date) => Promise.resolve(void fragments.push(before)),
    };
    const versions = { isNamed: (sha256: string) => Promise.resolve(sha256 === 'named') };
    const sweep = new BundleSweepService(
      artifacts as unknown as ArtifactStore,
      versions as unknown as VersionsRepository,
    );
    expect(await sweep.sweep(moment, new Set(['kept']))).toBe(1);
    expect([removed, fragments]).toEqual([['orphan'], [moment]]);
  });
});
