import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { Deployment } from '../registry/deployment.schema.js';
import { endedStatuses, type RunMirrorState, TrainingRun } from '../runs/training-run.schema.js';

/** Runs that are noted at once; there may be many when tracking is switched on again after months. */
const runsAtOnce = 500;

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

  /**
   * The first runs that ended at a moment or later and show no mirror yet, however late they were written; those that
   * never began are left out.
   */
  runsEnded(since: Date): Promise<Pick<TrainingRun, '_id' | 'detector' | 'finishedAt'>[]> {
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

  /** A detector's moves behind one, in their order. */
  moves(detector: string, behind: number): Promise<Deployment[]> {
    return this.deployments
      .find({ detector, move: { $gt: behind } })
      .sort({ move: 1 })
      .lean();
  }

  move(id: string): Promise<Deployment | null> {
    return this.deployments.findById(id).lean();
  }

  run(id: string): Promise<TrainingRun | null> {
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

  /** Shows in runs how their mirror does. */
  async showMirror(ids: readonly string[], mirror: RunMirrorState): Promise<void> {
    await this.runs.updateMany({ _id: { $in: ids } }, { $set: { mirror } });
  }

  /** Shows in all runs that wait why they do. */
  async showWaiting(error: string): Promise<void> {
    await this.runs.updateMany({ 'mirror.state': 'pending' }, { $set: { 'mirror.error': error } });
  }
}
