import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { type Page, pageOf, type PageQuery } from '../common/page.dto.js';
import { isDuplicateKey } from '../common/database-failures.js';
import { RunEventsRepository } from './run-events.repository.js';
import { statusEvent } from './run-event.schema.js';
import {
  IdempotencyKeyReusedError,
  RunCancelledError,
  RunFinishedError,
  RunUnknownError,
} from './runs.errors.js';
import { hasEnded, openStatuses, type RunSummary, TrainingRun, triggerKinds } from './training-run.schema.js';

const summary = { validation: 0, candidates: 0, evaluation: 0, gate: 0, reserved: 0 } as const;

/** Runs as anyone may read and order them; what only their workers may write is in the queue's repository. */
@Injectable()
export class RunsRepository {
  constructor(
    @InjectModel(TrainingRun.name) private readonly runs: Model<TrainingRun>,
    private readonly events: RunEventsRepository,
  ) {}

  /**
   * Puts a run into the queue. Where one with its id is there already, it is the same request's, sent again.
   * @throws IdempotencyKeyReusedError
   */
  async create(run: TrainingRun): Promise<TrainingRun> {
    try {
      await this.runs.create({ ...run, events: 1 });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      const known = await this.get(run._id);
      if (known.requestSha256 !== run.requestSha256) throw new IdempotencyKeyReusedError(run._id);
      return known;
    }
    await this.events.append(run._id, 1, statusEvent(run));
    return run;
  }

  async has(id: string): Promise<boolean> {
    return (await this.runs.exists({ _id: id })) !== null;
  }

  /** Runs of a detector that someone has asked for and that have not begun. */
  countWaiting(detector: string): Promise<number> {
    return this.runs.countDocuments({
      detector,
      status: 'queued',
      'trigger.kind': { $nin: triggerKinds.filter((kind) => kind !== 'manual') },
    });
  }

  /** @throws RunUnknownError */
  async get(id: string): Promise<TrainingRun> {
    const run = await this.runs.findById(id).lean();
    if (!run) throw new RunUnknownError(id);
    return run;
  }

  /** @throws RunUnknownError */
  async summaryOf(id: string): Promise<RunSummary> {
    const run = await this.runs.findById(id, summary).lean();
    if (!run) throw new RunUnknownError(id);
    return run;
  }

  /** Newest first. @param detectors the only ones to be shown; null for all */
  async list(
    query: PageQuery & { detector?: string },
    detectors: readonly string[] | null = null,
  ): Promise<Page<RunSummary>> {
    const asked = query.detector === undefined ? {} : { detector: query.detector };
    const filter = detectors ? { $and: [asked, { detector: { $in: detectors } }] } : asked;
    return pageOf(this.runs.find(filter, summary).sort({ createdAt: -1 }).lean(), query);
  }

  /** Digests of the bundles that open runs have stored for versions to come. */
  async reservedBundles(): Promise<Set<string>> {
    const open = { status: { $in: openStatuses }, reserved: { $ne: null } };
    const runs = await this.runs.find(open).select<Pick<TrainingRun, 'reserved'>>('reserved.sha256').lean();
    return new Set(runs.flatMap(({ reserved }) => reserved?.sha256 ?? []));
  }

  /** Ends a run that waits, and asks for the end of one that a worker has. @throws RunUnknownError, RunFinishedError */
  async cancel(id: string): Promise<TrainingRun> {
    const { code, message } = new RunCancelledError();
    const failure = { code, message, stage: null };
    const end = { status: 'cancelled', cancelRequested: true, finishedAt: new Date(), failure } as const;
    const cancelled = await this.runs
      .findOneAndUpdate(
        { _id: id, status: 'queued' },
        { $set: end, $inc: { events: 1 } },
        { returnDocument: 'after' },
      )
      .lean();
    if (cancelled) {
      await this.events.append(id, cancelled.events, statusEvent(cancelled));
      return cancelled;
    }
    const running = await this.runs
      .findOneAndUpdate(
        { _id: id, status: 'running' },
        { $set: { cancelRequested: true } },
        { returnDocument: 'after' },
      )
      .lean();
    if (running) return running;
    const run = await this.get(id);
    if (hasEnded(run)) throw new RunFinishedError(id, run.status);
    // Its worker gave it back between the two looks.
    return this.cancel(id);
  }
}
