import { type DynamicModule, Module } from '@nestjs/common';
import { LoggerModule, type Params } from 'nestjs-pino';
import { AccessModule } from './access/access.module.js';
import { CardsModule } from './cards/cards.module.js';
import { ComputeModule } from './compute/compute.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Environment } from './config/environment.js';
import { DatabaseModule } from './database/database.module.js';
import { DetectorModule } from './detector/detector.module.js';
import { FollowingModule } from './following/following.module.js';
import { IngestionModule } from './ingestion/ingestion.module.js';
import { ListsModule } from './lists/lists.module.js';
import { MonitoringModule } from './monitoring/monitoring.module.js';
import { PredictionModule } from './prediction/prediction.module.js';
import { RegistryModule } from './registry/registry.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { RunsModule } from './runs/runs.module.js';
import { SchedulingModule } from './scheduling/scheduling.module.js';
import { TrackingModule } from './tracking/tracking.module.js';
import { TrainingModule } from './training/training.module.js';
import { TransformationModule } from './transformation/transformation.module.js';
import { ValidationModule } from './validation/validation.module.js';

@Module({})
export class AppModule {
  static forRoot(environment: Environment, logging: Params): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(environment),
        LoggerModule.forRoot(logging),
        ComputeModule,
        DatabaseModule,
        DetectorModule,
        AccessModule,
        IngestionModule,
        ValidationModule,
        TransformationModule,
        RunsModule,
        TrainingModule,
        RegistryModule,
        CardsModule,
        ListsModule,
        PredictionModule,
        FollowingModule,
        MonitoringModule,
        RetentionModule,
        SchedulingModule,
        TrackingModule,
      ],
    };
  }
}
