import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { DetectorModule } from '../detector/detector.module.js';
import { IngestionModule } from '../ingestion/ingestion.module.js';
import { ListsModule } from '../lists/lists.module.js';
import { LeasesModule } from '../leases/leases.module.js';
import { PredictionModule } from '../prediction/prediction.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { DriftService } from './drift/drift.service.js';
import { HealthController } from './health/health.controller.js';
import { HealthService } from './health/health.service.js';
import { ListConflictsController } from './log/list-conflicts.controller.js';
import { ListConflictsService } from './log/list-conflicts.service.js';
import { MonitoringController } from './monitoring.controller.js';
import { MonitoringService } from './monitoring.service.js';
import { PredictionLogService } from './log/prediction-log.service.js';
import { Prediction, PredictionSchema } from './log/prediction.schema.js';
import { PredictionsController } from './log/predictions.controller.js';
import { PredictionLog } from './log/predictions.repository.js';
import { PredictionsService } from './log/predictions.service.js';
import { RescoringService } from './log/rescoring.service.js';
import { PreviewController } from './preview/preview.controller.js';
import { PreviewService } from './preview/preview.service.js';
import { PromotionWatch } from './watch/promotion-watch.service.js';
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
    MonitoringService,
    PredictionLog,
    PredictionLogService,
    PredictionsService,
    PreviewService,
    PromotionWatch,
    RescoringService,
    WatchEvidenceService,
    WatchesRepository,
  ],
  exports: [DriftService, PredictionLog, PreviewService],
})
export class MonitoringModule {}
