import { Injectable } from '@nestjs/common';
import type { Contract } from '../detector/contract.js';
import { driftTable, type DriftTable } from '../ml/drift.js';
import { profileMatrixLike, type ReferenceProfile } from '../ml/reference-profile.js';
import type { ModelVersion } from '../registry/model-version.schema.js';
import { RegistryService } from '../registry/registry.service.js';
import { featuresOf, ofContract } from './logged-values.js';
import { type Patience, PredictionLog } from './predictions.repository.js';

/** Most of the latest records that are compared. */
const rows = 2000;

export type LiveDrift = DriftTable & {
  /** Whose training rows are the reference. */
  readonly version: number;
};

interface Reference {
  readonly version: number;
  readonly contract: Contract;
  readonly profile: ReferenceProfile;
}

/** Compares the latest logged records with what the champion was trained on. */
@Injectable()
export class LiveDriftService {
  /** Of each detector that of the champion asked for last: a bundle is much to read for a few numbers. */
  private readonly references = new Map<string, Reference>();

  constructor(
    private readonly registry: RegistryService,
    private readonly log: PredictionLog,
  ) {}

  /** Null without a champion. */
  async compare(detector: string, patience: Patience = {}): Promise<LiveDrift | null> {
    const champion = await this.registry.champion(detector);
    if (!champion) return null;
    const { version, contract, profile } = await this.referenceOf(champion);
    const latest = ofContract(contract, await this.log.latest(detector, rows, patience));
    const x = await featuresOf(contract, latest);
    return { version, ...driftTable(profile, profileMatrixLike(profile, x)) };
  }

  private async referenceOf(champion: ModelVersion): Promise<Reference> {
    const { detector, version } = champion;
    const known = this.references.get(detector);
    if (known?.version === version) return known;
    const { contract, reference: profile } = await this.registry.loadBundle(champion);
    const reference = { version, contract, profile };
    this.references.set(detector, reference);
    return reference;
  }
}
