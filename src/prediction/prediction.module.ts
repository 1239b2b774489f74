import { Module } from '@nestjs/common';
import { DetectorModule } from '../detector/detector.module.js';
import { IngestionModule } from '../ingestion/ingestion.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { FileEvaluationService } from './file-evaluation.service.js';
import { FileScoringService } from './file-scoring.service.js';
import { ListsModule } from '../lists/lists.module.js';
import { PredictionController } from './prediction.controller.js';
import { ScoringService } from './scoring.service.js';
import { ServingService } from './serving.service.js';
import { ShadowService } from './shadow.service.js';
import { UrlScoringController } from './url-scoring.controller.js';
import { UrlScoringService } from './url-scoring.service.js';

@Module({
  imports: [DetectorModule, IngestionModule, ListsModule, RegistryModule],
  // The more particular path first: `url` is no parameter there.
  controllers: [UrlScoringController, PredictionController],
  providers: [
    ServingService,
    ShadowService,
    ScoringService,
    UrlScoringService,
    FileScoringService,
    FileEvaluationService,
  ],
  exports: [ServingService, ShadowService, ScoringService, FileScoringService, FileEvaluationService],
})
export class PredictionModule {}
