import { Module } from '@nestjs/common';
import { DetectorModule } from '../detector/detector.module.js';
import { IngestionModule } from '../ingestion/ingestion.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { EventUrlsService } from './event-urls.service.js';
import { FileEvaluationService } from './file-evaluation.service.js';
import { FileScoringService } from './file-scoring.service.js';
import { FlowFileScoringService } from './flow-file-scoring.service.js';
import { FlowScoringController } from './flow-scoring.controller.js';
import { FlowScoringService } from './flow-scoring.service.js';
import { ListsModule } from '../lists/lists.module.js';
import { PredictionController } from './prediction.controller.js';
import { ScoringService } from './scoring.service.js';
import { ServingService } from './serving.service.js';
import { ShadowService } from './shadow.service.js';
import { UploadScoringService } from './upload-scoring.service.js';
import { UrlScoringController } from './url-scoring.controller.js';
import { UrlScoringService } from './url-scoring.service.js';

@Module({
  imports: [DetectorModule, IngestionModule, ListsModule, RegistryModule],
  // The more particular paths first: `url` and `flow` are no parameters there.
  controllers: [UrlScoringController, FlowScoringController, PredictionController],
  providers: [
    ServingService,
    ShadowService,
    ScoringService,
    UrlScoringService,
    FlowScoringService,
    EventUrlsService,
    FlowFileScoringService,
    FileScoringService,
    FileEvaluationService,
    UploadScoringService,
  ],
  exports: [
    ServingService,
    ShadowService,
    ScoringService,
    FlowScoringService,
    EventUrlsService,
    FlowFileScoringService,
    FileScoringService,
    FileEvaluationService,
  ],
})
export class PredictionModule {}
