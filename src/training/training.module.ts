import { Global, Module } from '@nestjs/common';
import { CardsModule } from '../cards/cards.module.js';
import { DetectorModule } from '../detector/detector.module.js';
import { IngestionModule } from '../ingestion/ingestion.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { RunFreshness, RunPipeline } from '../runs/run-work.js';
import { TransformationModule } from '../transformation/transformation.module.js';
import { ValidationModule } from '../validation/validation.module.js';
import { FreshnessService } from './freshness.service.js';
import { Pipeline } from './pipeline.js';
import { EvaluationService } from './stages/evaluation.service.js';
import { GateService } from './stages/gate.service.js';
import { RegistrationService } from './stages/registration.service.js';
import { TrainerService } from './stages/trainer.service.js';

/** Global, so that the workers of runs, which know no stages, are given the pipeline. */
@Global()
@Module({
  imports: [
    DetectorModule,
    IngestionModule,
    ValidationModule,
    TransformationModule,
    RegistryModule,
    CardsModule,
  ],
  providers: [
    TrainerService,
    EvaluationService,
    RegistrationService,
    GateService,
    { provide: RunPipeline, useClass: Pipeline },
    { provide: RunFreshness, useClass: FreshnessService },
  ],
  exports: [RunPipeline, RunFreshness],
})
export class TrainingModule {}
