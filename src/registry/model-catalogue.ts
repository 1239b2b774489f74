import { Injectable } from '@nestjs/common';
import type { PageQuery } from '../common/page.js';
import type { ModelCard, ServedModelCard } from '../cards/model-card.js';
import { type Alias, aliases } from './deployment.schema.js';
import type { ModelAliases } from './model-aliases.schema.js';
import type { ModelVersion } from './model-version.schema.js';
import type { DeploymentPageDto, DeploymentsQuery, RegisteredModelDto, ServedDto } from './registry.dto.js';
import { BundleDamagedError, VersionUnknownError } from './registry.errors.js';
import { RegistryService } from './registry.service.js';
import { compareVersions, type VersionComparison } from './version-comparison.js';
import type { VersionFilter } from './version-filter.js';
import type { ModelVersionDto, ModelVersionPageDto } from './versions.dto.js';

/** The registry as people and programs read it: versions with the aliases that point to them. */
@Injectable()
export class ModelCatalogue {
  constructor(private readonly registry: RegistryService) {}

  async models(): Promise<RegisteredModelDto[]> {
    const models = await this.registry.models();
    return models.map(({ _id, champion, challenger, challengerMode, canaryShare, lastVersion }) => ({
      detector: _id,
      champion,
      challenger,
      challengerMode,
      canaryShare,
      lastVersion,
    }));
  }

  async versions(detector: string, query: PageQuery & VersionFilter): Promise<ModelVersionPageDto> {
    const [page, state] = await Promise.all([
      this.registry.listVersions(detector, query),
      this.registry.aliases(detector),
    ]);
    return { ...page, items: page.items.map((version) => describe(version, state)) };
  }

  async version(detector: string, version: number): Promise<ModelVersionDto> {
    const [found, state] = await Promise.all([
      this.registry.getVersion(detector, version),
      this.registry.aliases(detector),
    ]);
    return describe(found, state);
  }

  /** Versions side by side, in this order. @throws VersionUnknownError, VersionPrunedError */
  async compare(detector: string, versions: readonly number[]): Promise<VersionComparison> {
    const rows = await Promise.all(versions.map((version) => this.registry.getVersion(detector, version)));
    const cards = await Promise.all(rows.map((row) => this.cardOrNull(row)));
    return compareVersions(
      detector,
      rows.map((row, i) => ({ row, card: cards[i] })),
    );
  }

  /** A version's model card, the champion's when none is named. @throws VersionUnknownError, BundleDamagedError */
  async card(detector: string, version?: number): Promise<ServedModelCard> {
    const state = await this.registry.aliases(detector);
    const wanted = version ?? state.champion;
    if (wanted === null) throw new VersionUnknownError(detector, 'champion');
    const found = await this.registry.getVersion(detector, wanted);
    const [card, moves] = await Promise.all([this.registry.card(found), this.registry.movesOf(found)]);
    return {
      ...card,
      deployments: {
        aliases: pointingTo(found, state),
        moves: moves.map(({ _id, detector: _, ...move }) => move),
      },
    };
  }

  deployments(detector: string, query: DeploymentsQuery): Promise<DeploymentPageDto> {
    return this.registry.listDeployments(detector, query, query.at);
  }

  /** What served at a moment. */
  async served(detector: string, at = new Date()): Promise<ServedDto> {
    const deployment = await this.registry.servedAt(detector, at);
    return { detector, at, version: deployment?.to ?? null, deployment };
  }

  /** A damaged bundle without a stored card leaves the rest to compare. */
  private async cardOrNull(row: ModelVersion): Promise<ModelCard | null> {
    try {
      return await this.registry.card(row);
    } catch (error) {
      if (error instanceof BundleDamagedError) return null;
      throw error;
    }
  }
}

function describe(
  { _id: _, pruning: __, tags = [], description, pruned, ...version }: ModelVersion,
  state: ModelAliases,
): ModelVersionDto {
  return {
    ...version,
    tags,
    description: description ?? null,
    pruned: pruned ?? null,
    aliases: pointingTo(version, state),
  };
}

function pointingTo({ version }: Pick<ModelVersion, 'version'>, state: ModelAliases): Alias[] {
  return aliases.filter((alias) => state[alias] === version);
}
