import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { DetectorModule } from '../detector/detector.module.js';
import { LeasesModule } from '../leases/leases.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { AwaitedRuns } from './awaited-runs.service.js';
import { BundleSweeper } from './bundle-sweeper.service.js';
import { MirroredRuns } from './mirrored-runs.repository.js';
import { RunEvent, RunEventSchema } from './run-event.schema.js';
import { RunEventStream } from './run-event-stream.service.js';
import { RunEventsRepository } from './run-events.repository.js';
import { RunExecutor } from './run-executor.service.js';
import { RunHistory } from './run-history.repository.js';
import { RunPruningRepository } from './run-pruning.repository.js';
import { RunQueueRepository } from './run-queue.repository.js';
import { RunWorker } from './run-worker.service.js';
import { RunsController } from './runs.controller.js';
import { RunsRepository } from './runs.repository.js';
import { RunsService } from './runs.service.js';
import { TrainingRun, TrainingRunSchema } from './training-run.schema.js';

/** How a run lives. Its RunPipeline and RunFreshness come from the module that has the stages, which is global. */
@Module({
  imports: [
    DetectorModule,
    RegistryModule,
    LeasesModule,
    MongooseModule.forFeature([
      { name: TrainingRun.name, schema: TrainingRunSchema },
      { name: RunEvent.name, schema: RunEventSchema },
    ]),
  ],
  controllers: [RunsController],
  providers: [
    RunsService,
    RunsRepository,
    RunQueueRepository,
    RunEventsRepository,
    RunPruningRepository,
    RunHistory,
    MirroredRuns,
    RunExecutor,
    RunWorker,
    AwaitedRuns,
    RunEventStream,
    BundleSweeper,
  ],
  exports: [
    RunsService,
    RunWorker,
    BundleSweeper,
    RunsRepository,
    RunPruningRepository,
    RunHistory,
    MirroredRuns,
  ],
})
export class RunsModule {}
