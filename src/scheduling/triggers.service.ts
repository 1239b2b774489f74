import { Injectable, Logger } from '@nestjs/common';
import type { Contract } from '../detector/contract.js';
import type { LeaseHolder } from '../leases/lease-holder.js';
import type { RunTrigger } from '../runs/training-run.schema.js';
import { TrainingService } from '../runs/runs.service.js';
import { Allowance } from './allowance.service.js';
import { RunHistory } from './run-history.repository.js';
import { scheduleActor, scheduledRunId, triggerKey } from './scheduled-run.js';
import { TriggerChecksRepository } from './trigger-checks.repository.js';
import { type NewRecords, TriggerFindings, triggerOf } from './trigger-findings.service.js';

/** Starts runs for new records and for drift, and says why where it does not. */
@Injectable()
export class TriggersService {
  private readonly logger = new Logger(TriggersService.name);

  constructor(
    private readonly findings: TriggerFindings,
    private readonly allowance: Allowance,
    private readonly history: RunHistory,
    private readonly training: TrainingService,
    private readonly checks: TriggerChecksRepository,
  ) {}

  /** @throws LeaseLostError where another process looks by now */
  async check(contract: Contract, lease: Pick<LeaseHolder, 'throwIfLost'>): Promise<void> {
    const { detector } = contract;
    const at = new Date();
    const found = await this.findings.find(contract);
    const trigger = triggerOf(contract, found);
    const reason = trigger && (await this.reasonAgainst(contract, trigger, found.newRecords));
    lease.throwIfLost();
    if (trigger && reason === null) await this.start(contract, trigger, found.newRecords);
    const held = trigger && reason !== null ? { ...trigger, reason } : null;
    await this.checks.save({ _id: detector, at, drift: [...found.drift], held });
  }

  private async start(contract: Contract, trigger: RunTrigger, newRecords: NewRecords): Promise<void> {
    const { detector, retraining } = contract;
    const run = await this.training.start(detector, {
      actor: scheduleActor,
      trigger,
      idempotencyKey: keyOf(detector, trigger, newRecords),
      unlessUnchanged: true,
      promote: retraining.promote,
    });
    this.logger.log(`${detector} is trained in the run ${run._id}: ${trigger.detail}`);
  }

  private async reasonAgainst(
    contract: Contract,
    trigger: RunTrigger,
    newRecords: NewRecords,
  ): Promise<string | null> {
    const { detector } = contract;
    if (newRecords.count === 0)
      return `no records came since ${newRecords.since.toISOString()} to learn from`;
    const known = await this.history.find(scheduledRunId(keyOf(detector, trigger, newRecords)));
    if (known) return `the training run ${known._id} was started for it (${known.status})`;
    const hindrance = await this.allowance.hindrance(contract);
    if (hindrance !== null) return hindrance;
    const until = await this.allowance.coolDownUntil(contract);
    return until && `the last training run is cooling down until ${until.toISOString()}`;
  }
}

function keyOf(detector: string, { kind }: RunTrigger, { since, count }: NewRecords): string {
  return triggerKey(kind, detector, since, count);
}
