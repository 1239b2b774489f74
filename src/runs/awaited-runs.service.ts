import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { isDatabaseDown } from '../common/database-failures.js';
import { RunWorker } from './run-worker.service.js';
import { RunsRepository } from './runs.repository.js';
import { RunFinishedError } from './runs.errors.js';
import { hasEnded, type RunSummary, type TrainingRun } from './training-run.schema.js';

/** Given a run's state a few times a second while it goes on. */
export type RunObserver = (run: Readonly<RunSummary>) => void;

const lookEveryMs = 200;
/** A database that is away for longer is not waited for. */
const patienceMs = 60_000;

/**
 * Waits for runs that somebody sits in front of. This process works on them itself unless another one is at the
 * detector; when it is stopped, nobody waits any more and they are cancelled.
 */
@Injectable()
export class AwaitedRuns implements OnModuleDestroy {
  private readonly awaited = new Set<string>();

  constructor(
    private readonly runs: RunsRepository,
    private readonly worker: RunWorker,
  ) {}

  /** Waits for the end of a run, whichever it is. */
  async untilEnded({ _id }: TrainingRun, observe: RunObserver): Promise<TrainingRun> {
    this.awaited.add(_id);
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
      this.awaited.delete(_id);
    }
  }

  /** Comes before the worker gives back what it has. */
  async onModuleDestroy(): Promise<void> {
    const left = [...this.awaited];
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
