import { setTimeout as wait } from 'node:timers/promises';
import { NetwardenError, toError } from '../common/errors.js';
import { redactSecrets } from '../common/redact.js';
import type { WorkContext } from '../compute/compute.service.js';
import { isDatabaseDown } from '../common/database-failures.js';
import type { LeaseHolder } from '../leases/lease-holder.js';
import type { RunNews } from './run-event.schema.js';
import { progressNews, stageNews, statusNews } from './run-news.js';
import type { RunQueueRepository } from './run-queue.repository.js';
import { cancelled, failed, interrupted, requeued } from './run-transitions.js';
import { RunCancelledError, RunGivenBackError } from './runs.errors.js';
import type { ReservedVersion, Stage, StageName, TrainingRun } from './training-run.schema.js';

/** Progress is written at most this often. */
const progressEveryMs = 500;
/** A database that is away is tried again after so long, for as long as the lease lasts. */
const retryMs = 250;

/**
 * Keeps one run's record for its worker: what each stage does, found and took, for those who watch and those who
 * come later. Nothing is written any more once the worker's lease is lost: every method then throws LeaseLostError.
 */
export class RunRecorder {
  private lastProgress = -Infinity;
  private writing: Promise<unknown> = Promise.resolve();
  private pending = 0;

  /** @param signal aborted when the run is to be left, with a RunCancelledError, RunGivenBackError or LeaseLostError */
  constructor(
    readonly run: TrainingRun,
    private readonly queue: Pick<RunQueueRepository, 'write'>,
    private readonly lease: Pick<LeaseHolder, 'token' | 'throwIfLost' | 'lose'>,
    private readonly signal: AbortSignal,
  ) {}

  /** What every write for this run carries, in whatever collection. @throws LeaseLostError */
  get fence(): number {
    this.throwIfLost();
    return this.lease.token;
  }

  /** To be called before a write that cannot carry the fence. @throws LeaseLostError */
  throwIfLost(): void {
    this.lease.throwIfLost();
  }

  /** Runs one stage; `summarise` gives the line that stays in the record. */
  async stage<T>(
    name: StageName,
    work: (context: WorkContext) => Promise<T>,
    summarise: (result: T) => string,
  ): Promise<T> {
    this.signal.throwIfAborted();
    const stage = this.run.stages.find((candidate) => candidate.name === name)!;
    const start = performance.now();
    Object.assign(stage, { status: 'running', startedAt: new Date() });
    await this.saveStage(stage);
    try {
      const result = await work({
        signal: this.signal,
        onProgress: (done, total) => this.progress(stage, done / total),
      });
      this.signal.throwIfAborted();
      Object.assign(stage, { status: 'succeeded', progress: 1, summary: summarise(result) });
      return result;
    } catch (error) {
      stage.status = 'failed';
      throw error;
    } finally {
      stage.durationMs = Math.round(performance.now() - start);
      await this.saveStage(stage);
    }
  }

  /** Adds to the record. */
  async save(changes: Partial<TrainingRun>, news?: RunNews): Promise<void> {
    Object.assign(this.run, changes);
    await this.write(changes, news);
  }

  /** Settles which version the run makes; from here on no other worker can make another. */
  async reserve(reserved: ReservedVersion): Promise<void> {
    await this.save({ reserved });
  }

  async finished(): Promise<void> {
    await this.close({ status: 'succeeded', finishedAt: new Date() });
  }

  async skipped(reason: string): Promise<void> {
    await this.close({ status: 'skipped', reason, finishedAt: new Date() });
  }

  /** Closes the record of a run that `thrown` ended, or gives the run back. Says which it was. */
  async ended(thrown: unknown): Promise<void> {
    await this.close(this.outcomeOf(this.signal.aborted ? this.signal.reason : thrown));
  }

  private outcomeOf(thrown: unknown): Partial<TrainingRun> {
    const { run } = this;
    if (thrown instanceof RunCancelledError) return cancelled(run);
    if (thrown instanceof RunGivenBackError) {
      return { ...requeued(thrown.message), attempts: run.attempts - 1 };
    }
    if (isDatabaseDown(thrown)) return interrupted(run);
    const error = toError(thrown);
    const code = error instanceof NetwardenError ? error.code : 'INTERNAL';
    const known = error instanceof NetwardenError || error instanceof RangeError;
    const message = known
      ? redactSecrets(error.message)
      : 'Something went wrong here. The log has it under the run’s id.';
    return failed(run, { code, message });
  }

  private saveStage(stage: Stage): Promise<void> {
    return this.save({ stages: this.run.stages }, stageNews(stage));
  }

  private close(changes: Partial<TrainingRun>): Promise<void> {
    return this.save(changes, statusNews({ ...this.run, ...changes }));
  }

  private progress(stage: Stage, share: number): void {
    stage.progress = Math.min(1, share);
    if (performance.now() - this.lastProgress < progressEveryMs || this.pending > 0) return;
    this.lastProgress = performance.now();
    // A figure that is lost is made up for by the next; a lease that is lost shows at the stage's end.
    this.write({ stages: this.run.stages }, progressNews(stage)).catch(() => undefined);
  }

  /** One write after the other, so that events keep their order. */
  private write(changes: Partial<TrainingRun>, news?: RunNews): Promise<void> {
    this.pending++;
    const written = this.writing.then(() => this.tryWrite(changes, news)).finally(() => this.pending--);
    this.writing = written.catch(() => undefined);
    return written;
  }

  /** @throws LeaseLostError, also when the database stays away for as long as the lease lasts */
  private async tryWrite(changes: Partial<TrainingRun>, news?: RunNews): Promise<void> {
    for (;;) {
      try {
        if (await this.queue.write(this.run._id, this.lease, changes, news)) return;
        this.lease.lose();
      } catch (error) {
        if (!isDatabaseDown(error)) throw error;
        await wait(retryMs);
      }
    }
  }
}
