import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { NetwardenError } from '../common/errors.js';
import { ContractsService } from '../detector/contracts.service.js';
import { withSpellingsOf } from '../detector/reading-contract.js';
import { ScoringModel } from '../registry/bundle/scoring-model.js';
import { BundleDamagedError } from '../registry/registry.errors.js';
import { RegistryService } from '../registry/registry.service.js';
import { LoadedVersion } from './loaded-version.js';
import { ModelUnavailableError, wayToAModel } from './prediction.errors.js';

/** What came of loading a version: it is loaded, or there is a reason why it is refused. */
export interface Attempt {
  readonly version: number;
  readonly loaded: LoadedVersion | null;
  readonly refusal: string | null;
}

/** A refused version is read again after this time: its bundle may have been restored. */
const retryMs = 30_000;

/** The loaded versions of this process, each read and verified once: a champion, a challenger and another a detector. */
@Injectable()
export class LoadedVersions {
  private readonly attempts: LRUCache<string, { readonly attempt: Promise<Attempt>; until: number }>;

  constructor(
    private readonly contracts: ContractsService,
    private readonly registry: RegistryService,
  ) {
    this.attempts = new LRUCache({ max: 4 + 3 * contracts.detectors.length });
  }

  /** @throws ModelUnavailableError with the reason why the version is refused */
  async get(detector: string, version: number): Promise<LoadedVersion> {
    const { loaded, refusal } = await this.attempt(detector, version);
    if (!loaded) throw new ModelUnavailableError(detector, refusal!);
    return loaded;
  }

  /** The champion as the alias says now. @throws ModelUnavailableError without one, and where it is refused */
  async champion(detector: string): Promise<LoadedVersion> {
    const row = await this.registry.champion(detector);
    if (!row) throw new ModelUnavailableError(detector, wayToAModel(this.contracts.get(detector)));
    return this.get(detector, row.version);
  }

  /** Rejects while the database is away; nothing is kept of that. */
  attempt(detector: string, version: number): Promise<Attempt> {
    const key = `${detector} ${version}`;
    const known = this.attempts.get(key);
    if (known && Date.now() < known.until) return known.attempt;
    const entry = { attempt: this.load(detector, version), until: Infinity };
    this.attempts.set(key, entry);
    entry.attempt.then(
      ({ loaded }) => (entry.until = loaded ? Infinity : Date.now() + retryMs),
      () => this.attempts.delete(key),
    );
    return entry.attempt;
  }

  private async load(detector: string, version: number): Promise<Attempt> {
    try {
      const row = await this.registry.getVersion(detector, version);
      const bundle = await this.registry.loadBundle(row);
      const contract = withSpellingsOf(bundle.contract, this.contracts.get(detector));
      const model = ScoringModel.verified(bundle);
      const loaded = new LoadedVersion(row, model, bundle.reference, contract, bundle.trainedOn);
      return { version, loaded, refusal: null };
    } catch (error) {
      if (!(error instanceof NetwardenError)) throw error;
      const why = error instanceof BundleDamagedError ? `${error.reason}.` : error.message;
      return { version, loaded: null, refusal: `version ${version} is refused: ${why}` };
    }
  }
}
