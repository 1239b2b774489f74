import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { DetectorModule } from '../detector/detector.module.js';
import { IngestionModule } from '../ingestion/ingestion.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { TransformationModule } from '../transformation/transformation.module.js';
import { ValidationModule } from '../validation/validation.module.js';
import { Pipeline } from './pipeline.js';
import { RunsRepository } from './runs.repository.js';
import { EvaluationService } from './stages/evaluation.service.js';
import { GateService } from './stages/gate.service.js';
import { RegistrationService } from './stages/registration.service.js';
import { TrainerService } from './stages/trainer.service.js';
import { TrainingController } from './training.controller.js';
import { TrainingService } from './training.service.js';
import { TrainingRun, TrainingRunSchema } from './training-run.schema.js';

@Module({
  imports: [
    DetectorModule,
    IngestionModule,
    ValidationModule,
    TransformationModule,
    RegistryModule,
    MongooseModule.forFeature([{ name: TrainingRun.name, schema: TrainingRunSchema }]),
  ],
  controllers: [TrainingController],
  providers: [
    TrainingService,
    Pipeline,
    TrainerService,
    EvaluationService,
    RegistrationService,
    GateService,
    RunsRepository,
  ],
  exports: [TrainingService],
})
export class TrainingModule {}
