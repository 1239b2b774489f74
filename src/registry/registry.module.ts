import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { DetectorModule } from '../detector/detector.module.js';
import { BundleImportService } from './bundle-import.service.js';
import { ArtifactStore, GridFsArtifactStore } from './artifact-store.js';
import { BundleSweepService } from './bundle-sweep.service.js';
import { StoredModelCard, StoredModelCardSchema } from '../cards/model-card.schema.js';
import { ModelCardsRepository } from '../cards/model-cards.repository.js';
import { Deployment, DeploymentSchema } from './deployment.schema.js';
import { DeploymentsRepository } from './deployments.repository.js';
import { ModelAliases, ModelAliasesSchema } from './model-aliases.schema.js';
import { ModelCatalogue } from './model-catalogue.js';
import { ModelVersion, ModelVersionSchema } from './model-version.schema.js';
import { ModelsController } from './models.controller.js';
import { RegistrarService } from './registrar.service.js';
import { RegistryService } from './registry.service.js';
import { VersionNotesService } from './version-notes.service.js';
import { VersionPruningService } from './version-pruning.service.js';
import { VersionsController } from './versions.controller.js';
import { VersionsRepository } from './versions.repository.js';

@Module({
  imports: [
    DetectorModule,
    MongooseModule.forFeature([
      { name: ModelVersion.name, schema: ModelVersionSchema },
      { name: ModelAliases.name, schema: ModelAliasesSchema },
      { name: Deployment.name, schema: DeploymentSchema },
      { name: StoredModelCard.name, schema: StoredModelCardSchema },
    ]),
  ],
  controllers: [VersionsController, ModelsController],
  providers: [
    RegistryService,
    BundleSweepService,
    RegistrarService,
    BundleImportService,
    VersionNotesService,
    VersionPruningService,
    ModelCatalogue,
    VersionsRepository,
    DeploymentsRepository,
    ModelCardsRepository,
    { provide: ArtifactStore, useClass: GridFsArtifactStore },
  ],
  exports: [
    RegistryService,
    RegistrarService,
    BundleImportService,
    BundleSweepService,
    VersionPruningService,
  ],
})
export class RegistryModule {}
