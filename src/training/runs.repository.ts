import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { type Page, type PageQuery, skipOf } from '../common/page.js';
import { RunFinishedError, RunUnknownError } from './training.errors.js';
import { queuedRun, type RunOptions, TrainingRun } from './training-run.schema.js';

/** A run without a sign of life for this long has lost its process. */
const silentMs = 30_000;

/** A run in a list: without the parts that only its own page shows. */
export type RunSummary = Omit<TrainingRun, 'validation' | 'candidates' | 'evaluation' | 'gate'>;

@Injectable()
export class RunsRepository {
  constructor(@InjectModel(TrainingRun.name) private readonly runs: Model<TrainingRun>) {}

  async create(detector: string, actor: string, options: RunOptions): Promise<TrainingRun> {
    const run = queuedRun(randomUUID(), detector, actor, options);
    await this.runs.create(run);
    return run;
  }

  async update(id: string, changes: Partial<TrainingRun>): Promise<void> {
    await this.runs.updateOne({ _id: id }, { $set: changes });
  }

  /** @throws RunUnknownError */
  async get(id: string): Promise<TrainingRun> {
    const run = await this.runs.findById(id).lean();
    if (!run) throw new RunUnknownError(id);
    return run;
  }

  async list(query: PageQuery & { detector?: string }): Promise<Page<RunSummary>> {
    const filter = query.detector === undefined ? {} : { detector: query.detector };
    const [items, total] = await Promise.all([
      this.runs
        .find(filter, { validation: 0, candidates: 0, evaluation: 0, gate: 0 })
        .sort({ createdAt: -1 })
        .skip(skipOf(query))
        .limit(query.pageSize)
        .lean(),
      this.runs.countDocuments(filter),
    ]);
    return { items, page: query.page, pageSize: query.pageSize, total };
  }

  /** Asks for the end of a run, whichever process has it. @throws RunUnknownError, RunFinishedError */
  async requestCancel(id: string): Promise<TrainingRun> {
    const run = await this.runs
      .findOneAndUpdate(
        { _id: id, status: { $in: ['queued', 'running'] } },
        { $set: { cancelRequested: true } },
        { returnDocument: 'after' },
      )
      .lean();
    if (run) return run;
    throw new RunFinishedError(id, (await this.get(id)).status);
  }

  /** A sign of life for runs of this process. Returns those that someone wants cancelled. */
  async heartbeat(ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    await this.runs.updateMany({ _id: { $in: ids } }, { $set: { heartbeatAt: new Date() } });
    const cancelled = await this.runs.find({ _id: { $in: ids }, cancelRequested: true }, { _id: 1 }).lean();
    return cancelled.map(({ _id }) => _id);
  }

  /** Closes the runs whose process died. Returns how many there were. */
  async closeAbandoned(): Promise<number> {
    const silent = {
      status: { $in: ['queued', 'running'] as const },
      heartbeatAt: { $lt: new Date(Date.now() - silentMs) },
    };
    let closed = 0;
    for (const { _id, stages } of await this.runs.find(silent, { stages: 1 }).lean()) {
      const stage = stages.find(({ status }) => status === 'running');
      if (stage) stage.status = 'failed';
      const message = 'The process that had the run died.';
      const failure = { code: 'INTERRUPTED', message, stage: stage?.name ?? null };
      const end = { status: 'failed', stages, failure, finishedAt: new Date() };
      closed += (await this.runs.updateOne({ _id, ...silent }, { $set: end })).modifiedCount;
    }
    return closed;
  }
}
