import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { DetectorModule } from '../detector/detector.module.js';
import { IngestionModule } from '../ingestion/ingestion.module.js';
import { LeasesModule } from '../leases/leases.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { TransformationModule } from '../transformation/transformation.module.js';
import { ValidationModule } from '../validation/validation.module.js';
import { BundleSweeper } from '../runs/bundle-sweeper.service.js';
import { FreshnessService } from './freshness.service.js';
import { Pipeline } from './pipeline.js';
import { RunAttendant } from '../runs/awaited-runs.service.js';
import { RunEvent, RunEventSchema } from '../runs/run-event.schema.js';
import { RunEventsRepository } from '../runs/run-events.repository.js';
import { RunExecutor } from '../runs/run-executor.service.js';
import { RunPruningRepository } from '../runs/run-pruning.repository.js';
import { RunQueueRepository } from '../runs/run-queue.repository.js';
import { RunStory } from '../runs/run-event-stream.service.js';
import { RunWorker } from '../runs/run-worker.service.js';
import { RunsRepository } from '../runs/runs.repository.js';
import { EvaluationService } from './stages/evaluation.service.js';
import { GateService } from './stages/gate.service.js';
import { RegistrationService } from './stages/registration.service.js';
import { TrainerService } from './stages/trainer.service.js';
import { TrainingController } from '../runs/runs.controller.js';
import { TrainingService } from '../runs/runs.service.js';
import { TrainingRun, TrainingRunSchema } from '../runs/training-run.schema.js';

@Module({
  imports: [
    DetectorModule,
    IngestionModule,
    ValidationModule,
    TransformationModule,
    RegistryModule,
    LeasesModule,
    MongooseModule.forFeature([
      { name: TrainingRun.name, schema: TrainingRunSchema },
      { name: RunEvent.name, schema: RunEventSchema },
    ]),
  ],
  controllers: [TrainingController],
  providers: [
    TrainingService,
    Pipeline,
    TrainerService,
    EvaluationService,
    RegistrationService,
    GateService,
    FreshnessService,
    RunsRepository,
    RunQueueRepository,
    RunEventsRepository,
    RunPruningRepository,
    RunExecutor,
    RunWorker,
    RunAttendant,
    RunStory,
    BundleSweeper,
  ],
  exports: [TrainingService, RunWorker, BundleSweeper, RunsRepository, RunPruningRepository],
})
export class TrainingModule {}
