import { Injectable } from '@nestjs/common';
import type { ModelBundle } from '../registry/bundle/bundle.js';
import type { ModelVersion } from '../registry/model-version.schema.js';
import { aliasesOf } from '../registry/model-aliases.schema.js';
import { BundleDamagedError, VersionPrunedError, VersionUnknownError } from '../registry/registry.errors.js';
import { RegistryService } from '../registry/registry.service.js';
import { modelCard } from './make-model-card.js';
import type { ModelCard, ServedModelCard } from './model-card.js';
import { ModelCardsRepository } from './model-cards.repository.js';
import type { TrainingRecord } from './training-record.js';
import { compareVersions, type VersionComparison } from './version-comparison.js';

/** Model cards, and versions compared by them. */
@Injectable()
export class CardsService {
  constructor(
    private readonly registry: RegistryService,
    private readonly cards: ModelCardsRepository,
  ) {}

  /** Writes a new version's model card; nobody changes it afterwards. */
  write(version: ModelVersion, bundle: ModelBundle, record: TrainingRecord): Promise<void> {
    return this.cards.put(version._id, modelCard(version, bundle, record));
  }

  /** Deletes the card of a version that is pruned. @param id `<detector>/<version>` */
  remove(id: string): Promise<void> {
    return this.cards.remove(id);
  }

  /**
   * A version's model card; where none is stored, it is made from the version's bundle.
   * @throws VersionPrunedError, BundleDamagedError
   */
  async of(version: ModelVersion): Promise<ModelCard> {
    if (version.pruned) throw new VersionPrunedError(version);
    return (
      (await this.cards.find(version._id)) ?? modelCard(version, await this.registry.loadBundle(version))
    );
  }

  /**
   * A version's model card with where its aliases are now; the champion's when no version is named.
   * @throws VersionUnknownError, VersionPrunedError, BundleDamagedError
   */
  async served(detector: string, version?: number): Promise<ServedModelCard> {
    const state = await this.registry.aliases(detector);
    const wanted = version ?? state.champion;
    if (wanted === null) throw new VersionUnknownError(detector, 'champion');
    const found = await this.registry.getVersion(detector, wanted);
    const [card, moves] = await Promise.all([this.of(found), this.registry.movesOf(found)]);
    return {
      ...card,
      deployments: {
        aliases: aliasesOf(found, state),
        moves: moves.map(({ _id, detector: _, ...move }) => move),
      },
    };
  }

  /** Versions side by side, in this order. @throws VersionUnknownError, VersionPrunedError */
  async compare(detector: string, versions: readonly number[]): Promise<VersionComparison> {
    const rows = await Promise.all(versions.map((version) => this.registry.getVersion(detector, version)));
    const cards = await Promise.all(rows.map((row) => this.ofOrNull(row)));
    return compareVersions(
      detector,
      rows.map((row, i) => ({ row, card: cards[i] })),
    );
  }

  /** A damaged bundle without a stored card leaves the rest to compare. */
  private async ofOrNull(row: ModelVersion): Promise<ModelCard | null> {
    try {
      return await this.of(row);
    } catch (error) {
      if (error instanceof BundleDamagedError) return null;
      throw error;
    }
  }
}
