import { setTimeout as wait } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { isDatabaseDown } from '../common/database-failures.js';
import { ContractsService } from '../detector/contracts.service.js';
import { Clock } from './clock.js';
import { SlotsService } from './slots.service.js';
import { jitterMs, Timetable } from './timetable.js';

/**
 * What a slot is worth: a process that was asleep, or had no database, comes to it late by so much at most. Of several
 * slots that it slept through it takes the last. On start nothing old is taken.
 */
const graceMs = 3_600_000;
const retryMs = 1000;
/** How often the clock is looked at: no timer runs for days, so that a clock that is set or a sleep costs no slot. */
const tickMs = 500;

/** Comes to the slots of each detector with a cron expression. */
@Injectable()
export class CronJobs implements BeforeApplicationShutdown {
  private readonly logger = new Logger(CronJobs.name);
  private readonly closing = new AbortController();
  private readonly works = new Set<Promise<void>>();

  constructor(
    private readonly contracts: ContractsService,
    private readonly registry: SchedulerRegistry,
    private readonly slots: SlotsService,
    private readonly clock: Clock,
  ) {}

  begin(): void {
    for (const detector of this.contracts.detectors) {
      const { cron, timeZone } = this.contracts.get(detector).retraining;
      if (cron === null) continue;
      const tick = this.tickOf(detector, new Timetable(cron, timeZone));
      this.registry.addInterval(`retraining/${detector}`, setInterval(tick, tickMs).unref());
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.works);
  }

  /** What a detector's interval does: a late tick stands for all slots since the one that was due. */
  private tickOf(detector: string, timetable: Timetable): () => void {
    let due = timetable.next(this.clock.now());
    return () => {
      const now = this.clock.now();
      if (now < due) return;
      const from = Math.max(due.getTime() - 1, now.getTime() - graceMs);
      const slot = timetable.latest(new Date(from), now);
      if (slot) this.begun(this.come(detector, slot));
      else this.logger.warn(`${detector} has missed its slot at ${due.toISOString()}`);
      due = timetable.next(now);
    };
  }

  private begun(work: Promise<void>): void {
    const ended = work.finally(() => this.works.delete(ended));
    this.works.add(ended);
  }

  private async come(detector: string, slot: Date): Promise<void> {
    const { jitterSeconds } = this.contracts.get(detector).retraining;
    const { signal } = this.closing;
    try {
      await wait(jitterMs(detector, slot, jitterSeconds), undefined, { signal });
      while (!(await this.isTaken(detector, slot))) await wait(retryMs, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) this.logger.error(error, `the slot ${detector}/${slot.toISOString()} was lost`);
    }
  }

  /** False where the database is away and the slot is worth to be asked for again. */
  private async isTaken(detector: string, slot: Date): Promise<boolean> {
    try {
      await this.slots.take(detector, slot);
      return true;
    } catch (error) {
      const late = this.clock.now().getTime() - slot.getTime();
      if (isDatabaseDown(error) && late < graceMs) return false;
      throw error;
    }
  }
}
