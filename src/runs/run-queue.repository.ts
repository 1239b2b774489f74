import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { LeaseHolder } from '../leases/lease-holder.js';
import type { RunNews } from './run-event.schema.js';
import { RunEventsRepository } from './run-events.repository.js';
import { statusNews } from './run-news.js';
import { interrupted, restarted } from './run-transitions.js';
import { openStatuses, TrainingRun } from './training-run.schema.js';

/** What a worker has to know of a run to choose its next one. */
export type OpenRun = Pick<TrainingRun, '_id' | 'detector' | 'status' | 'cancelRequested'>;

/** The right to write for a detector's runs. */
type Lease = Pick<LeaseHolder, 'token' | 'throwIfLost'>;

/** Looked at at once; those behind them get their turn when these are done. */
const mostOpen = 1000;

/**
 * The runs that wait, and what the worker of one may write. Who calls must hold the lease on the detector's
 * training: then a run of it that is said to be running has lost its worker.
 */
@Injectable()
export class RunQueueRepository {
  constructor(
    @InjectModel(TrainingRun.name) private readonly runs: Model<TrainingRun>,
    private readonly events: RunEventsRepository,
  ) {}

  /** Runs that have not ended, oldest first; anyone may ask. */
  open(): Promise<OpenRun[]> {
    return this.runs
      .find({ status: { $in: openStatuses } }, { detector: 1, status: 1, cancelRequested: 1 })
      .sort({ createdAt: 1 })
      .limit(mostOpen)
      .lean();
  }

  /** Puts the runs of a detector that lost their worker back into the queue, or ends them. Returns how many. */
  async takeBack(detector: string, lease: Lease): Promise<number> {
    const orphans = await this.runs.find({ detector, status: 'running', fence: { $lt: lease.token } }).lean();
    for (const run of orphans) await this.move(run, interrupted(run), lease);
    return orphans.length;
  }

  /** Gives the oldest run of a detector that waits, or the one named, to a worker; null when there is none. */
  async claim(detector: string, lease: Lease, worker: string, id?: string): Promise<TrainingRun | null> {
    const filter = { detector, status: 'queued', ...(id !== undefined && { _id: id }) } as const;
    const waiting = await this.runs.find(filter).sort({ createdAt: 1 }).limit(1).lean();
    if (waiting.length === 0) return null;
    return this.move(waiting[0], { ...restarted(waiting[0]), worker }, lease);
  }

  /** A worker's write. False where the run is no longer the worker's: then nothing was written. */
  async write(id: string, lease: Lease, changes: Partial<TrainingRun>, news?: RunNews): Promise<boolean> {
    lease.throwIfLost();
    const mine = { _id: id, fence: lease.token, status: 'running' } as const;
    if (!news) return (await this.runs.updateOne(mine, { $set: changes })).matchedCount === 1;
    const run = await this.runs
      .findOneAndUpdate(
        mine,
        { $set: changes, $inc: { events: 1 } },
        { returnDocument: 'after', projection: { events: 1 } },
      )
      .lean();
    if (run) await this.tell(id, run.events, news, lease);
    return run !== null;
  }

  /** Null when somebody was faster. */
  private async move(
    { _id, status, fence }: TrainingRun,
    changes: Partial<TrainingRun>,
    lease: Lease,
  ): Promise<TrainingRun | null> {
    lease.throwIfLost();
    const moved = await this.runs
      .findOneAndUpdate(
        { _id, status, fence },
        { $set: { ...changes, fence: lease.token }, $inc: { events: 1 } },
        { returnDocument: 'after' },
      )
      .lean();
    if (moved) await this.tell(_id, moved.events, statusNews(moved), lease);
    return moved;
  }

  /** A worker may have been stopped for long between the change and this; then its successor tells the rest. */
  private async tell(id: string, seq: number, news: RunNews, lease: Lease): Promise<void> {
    lease.throwIfLost();
    await this.events.append(id, seq, news);
  }
}
