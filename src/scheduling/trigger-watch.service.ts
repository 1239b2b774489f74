import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Poller } from '../common/poller.js';
import { Environment } from '../config/environment.js';
import type { Contract } from '../detector/contract.js';
import { ContractsService } from '../detector/contracts.service.js';
import { type LeaseHolder, LeaseLostError } from '../leases/lease-holder.js';
import { LeasesService } from '../leases/leases.service.js';
import { TriggersService } from './triggers.service.js';

/** Has detectors with triggers looked at again and again, by one process at a time. */
@Injectable()
export class TriggerWatch implements BeforeApplicationShutdown {
  private readonly logger = new Logger(TriggerWatch.name);
  private readonly poller = new Poller(
    () => this.look(),
    (error) => this.logger.debug(error, 'nothing was looked for that asks for a run'),
  );
  /** Kept from look to look. */
  private lease: LeaseHolder | null = null;

  constructor(
    private readonly environment: Environment,
    private readonly contracts: ContractsService,
    private readonly leases: LeasesService,
    private readonly triggers: TriggersService,
  ) {}

  begin(): void {
    this.poller.begin(this.environment.triggerCheckMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.poller.stop();
    await this.lease
      ?.release()
      .catch((error: unknown) => this.logger.debug(error, 'a lease was left to its end'));
  }

  private async look(): Promise<void> {
    const watched = this.contracts.detectors.map((name) => this.contracts.get(name)).filter(hasTriggers);
    if (watched.length === 0) return;
    if (this.lease?.lost.aborted) this.lease = null;
    const lease = (this.lease ??= await this.leases.hold('schedule/triggers', this.environment.runLeaseMs));
    if (!lease) return;
    for (const contract of watched) await this.check(contract, lease);
  }

  /** What is wrong with one detector keeps none of the others from being looked at. */
  private async check(contract: Contract, lease: LeaseHolder): Promise<void> {
    try {
      lease.throwIfLost();
      await this.triggers.check(contract, lease);
    } catch (error) {
      if (error instanceof LeaseLostError) throw error;
      this.logger.warn(error, `it could not be looked whether ${contract.detector} asks for a run`);
    }
  }
}

function hasTriggers({ retraining: { newRecords, drift } }: Contract): boolean {
  return newRecords !== null || drift !== null;
}
