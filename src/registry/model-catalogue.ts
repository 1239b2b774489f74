import { Injectable } from '@nestjs/common';
import type { PageQuery } from '../common/page.dto.js';
import { withId } from '../common/with-id.js';
import { aliasesOf, type ModelAliases } from './model-aliases.schema.js';
import type { ModelVersion } from './model-version.schema.js';
import {
  type DeploymentPageDto,
  type DeploymentsQuery,
  type RegisteredModelDto,
  type ServedDto,
} from './registry.dto.js';
import { RegistryService } from './registry.service.js';
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

  async deployments(detector: string, query: DeploymentsQuery): Promise<DeploymentPageDto> {
    const page = await this.registry.listDeployments(detector, query, query.at);
    return { ...page, items: page.items.map(withId) };
  }

  /** What served at a moment. */
  async served(detector: string, at = new Date()): Promise<ServedDto> {
    const deployment = await this.registry.servedAt(detector, at);
    return {
      detector,
      at,
      version: deployment?.to ?? null,
      deployment: deployment && withId(deployment),
    };
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
    aliases: aliasesOf(version, state),
  };
}
