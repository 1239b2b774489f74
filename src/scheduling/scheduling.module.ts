import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { ScheduleModule } from '@nestjs/schedule';
import { DetectorModule } from '../detector/detector.module.js';
import { Batch, BatchSchema } from '../ingestion/batch.schema.js';
import { IngestionModule } from '../ingestion/ingestion.module.js';
import { StoredRecord, StoredRecordSchema } from '../ingestion/record.schema.js';
import { LeasesModule } from '../leases/leases.module.js';
import { MonitoringModule } from '../monitoring/monitoring.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { TrainingModule } from '../training/training.module.js';
import { TrainingRun, TrainingRunSchema } from '../runs/training-run.schema.js';
import { Allowance } from './allowance.service.js';
import { Arrivals } from './arrivals.repository.js';
import { Clock, SystemClock } from './clock.js';
import { CronJobs } from './cron-jobs.service.js';
import { DriftSamples } from './drift-samples.service.js';
import { RunHistory } from './run-history.repository.js';
import { ScheduleController } from './schedule.controller.js';
import { ScheduleService } from './schedule.service.js';
import { ScheduleSlot, ScheduleSlotSchema } from './schedule-slot.schema.js';
import { ScheduleSlotsRepository } from './schedule-slots.repository.js';
import { Scheduler } from './scheduler.service.js';
import { SlotsService } from './slots.service.js';
import { TriggerCheck, TriggerCheckSchema } from './trigger-check.schema.js';
import { TriggerChecksRepository } from './trigger-checks.repository.js';
import { TriggerFindings } from './trigger-findings.service.js';
import { TriggerStates } from './trigger-state.service.js';
import { TriggerWatch } from './trigger-watch.service.js';
import { TriggersService } from './triggers.service.js';

@Module({
  imports: [
    ScheduleModule.forRoot(),
    DetectorModule,
    IngestionModule,
    LeasesModule,
    TrainingModule,
    RegistryModule,
    MonitoringModule,
    MongooseModule.forFeature([
      { name: ScheduleSlot.name, schema: ScheduleSlotSchema },
      { name: TriggerCheck.name, schema: TriggerCheckSchema },
      { name: TrainingRun.name, schema: TrainingRunSchema },
      { name: Batch.name, schema: BatchSchema },
      { name: StoredRecord.name, schema: StoredRecordSchema },
    ]),
  ],
  controllers: [ScheduleController],
  providers: [
    { provide: Clock, useClass: SystemClock },
    Scheduler,
    CronJobs,
    SlotsService,
    ScheduleSlotsRepository,
    Allowance,
    RunHistory,
    TriggerWatch,
    TriggersService,
    TriggerFindings,
    TriggerChecksRepository,
    Arrivals,
    DriftSamples,
    ScheduleService,
    TriggerStates,
  ],
  exports: [Scheduler, ScheduleService],
})
export class SchedulingModule {}
