import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AccessModule } from '../access/access.module.js';
import { CardsModule } from '../cards/cards.module.js';
import { DetectorModule } from '../detector/detector.module.js';
import { LeasesModule } from '../leases/leases.module.js';
import { MonitoringModule } from '../monitoring/monitoring.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { TrackingModule } from '../tracking/tracking.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { DetectorRetentionService } from './detector-retention.service.js';
import { RetentionController } from './retention.controller.js';
import { LastRetention, LastRetentionSchema } from './retention-outcome.schema.js';
import { RetentionOutcomesRepository } from './retention-outcomes.repository.js';
import { RetentionSchedule } from './retention-schedule.service.js';
import { RetentionService } from './retention.service.js';
import { VersionRetention } from './version-retention.service.js';

@Module({
  imports: [
    AccessModule,
    DetectorModule,
    LeasesModule,
    RegistryModule,
    CardsModule,
    RunsModule,
    TrackingModule,
    MonitoringModule,
    MongooseModule.forFeature([{ name: LastRetention.name, schema: LastRetentionSchema }]),
  ],
  controllers: [RetentionController],
  providers: [
    RetentionService,
    DetectorRetentionService,
    VersionRetention,
    RetentionOutcomesRepository,
    RetentionSchedule,
  ],
  exports: [RetentionService, RetentionSchedule],
})
export class RetentionModule {}
