import type { WorkContext } from '../compute/compute.service.js';
import { NetwardenError, toError } from '../common/errors.js';
import { redactSecrets } from '../common/redact.js';
import type { RunsRepository } from './runs.repository.js';
import { RunCancelledError } from './training.errors.js';
import type { Stage, StageName, TrainingRun } from './training-run.schema.js';

/** Told of every change of a run while it goes on. */
export type RunObserver = (run: Readonly<TrainingRun>) => void;

/** Progress is written to the database at most this often. */
const saveEveryMs = 500;

/** Keeps one run's record: what each stage does, found and took, for those who watch and those who come later. */
export class RunRecorder {
  private lastSave = 0;

  constructor(
    readonly run: TrainingRun,
    private readonly runs: RunsRepository,
    private readonly signal: AbortSignal,
    private readonly observe: RunObserver,
  ) {}

  /** Runs one stage; `summarise` gives the line that stays in the record. */
  async stage<T>(
    name: StageName,
    work: (context: WorkContext) => Promise<T>,
    summarise: (result: T) => string,
  ): Promise<T> {
    this.throwIfCancelled();
    const stage = this.run.stages.find((candidate) => candidate.name === name)!;
    const start = performance.now();
    Object.assign(stage, { status: 'running', startedAt: new Date() });
    await this.save({ stages: this.run.stages });
    try {
      const result = await work({
        signal: this.signal,
        onProgress: (done, total) => this.progress(stage, done / total),
      });
      Object.assign(stage, { status: 'succeeded', progress: 1, summary: summarise(result) });
      return result;
    } catch (error) {
      stage.status = 'failed';
      throw error;
    } finally {
      stage.durationMs = Math.round(performance.now() - start);
      await this.save({ stages: this.run.stages });
    }
  }

  /** Adds to the record. */
  async save(changes: Partial<TrainingRun>): Promise<void> {
    Object.assign(this.run, changes);
    this.observe(this.run);
    await this.runs.update(this.run._id, changes);
  }

  async started(): Promise<void> {
    this.throwIfCancelled();
    await this.save({ status: 'running', startedAt: new Date() });
  }

  async finished(): Promise<void> {
    await this.save({ status: 'succeeded', finishedAt: new Date() });
  }

  /** Closes the record of a run that `thrown` ended. */
  async ended(thrown: unknown): Promise<void> {
    const stage = this.run.stages.find(({ status }) => status === 'failed')?.name ?? null;
    const error = this.signal.aborted ? new RunCancelledError() : toError(thrown);
    const known = error instanceof NetwardenError || error instanceof RangeError;
    await this.save({
      status: this.signal.aborted ? 'cancelled' : 'failed',
      finishedAt: new Date(),
      failure: {
        code: error instanceof NetwardenError ? error.code : 'INTERNAL',
        message: known
          ? redactSecrets(error.message)
          : 'Something went wrong here. The log has it under the run’s id.',
        stage,
      },
    });
  }

  private progress(stage: Stage, share: number): void {
    stage.progress = Math.min(1, share);
    this.observe(this.run);
    if (Date.now() - this.lastSave < saveEveryMs) return;
    this.lastSave = Date.now();
    // A lost progress figure is made up for by the next; a database that is gone shows at the stage's end.
    this.runs.update(this.run._id, { stages: this.run.stages }).catch(() => undefined);
  }

  private throwIfCancelled(): void {
    if (this.signal.aborted) throw new RunCancelledError();
  }
}
