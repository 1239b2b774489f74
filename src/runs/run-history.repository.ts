import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, QueryFilter } from 'mongoose';
import { openStatuses, TrainingRun } from './training-run.schema.js';

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

/** The parts of a run by which the schedule decides. */
export type PastRun = Pick<TrainingRun, keyof typeof looked | '_id'>;

/** The runs that decide when the next one is due. */
@Injectable()
export class RunHistory {
  constructor(@InjectModel(TrainingRun.name) private readonly runs: Model<TrainingRun>) {}

  find(id: string): Promise<PastRun | null> {
    return this.runs.findById(id, looked).lean();
  }

  /** A run that has not ended: the one that is worked on before one that waits for it. */
  open(detector: string): Promise<PastRun | null> {
    // "running" comes behind "queued".
    return this.runs
      .findOne({ detector, status: { $in: openStatuses } }, looked)
      .sort({ status: -1, createdAt: 1 })
      .lean();
  }

  /** The newest that an actor started. */
  lastBy(actor: string, detector: string): Promise<PastRun | null> {
    return this.newest({ detector, actor });
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

  /** How many runs an actor started since a moment; runs that found nothing to do are not counted. */
  countBy(actor: string, detector: string, since: Date): Promise<number> {
    return this.runs.countDocuments({
      detector,
      actor,
      createdAt: { $gte: since },
      status: { $ne: 'skipped' },
    });
  }

  private newest(filter: QueryFilter<TrainingRun>): Promise<PastRun | null> {
    return this.runs.findOne(filter, looked).sort({ createdAt: -1 }).lean();
  }
}
