import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AccessModule } from '../access/access.module.js';
import { LeasesModule } from '../leases/leases.module.js';
import { Deployment, DeploymentSchema } from '../registry/deployment.schema.js';
import { RegistryModule } from '../registry/registry.module.js';
import { TrainingRun, TrainingRunSchema } from '../runs/training-run.schema.js';
import { AliasMirror } from './alias-mirror.service.js';
import { HappeningsRepository } from './happenings.repository.js';
import { LoggedModels } from './logged-models.service.js';
import { MirrorService } from './mirror.service.js';
import { ModelFiles } from './model-files.service.js';
import { OutboxEntry, OutboxEntrySchema, TrackingStart, TrackingStartSchema } from './outbox-entry.schema.js';
import { OutboxPruning } from './outbox-pruning.service.js';
import { OutboxRepository } from './outbox.repository.js';
import { OutboxWorker } from './outbox-worker.service.js';
import { RunFiles } from './run-files.service.js';
import { RunMirror } from './run-mirror.service.js';
import { Tracker } from './tracker.service.js';
import { TrackingController } from './tracking.controller.js';
import { TrackingService } from './tracking.service.js';
import { VersionImport } from './version-import.service.js';
import { VersionMirror } from './version-mirror.service.js';

@Module({
  imports: [
    AccessModule,
    LeasesModule,
    RegistryModule,
    MongooseModule.forFeature([
      { name: OutboxEntry.name, schema: OutboxEntrySchema },
      { name: TrackingStart.name, schema: TrackingStartSchema },
      { name: TrainingRun.name, schema: TrainingRunSchema },
      { name: Deployment.name, schema: DeploymentSchema },
    ]),
  ],
  controllers: [TrackingController],
  providers: [
    Tracker,
    OutboxRepository,
    HappeningsRepository,
    ModelFiles,
    LoggedModels,
    RunFiles,
    RunMirror,
    AliasMirror,
    VersionMirror,
    MirrorService,
    OutboxPruning,
    OutboxWorker,
    TrackingService,
    VersionImport,
  ],
  exports: [TrackingService, OutboxWorker, OutboxPruning],
})
export class TrackingModule {}
