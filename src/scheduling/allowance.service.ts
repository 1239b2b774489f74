import { Injectable } from '@nestjs/common';
import type { Contract } from '../detector/contract.js';
import { IngestionService } from '../ingestion/ingestion.service.js';
import { Clock } from './clock.js';
import { RunHistory } from '../runs/run-history.repository.js';
import { scheduleActor } from './scheduled-run.js';
import { dayStart, nextDay } from './timetable.js';

/** Runs that the schedule may start on one local day. */
export interface Budget {
  readonly daily: number;
  readonly left: number;
  /** When the next day's begins. */
  readonly until: Date;
}

/** Says whether the schedule may start a run now. */
@Injectable()
export class Allowance {
  constructor(
    private readonly history: RunHistory,
    private readonly ingestion: IngestionService,
    private readonly clock: Clock,
  ) {}

  /** Why nothing may be started now, whatever the occasion; null when something may. */
  async hindrance(contract: Contract): Promise<string | null> {
    const { detector } = contract;
    const open = await this.history.open(detector);
    if (open) return `the training run ${open._id} is ${open.status}`;
    const { daily, left, until } = await this.budget(contract);
    if (left === 0) return `the daily budget of ${daily} runs is spent until ${until.toISOString()}`;
    if ((await this.ingestion.count(detector)) === 0) return `no records of ${detector} are stored`;
    return null;
  }

  /** A run that found nothing to do costs nothing. */
  async budget({ detector, retraining: { dailyBudget, timeZone } }: Contract): Promise<Budget> {
    const now = this.clock.now();
    const spent = await this.history.countBy(scheduleActor, detector, dayStart(now, timeZone));
    return { daily: dailyBudget, left: Math.max(0, dailyBudget - spent), until: nextDay(now, timeZone) };
  }

  /** Until when records and drift start nothing, because a run has ended not long ago; null when they may. */
  async coolDownUntil({ detector, retraining: { coolDownMinutes } }: Contract): Promise<Date | null> {
    const last = await this.history.lastWorked(detector);
    if (!last?.finishedAt) return null;
    const until = new Date(last.finishedAt.getTime() + coolDownMinutes * 60_000);
    return until > this.clock.now() ? until : null;
  }
}
