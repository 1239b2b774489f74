import { Module } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { ContractsService } from './contracts.service.js';

@Module({
  providers: [
    {
      provide: ContractsService,
      inject: [Environment],
      useFactory: (environment: Environment): ContractsService => new ContractsService(environment),
    },
  ],
  exports: [ContractsService],
})
export class DetectorModule {}
