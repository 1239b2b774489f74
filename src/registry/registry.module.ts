import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { DetectorModule } from '../detector/detector.module.js';
import { ArtifactStore, GridFsArtifactStore } from './artifact-store.js';
import { Deployment, DeploymentSchema } from './deployment.schema.js';
import { DeploymentsRepository } from './deployments.repository.js';
import { ModelAliases, ModelAliasesSchema } from './model-aliases.schema.js';
import { ModelCatalogue } from './model-catalogue.js';
import { ModelVersion, ModelVersionSchema } from './model-version.schema.js';
import { ModelsController } from './models.controller.js';
import { RegistryService } from './registry.service.js';
import { VersionsRepository } from './versions.repository.js';

@Module({
  imports: [
    DetectorModule,
    MongooseModule.forFeature([
      { name: ModelVersion.name, schema: ModelVersionSchema },
      { name: ModelAliases.name, schema: ModelAliasesSchema },
      { name: Deployment.name, schema: DeploymentSchema },
    ]),
  ],
  controllers: [ModelsController],
  providers: [
    RegistryService,
    ModelCatalogue,
    VersionsRepository,
    DeploymentsRepository,
    { provide: ArtifactStore, useClass: GridFsArtifactStore },
  ],
  exports: [RegistryService],
})
export class RegistryModule {}
