import { Injectable } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { ContractsService } from '../detector/contracts.service.js';
import type { LeaseHolder } from '../leases/lease-holder.js';
import { LeasesService } from '../leases/leases.service.js';
import { DetectorRetentionService } from './detector-retention.service.js';
import { RetentionRunningError } from './retention.errors.js';
import type { DetectorRetention, RetentionOutcome } from './retention-outcome.schema.js';
import { RetentionOutcomesRepository } from './retention-outcomes.repository.js';
import type { ApplyOptions } from './version-retention.service.js';

const leaseMs = 15_000;

/** Keeps the database from growing without end: deletes what the policy does not keep. */
@Injectable()
export class RetentionService {
  constructor(
    private readonly environment: Environment,
    private readonly contracts: ContractsService,
    private readonly leases: LeasesService,
    private readonly detectors: DetectorRetentionService,
    private readonly outcomes: RetentionOutcomesRepository,
  ) {}

  /** What was deleted last; null where nothing ever was. */
  last(): Promise<RetentionOutcome | null> {
    return this.outcomes.last();
  }

  /** What `apply` would delete now. @throws DetectorUnknownError */
  plan(by: string, detector?: string): Promise<RetentionOutcome> {
    return this.outcomeOf({ by, dryRun: true }, detector);
  }

  /**
   * Deletes what the policy does not keep, of one detector or of all.
   * @throws DetectorUnknownError, RetentionRunningError when another process is at it
   */
  async apply(by: string, detector?: string): Promise<RetentionOutcome> {
    const lease = await this.leases.hold('retention', leaseMs);
    if (!lease) throw new RetentionRunningError();
    try {
      const outcome = await this.outcomeOf({ by, dryRun: false }, detector, lease);
      await this.outcomes.put(outcome);
      return outcome;
    } finally {
      await lease.release();
    }
  }

  private async outcomeOf(
    options: ApplyOptions,
    only?: string,
    lease?: LeaseHolder,
  ): Promise<RetentionOutcome> {
    const names = only === undefined ? this.contracts.detectors : [this.contracts.get(only).detector];
    const detectors: DetectorRetention[] = [];
    for (const name of names) {
      lease?.throwIfLost();
      detectors.push(await this.detectors.apply(name, options));
    }
    return { ...options, at: new Date(), policy: this.environment.retain, detectors };
  }
}
