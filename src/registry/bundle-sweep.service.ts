import { Injectable } from '@nestjs/common';
import { ArtifactStore } from './artifact-store.js';
import { VersionsRepository } from './versions.repository.js';

/**
 * Deletes stored bundles that nobody points to: what a registration left that never came to its end, and those of
 * pruned versions.
 */
@Injectable()
export class BundleSweepService {
  constructor(
    private readonly artifacts: ArtifactStore,
    private readonly versions: VersionsRepository,
  ) {}

  /**
   * @param before only what was stored before; a registration takes much less time than there is from then to now
   * @param kept digests of bundles that are to become versions yet
   * @returns how many bundles were deleted
   */
  async sweep(before: Date, kept: ReadonlySet<string>): Promise<number> {
    let deleted = 0;
    for (const sha256 of await this.artifacts.storedBefore(before)) {
      if (await this.remove(sha256, before, kept)) deleted++;
    }
    await this.artifacts.removeFragments(before);
    return deleted;
  }

  /** Deletes one bundle under the same conditions. Returns whether it did. */
  async remove(sha256: string, before: Date, kept: ReadonlySet<string>): Promise<boolean> {
    if (kept.has(sha256) || (await this.versions.isNamed(sha256))) return false;
    return this.artifacts.removeStoredBefore(sha256, before);
  }
}
