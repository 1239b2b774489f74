import { Injectable } from '@nestjs/common';
import type { Intervals } from '../ml/bootstrap.js';
import { ArtifactStore } from './artifact-store.js';
import type { ModelBundle } from './bundle/bundle.js';
import { decodeBundle, encodeBundle } from './bundle/bundle-codec.js';
import { DeploymentsRepository } from './deployments.repository.js';
import type { Lineage, ModelVersion } from './model-version.schema.js';
import { VersionsRepository } from './versions.repository.js';

/** A stored bundle and the number that is kept for it: all that it takes to make the version, in this process or another. */
export interface Reservation {
  readonly detector: string;
  readonly version: number;
  readonly sha256: string;
}

/**
 * Makes model versions in two steps, so that a caller can put its own point of no return between them: what was
 * prepared and never committed leaves a gap in the numbers and a file that nothing points to.
 */
@Injectable()
export class VersionMaker {
  constructor(
    private readonly versions: VersionsRepository,
    private readonly deployments: DeploymentsRepository,
    private readonly artifacts: ArtifactStore,
  ) {}

  /** Stores a bundle's file and takes the detector's next number. @throws FencedOffError */
  prepare(bundle: ModelBundle, fence?: number): Promise<Reservation> {
    return this.prepareBytes(bundle.contract.detector, encodeBundle(bundle), fence);
  }

  /** As `prepare`, for a bundle's file. */
  async prepareBytes(detector: string, bytes: Buffer, fence?: number): Promise<Reservation> {
    const sha256 = await this.artifacts.put(bytes);
    return { detector, version: await this.deployments.nextVersion(detector, fence), sha256 };
  }

  /**
   * Makes the version of a reservation from the file that was stored. Doing it again, here or elsewhere, changes
   * nothing: a lineage's `run` makes one version, and that one is given back.
   * @throws BundleDamagedError when the stored file is not whole
   */
  async commit(
    { detector, version, sha256 }: Reservation,
    intervals: Intervals,
    lineage: Lineage,
  ): Promise<ModelVersion> {
    const made = await this.versions.madeBy(lineage.run);
    if (made) return made;
    const bytes = await this.artifacts.get(sha256);
    const { candidate, model, metrics, thresholds, contract } = decodeBundle(bytes);
    return this.versions.add({
      _id: `${detector}/${version}`,
      detector,
      version,
      candidate,
      learner: model.learner,
      sha256,
      size: bytes.length,
      metrics: metrics.test,
      intervals,
      thresholds,
      signature: contract.features.map(({ name, type }) => ({ name, type })),
      lineage,
      createdAt: new Date(),
    });
  }
}
