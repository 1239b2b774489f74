import { Injectable } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { CronJobs } from './cron-jobs.service.js';
import { TriggerWatch } from './trigger-watch.service.js';

/** Starts training runs as the contracts say, in processes that may. */
@Injectable()
export class Scheduler {
  constructor(
    private readonly environment: Environment,
    private readonly cronJobs: CronJobs,
    private readonly triggers: TriggerWatch,
  ) {}

  begin(): void {
    if (!this.environment.schedule) return;
    this.cronJobs.begin();
    this.triggers.begin();
  }
}
