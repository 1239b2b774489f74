import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { isDatabaseDown } from '../common/database-failures.js';
import { RunWorker } from './run-worker.service.js';
import { RunsRepository, type RunSummary } from './runs.repository.js';
import { RunFinishedError } from './runs.errors.js';
import { hasEnded, type TrainingRun } from './training-run.schema.js';

/** Told of a run's state a few times a second while it goes on. */
export type RunObserver = (run: Readonly<RunSummary>) => void;

const lookEveryMs = 200;
/** A database that is away for longer is not waited for. */
const patienceMs = 60_000;

/**
 * Waits for runs that somebody sits in front of. This process works on them itself unless another one is at the
 * detector; when it is stopped, nobody waits any more and they are cancelled.
 */
@Injectable()
export class RunAttendant implements OnModuleDestroy {
  private readonly attended = new Set<string>();

  constructor(
    private readonly runs: RunsRepository,
    private readonly worker: RunWorker,
  ) {}

  /** Waits for the end of a run, whichever it is. */
  async attend({ _id }: TrainingRun, observe: RunObserver): Promise<TrainingRun> {
    this.attended.add(_id);
    try {
      for (let seen = performance.now(); ; await wait(lookEveryMs)) {
        try {
          const run = await this.runs.summaryOf(_id);
          seen = performance.now();
          observe(run);
          if (hasEnded(run)) return await this.runs.get(_id);
          await this.worker.take(run);
        } catch (error) {
          if (!isDatabaseDown(error) || performance.now() - seen > patienceMs) throw error;
        }
      }
    } finally {
      this.attended.delete(_id);
    }
  }

  /** Comes before the worker gives back what it has. */
  async onModuleDestroy(): Promise<void> {
    const left = [...this.attended];
    for (const id of left) this.worker.cancel(id);
    await Promise.all(left.map((id) => this.cancel(id)));
  }

  private async cancel(id: string): Promise<void> {
    try {
      await this.runs.cancel(id);
    } catch (error) {
      if (!(error instanceof RunFinishedError) && !isDatabaseDown(error)) throw error;
    }
  }
}
