import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { DetectorModule } from '../detector/detector.module.js';
import { IngestionModule } from '../ingestion/ingestion.module.js';
import { ListsModule } from '../lists/lists.module.js';
import { LeasesModule } from '../leases/leases.module.js';
import { PredictionModule } from '../prediction/prediction.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { DriftService } from './drift.service.js';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';
import { ListConflictsController } from './lists/list-conflicts.controller.js';
import { ListConflictsService } from './lists/list-conflicts.service.js';
import { LiveDriftService } from './live-drift.service.js';
import { MonitoringController } from './monitoring.controller.js';
import { MonitoringService } from './monitoring.service.js';
import { PredictionLogService } from './prediction-log.service.js';
import { Prediction, PredictionSchema } from './prediction.schema.js';
import { PredictionsController } from './predictions.controller.js';
import { PredictionLog } from './predictions.repository.js';
import { PredictionsService } from './predictions.service.js';
import { PreviewController } from './preview/preview.controller.js';
import { PreviewService } from './preview/preview.service.js';
import { PromotionWatch } from './watch/promotion-watch.service.js';
import { SecondOpinionService } from './watch/second-opinion.service.js';
import { WatchEvidenceService } from './watch/watch-evidence.service.js';
import { Watch, WatchSchema } from './watch/watch.schema.js';
import { WatchesRepository } from './watch/watches.repository.js';

@Module({
  imports: [
    DetectorModule,
    IngestionModule,
    LeasesModule,
    ListsModule,
    PredictionModule,
    RegistryModule,
    MongooseModule.forFeature([
      { name: Prediction.name, schema: PredictionSchema },
      { name: Watch.name, schema: WatchSchema },
    ]),
  ],
  controllers: [
    HealthController,
    ListConflictsController,
    MonitoringController,
    PredictionsController,
    PreviewController,
  ],
  providers: [
    HealthService,
    DriftService,
    ListConflictsService,
    LiveDriftService,
    MonitoringService,
    PredictionLog,
    PredictionLogService,
    PredictionsService,
    PreviewService,
    PromotionWatch,
    SecondOpinionService,
    WatchEvidenceService,
    WatchesRepository,
  ],
  exports: [DriftService, PredictionLog, PreviewService],
})
export class MonitoringModule {}
