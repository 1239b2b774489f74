import { Injectable } from '@nestjs/common';
import { ArtifactStore } from './artifact-store.js';
import { VersionsRepository } from './versions.repository.js';

/** Deletes stored bundles that nobody points to: what a registration left that never came to its end. */
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
      if (kept.has(sha256) || (await this.versions.isNamed(sha256))) continue;
      if (await this.artifacts.removeStoredBefore(sha256, before)) deleted++;
    }
    await this.artifacts.removeFragments(before);
    return deleted;
  }
}
