import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { Deployment } from '../registry/deployment.schema.js';
import { endedStatuses, TrainingRun } from '../training/training-run.schema.js';
import type { Happening } from './outbox.repository.js';

/**
 * What happened, read from where it is kept anyway. A training run writes nothing for the tracker's sake, so there is
 * no second write that could fail, and nothing is lost with a process that dies behind the first one.
 */
@Injectable()
export class HappeningsRepository {
  constructor(
    @InjectModel(TrainingRun.name) private readonly runs: Model<TrainingRun>,
    @InjectModel(Deployment.name) private readonly deployments: Model<Deployment>,
  ) {}

  /** Runs that ended at a moment or later; those that never began are left out. */
  async runsEnded(since: Date): Promise<Happening[]> {
    const found = await this.runs
      .find({
        finishedAt: { $gte: since },
        startedAt: { $ne: null },
        status: { $in: endedStatuses.filter((status) => status !== 'skipped') },
      })
      .select<Pick<TrainingRun, '_id' | 'detector' | 'finishedAt'>>('detector finishedAt')
      .lean();
    return found.map(({ _id, detector, finishedAt }) => ({ subject: _id, detector, at: finishedAt! }));
  }

  /** Aliases moved at a moment or later. */
  async moves(since: Date): Promise<Happening[]> {
    const found = await this.deployments
      .find({ at: { $gte: since } })
      .select<Pick<Deployment, '_id' | 'detector' | 'at'>>('detector at')
      .lean();
    return found.map(({ _id, detector, at }) => ({ subject: _id, detector, at }));
  }

  move(id: string): Promise<Deployment | null> {
    return this.deployments.findById(id).lean();
  }

  run(id: string): Promise<TrainingRun | null> {
    return this.runs.findById(id).lean();
  }

  /** Shows in a run how its mirror does. */
  async showMirror(id: string, mirror: TrainingRun['mirror']): Promise<void> {
    await this.runs.updateOne({ _id: id }, { $set: { mirror } });
  }
}
