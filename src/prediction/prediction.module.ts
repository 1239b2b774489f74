import { Module } from '@nestjs/common';
import { DetectorModule } from '../detector/detector.module.js';
import { IngestionModule } from '../ingestion/ingestion.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { ChampionsService } from './champions.service.js';
import { FileEvaluationService } from './file-evaluation.service.js';
import { FileScoringService } from './file-scoring.service.js';
import { PredictionController } from './prediction.controller.js';
import { ScoringService } from './scoring.service.js';

@Module({
  imports: [DetectorModule, IngestionModule, RegistryModule],
  controllers: [PredictionController],
  providers: [ChampionsService, ScoringService, FileScoringService, FileEvaluationService],
  exports: [ChampionsService, FileScoringService, FileEvaluationService],
})
export class PredictionModule {}
