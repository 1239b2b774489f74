import { Module } from '@nestjs/common';
import { DetectorModule } from '../detector/detector.module.js';
import { IngestionModule } from '../ingestion/ingestion.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { EventUrlsService } from './event-urls.service.js';
import { FileEvaluationService } from './file-evaluation.service.js';
import { FileScoringService } from './file-scoring.service.js';
import { FlowFileScoringService } from './flow-file-scoring.service.js';
import { LoadedVersions } from './loaded-versions.service.js';
import { ListsModule } from '../lists/lists.module.js';
import { PredictionController } from './prediction.controller.js';
import { ScoringService } from './scoring.service.js';
import { ServingService } from './serving.service.js';
import { ShadowService } from './shadow.service.js';
import { UploadScoringService } from './upload-scoring.service.js';

@Module({
  imports: [DetectorModule, IngestionModule, ListsModule, RegistryModule],
  controllers: [PredictionController],
  providers: [
    LoadedVersions,
    ServingService,
    ShadowService,
    ScoringService,
    EventUrlsService,
    FlowFileScoringService,
    FileScoringService,
    FileEvaluationService,
    UploadScoringService,
  ],
  exports: [
    LoadedVersions,
    ServingService,
    ShadowService,
    ScoringService,
    EventUrlsService,
    FlowFileScoringService,
    FileScoringService,
    FileEvaluationService,
  ],
})
export class PredictionModule {}
