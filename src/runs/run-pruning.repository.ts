import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Model, mongo } from 'mongoose';
import { RunEvent } from './run-event.schema.js';
import { endedStatuses, TrainingRun } from './training-run.schema.js';

/** Deleted at once. */
const batchSize = 100;

/** Runs that ended long ago. */
@Injectable()
export class RunPruningRepository {
  constructor(
    @InjectModel(TrainingRun.name) private readonly runs: Model<TrainingRun>,
    @InjectModel(RunEvent.name) private readonly events: Model<RunEvent>,
  ) {}

  /**
   * Deletes a detector's runs that ended before a moment, with their events; not those that a tracking server is yet to
   * be told of.
   * @param kept ids of runs that stay
   * @returns how many there were and their bytes; with `dryRun` nothing is deleted
   */
  async prune(
    detector: string,
    before: Date,
    kept: readonly string[],
    { dryRun = false }: { readonly dryRun?: boolean } = {},
  ): Promise<{ count: number; bytes: number }> {
    const found = { count: 0, bytes: 0 };
    let batch: string[] = [];
    const remove = async (): Promise<void> => {
      if (!dryRun) await this.remove(batch);
      batch = [];
    };
    for await (const run of this.old(detector, before, kept)) {
      found.count++;
      found.bytes += mongo.BSON.calculateObjectSize(run);
      if (batch.push(run._id) === batchSize) await remove();
    }
    await remove();
    return found;
  }

  /** A run ended after it was created; the second condition is the one that has an index. */
  private old(detector: string, before: Date, kept: readonly string[]): AsyncIterable<TrainingRun> {
    const old = { finishedAt: { $lt: before }, createdAt: { $lt: before } };
    return this.runs
      .find({
        detector,
        ...old,
        status: { $in: endedStatuses },
        'mirror.state': { $ne: 'pending' },
        _id: { $nin: kept },
      })
      .lean()
      .cursor();
  }

  private async remove(ids: readonly string[]): Promise<void> {
    await this.events.deleteMany({ run: { $in: ids } });
    await this.runs.deleteMany({ _id: { $in: ids }, status: { $in: endedStatuses } });
  }
}
