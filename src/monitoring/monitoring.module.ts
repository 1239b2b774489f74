import { Module } from '@nestjs/common';
import { PredictionModule } from '../prediction/prediction.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { DriftService } from './drift.service.js';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';

@Module({
  imports: [PredictionModule, RegistryModule],
  controllers: [HealthController],
  providers: [HealthService, DriftService],
  exports: [DriftService],
})
export class MonitoringModule {}
