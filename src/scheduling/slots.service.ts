import { Injectable, Logger } from '@nestjs/common';
import { ContractsService } from '../detector/contracts.service.js';
import { TrainingService } from '../runs/runs.service.js';
import { Allowance } from './allowance.service.js';
import type { ScheduleSlot } from './schedule-slot.schema.js';
import { ScheduleSlotsRepository } from './schedule-slots.repository.js';
import { scheduleActor, scheduledRunId, slotKey } from './scheduled-run.js';

/** Takes slots: each starts one run or none, however many processes come to it. */
@Injectable()
export class SlotsService {
  private readonly logger = new Logger(SlotsService.name);

  constructor(
    private readonly contracts: ContractsService,
    private readonly slots: ScheduleSlotsRepository,
    private readonly allowance: Allowance,
    private readonly training: TrainingService,
  ) {}

  /**
   * Decides whether a slot starts a run, unless that is decided, and starts it. Every process that comes does start it:
   * the run's id follows from the slot, so the one who decided may die before.
   */
  async take(detector: string, at: Date): Promise<ScheduleSlot> {
    const slot = await this.decision(detector, at);
    if (slot.run === null) return slot;
    const { promote } = this.contracts.get(detector).retraining;
    await this.training.start(detector, {
      actor: scheduleActor,
      trigger: { kind: 'cron', detail: at.toISOString() },
      idempotencyKey: slotKey(detector, at),
      unlessUnchanged: true,
      promote,
    });
    return slot;
  }

  private async decision(detector: string, at: Date): Promise<ScheduleSlot> {
    const _id = `${detector}/${at.toISOString()}`;
    const known = await this.slots.find(_id);
    if (known) return known;
    const reason = await this.allowance.hindrance(this.contracts.get(detector));
    const run = reason === null ? scheduledRunId(slotKey(detector, at)) : null;
    const slot: ScheduleSlot = { _id, detector, at, run, reason };
    if (!(await this.slots.decide(slot))) return this.decision(detector, at);
    this.logger.log(`the slot ${_id} ${run === null ? `was skipped: ${reason}` : `starts the run ${run}`}`);
    return slot;
  }
}
