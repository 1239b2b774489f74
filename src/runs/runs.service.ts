import { Injectable } from '@nestjs/common';
import { OneAtATime } from '../common/one-at-a-time.js';
import type { Page } from '../common/page.dto.js';
import { ContractsService } from '../detector/contracts.service.js';
import type { ValidationReport } from '../validation/validation-report.js';
import { AwaitedRuns, type RunObserver } from './awaited-runs.service.js';
import { requestDigest, runIdOf } from './run-identity.js';
import { chooseOptions, type TrainOrder } from './run-order.js';
import { RunWorker } from './run-worker.service.js';
import { RunsRepository } from './runs.repository.js';
import type { RunsQuery } from './runs.dto.js';
import { QueueFullError, ReportNotReadyError } from './runs.errors.js';
import { queuedRun, type RunSummary, type TrainingRun } from './training-run.schema.js';

/** Runs of a detector that people have asked for and that have not begun: about an hour's or a night's work. */
const mostWaiting = 10;

/** Takes orders for training runs, and shows how they are doing. */
@Injectable()
export class RunsService {
  private readonly admissions = new OneAtATime();

  constructor(
    private readonly contracts: ContractsService,
    private readonly runs: RunsRepository,
    private readonly worker: RunWorker,
    private readonly awaited: AwaitedRuns,
  ) {}

  /**
   * Queues a run and returns it at once. With an idempotency key the same order of the same actor gives the same
   * run, however often it is sent.
   * @throws DetectorUnknownError, CandidateUnknownError, RequestInvalidError, IdempotencyKeyReusedError,
   * QueueFullError
   */
  async start(detector: string, order: TrainOrder): Promise<TrainingRun> {
    const { actor, trigger, idempotencyKey } = order;
    const options = chooseOptions(this.contracts.get(detector), order);
    const run = await this.admit({
      ...queuedRun(runIdOf(actor, idempotencyKey), detector, actor, options),
      ...(trigger && { trigger }),
      requestSha256: idempotencyKey === undefined ? null : requestDigest(detector, order),
    });
    this.worker.nudge();
    return run;
  }

  /**
   * Queues a run where there is room. The schedule has limits of its own, and a request that is sent again adds
   * nothing. Of requests that come at once none sees the room that another one takes.
   */
  private async admit(run: TrainingRun): Promise<TrainingRun> {
    if (run.trigger.kind !== 'manual') return this.runs.create(run);
    return this.admissions.run(async () => {
      const isRepeat = run.requestSha256 !== null && (await this.runs.has(run._id));
      if (!isRepeat && (await this.runs.countWaiting(run.detector)) >= mostWaiting) {
        throw new QueueFullError(run.detector, mostWaiting);
      }
      return this.runs.create(run);
    });
  }

  /** Queues a run and waits for its end, whichever it is; works on it here where no other process is at it. */
  async train(detector: string, order: TrainOrder, observe: RunObserver): Promise<TrainingRun> {
    return this.awaited.untilEnded(await this.start(detector, order), observe);
  }

  get(id: string): Promise<TrainingRun> {
    return this.runs.get(id);
  }

  /** @throws RunUnknownError */
  summaryOf(id: string): Promise<RunSummary> {
    return this.runs.summaryOf(id);
  }

  /** @param detectors the only ones to be shown; null for all */
  list(query: RunsQuery, detectors: readonly string[] | null): Promise<Page<RunSummary>> {
    return this.runs.list(query, detectors);
  }

  /** @throws RunUnknownError, RunFinishedError */
  async cancel(id: string): Promise<TrainingRun> {
    const run = await this.runs.cancel(id);
    this.worker.cancel(id);
    return run;
  }

  /** @throws RunUnknownError, ReportNotReadyError */
  async report(id: string): Promise<ValidationReport> {
    const { validation } = await this.runs.get(id);
    if (!validation) throw new ReportNotReadyError(id);
    return validation;
  }
}
