import { Injectable } from '@nestjs/common';
import { type WithId, withId } from '../common/with-id.js';
import type { Contract } from '../detector/contract.js';
import { ContractsService } from '../detector/contracts.service.js';
import type { Retraining } from '../detector/retraining.js';
import { Clock } from './clock.js';
import { type PastRun, RunHistory } from '../runs/run-history.repository.js';
import type { ScheduleSlot } from './schedule-slot.schema.js';
import { scheduleActor } from './scheduled-run.js';
import { ScheduleSlotsRepository } from './schedule-slots.repository.js';
import { Timetable } from './timetable.js';
import { type TriggerState, TriggerStates } from './trigger-state.service.js';

/** The last run that the schedule started. */
export type ScheduledRun = WithId<Omit<PastRun, 'stages'>>;

export type DetectorSchedule = Pick<Retraining, 'cron' | 'timeZone' | 'jitterSeconds' | 'promote'> & {
  readonly detector: string;
  readonly nextSlot: Date | null;
  readonly lastSlot: Pick<ScheduleSlot, 'at' | 'run' | 'reason'> | null;
  readonly lastRun: ScheduledRun | null;
  readonly triggers: TriggerState;
};

/** Shows what is trained when, and why it was not. */
@Injectable()
export class ScheduleService {
  constructor(
    private readonly contracts: ContractsService,
    private readonly slots: ScheduleSlotsRepository,
    private readonly history: RunHistory,
    private readonly triggers: TriggerStates,
    private readonly clock: Clock,
  ) {}

  /** One entry a detector. */
  list(): Promise<DetectorSchedule[]> {
    return Promise.all(this.contracts.detectors.map((name) => this.scheduleOf(this.contracts.get(name))));
  }

  private async scheduleOf(contract: Contract): Promise<DetectorSchedule> {
    const { detector, retraining } = contract;
    const { cron, timeZone, jitterSeconds, promote } = retraining;
    const [slot, run, triggers] = await Promise.all([
      this.slots.latest(detector),
      this.history.lastBy(scheduleActor, detector),
      this.triggers.of(contract),
    ]);
    return {
      detector,
      cron,
      timeZone,
      jitterSeconds,
      promote,
      nextSlot: cron === null ? null : new Timetable(cron, timeZone).next(this.clock.now()),
      lastSlot: slot && { at: slot.at, run: slot.run, reason: slot.reason },
      lastRun: run && scheduledRun(run),
      triggers,
    };
  }
}

function scheduledRun({ stages: _, ...run }: PastRun): ScheduledRun {
  return withId(run);
}
