import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { endedStatuses, type RunMirrorState, TrainingRun } from './training-run.schema.js';

/** Runs that are found at once; there may be many when tracking is switched on again after months. */
const runsAtOnce = 500;

/**
 * Runs as a tracking server mirrors them. A run writes nothing for the mirror's sake when it ends, so there is no
 * second write that could fail, and nothing is lost with a process that dies behind the first one.
 */
@Injectable()
export class MirroredRuns {
  constructor(@InjectModel(TrainingRun.name) private readonly runs: Model<TrainingRun>) {}

  /**
   * The first runs that ended at a moment or later and show no mirror yet, however late they were written; those that
   * never began are left out.
   */
  endedUnmirrored(since: Date): Promise<Pick<TrainingRun, '_id' | 'detector' | 'finishedAt'>[]> {
    return this.runs
      .find({
        'mirror.state': null,
        status: { $in: endedStatuses.filter((status) => status !== 'skipped') },
        finishedAt: { $gte: since },
        startedAt: { $ne: null },
      })
      .sort({ finishedAt: 1 })
      .limit(runsAtOnce)
      .select<Pick<TrainingRun, '_id' | 'detector' | 'finishedAt'>>('detector finishedAt')
      .lean();
  }

  find(id: string): Promise<TrainingRun | null> {
    return this.runs.findById(id).lean();
  }

  /** Of these ids, those that are runs. */
  async known(ids: readonly string[]): Promise<string[]> {
    const found = await this.runs
      .find({ _id: { $in: ids } })
      .select<{ _id: string }>('_id')
      .lean();
    return found.map(({ _id }) => _id);
  }

  /** Writes into runs how their mirror does. */
  async setMirror(ids: readonly string[], mirror: RunMirrorState): Promise<void> {
    await this.runs.updateMany({ _id: { $in: ids } }, { $set: { mirror } });
  }

  /** Writes into all runs that wait for their mirror why they do. */
  async setWaiting(error: string): Promise<void> {
    await this.runs.updateMany({ 'mirror.state': 'pending' }, { $set: { 'mirror.error': error } });
  }
}
