import { Injectable } from '@nestjs/common';
import type { PageQuery } from '../common/page.js';
import { type Alias, aliases } from './deployment.schema.js';
import type { ModelAliases } from './model-aliases.schema.js';
import type { ModelVersion } from './model-version.schema.js';
import type {
  DeploymentPageDto,
  DeploymentsQuery,
  ModelVersionDto,
  ModelVersionPageDto,
  RegisteredModelDto,
} from './registry.dto.js';
import { RegistryService } from './registry.service.js';

/** The registry as people and programs read it: versions with the aliases that point to them. */
@Injectable()
export class ModelCatalogue {
  constructor(private readonly registry: RegistryService) {}

  async models(): Promise<RegisteredModelDto[]> {
    const models = await this.registry.models();
    return models.map(({ _id, champion, challenger, lastVersion }) => ({
      detector: _id,
      champion,
      challenger,
      lastVersion,
    }));
  }

  async versions(detector: string, query: PageQuery): Promise<ModelVersionPageDto> {
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

  deployments(detector: string, query: DeploymentsQuery): Promise<DeploymentPageDto> {
    return this.registry.listDeployments(detector, query, query.at);
  }
}

function describe({ _id: _, ...version }: ModelVersion, state: ModelAliases): ModelVersionDto {
  const pointing: Alias[] = aliases.filter((alias) => state[alias] === version.version);
  return { ...version, aliases: pointing };
}
