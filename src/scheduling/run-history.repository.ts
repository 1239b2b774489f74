import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, QueryFilter } from 'mongoose';
import { openStatuses, TrainingRun } from '../runs/training-run.schema.js';
import { scheduleActor } from './scheduled-run.js';

const looked = {
  status: 1,
  trigger: 1,
  reason: 1,
  version: 1,
  promoted: 1,
  failure: 1,
  stages: 1,
  createdAt: 1,
  startedAt: 1,
  finishedAt: 1,
} as const;

/** What the schedule has to know of a run. */
export type PastRun = Pick<TrainingRun, keyof typeof looked | '_id'>;

/** What has been trained, as far as it decides on what is trained next. */
@Injectable()
export class RunHistory {
  constructor(@InjectModel(TrainingRun.name) private readonly runs: Model<TrainingRun>) {}

  find(id: string): Promise<PastRun | null> {
    return this.runs.findById(id, looked).lean();
  }

  /** A run that has not ended. */
  open(detector: string): Promise<PastRun | null> {
    return this.runs.findOne({ detector, status: { $in: openStatuses } }, looked).lean();
  }

  /** The newest that the schedule started. */
  lastScheduled(detector: string): Promise<PastRun | null> {
    return this.newest({ detector, actor: scheduleActor });
  }

  /** The newest that has seen all data of its time: it made a version of them, or found that there is one. */
  lastComplete(detector: string): Promise<PastRun | null> {
    return this.newest({ detector, status: { $in: ['succeeded', 'skipped'] } });
  }

  /** The newest that a worker was at and that has ended, whether anything came of it. */
  lastWorked(detector: string): Promise<PastRun | null> {
    return this.newest({
      detector,
      status: { $in: ['succeeded', 'failed', 'cancelled'] },
      startedAt: { $ne: null },
    });
  }

  /** Runs that the schedule started since a moment, those left out that found nothing to do. */
  countScheduled(detector: string, since: Date): Promise<number> {
    return this.runs.countDocuments({
      detector,
      actor: scheduleActor,
      createdAt: { $gte: since },
      status: { $ne: 'skipped' },
    });
  }

  private newest(filter: QueryFilter<TrainingRun>): Promise<PastRun | null> {
    return this.runs.findOne(filter, looked).sort({ createdAt: -1 }).lean();
  }
}
