import { Injectable } from '@nestjs/common';
import type { Page } from '../common/page.js';
import { ContractsService } from '../detector/contracts.service.js';
import type { ValidationReport } from '../validation/validation-report.js';
import { RunAttendant, type RunObserver } from './run-attendant.service.js';
import { requestDigest, runIdOf } from './run-identity.js';
import { chooseOptions, type TrainOrder } from './run-order.js';
import { RunWorker } from './run-worker.service.js';
import { RunsRepository, type RunSummary } from './runs.repository.js';
import type { RunsQuery } from './training.dto.js';
import { ReportNotReadyError } from './training.errors.js';
import { queuedRun, type TrainingRun } from './training-run.schema.js';

/** Takes orders for training runs, and tells how they are doing. */
@Injectable()
export class TrainingService {
  constructor(
    private readonly contracts: ContractsService,
    private readonly runs: RunsRepository,
    private readonly worker: RunWorker,
    private readonly attendant: RunAttendant,
  ) {}

  /**
   * Queues a run and returns it at once. With an idempotency key the same order of the same actor gives the same
   * run, however often it is sent.
   * @throws DetectorUnknownError, CandidateUnknownError, RequestInvalidError, IdempotencyKeyReusedError
   */
  async start(detector: string, order: TrainOrder): Promise<TrainingRun> {
    const { actor, trigger, idempotencyKey } = order;
    const options = chooseOptions(this.contracts.get(detector), order);
    const run = await this.runs.create({
      ...queuedRun(runIdOf(actor, idempotencyKey), detector, actor, options),
      ...(trigger && { trigger }),
      requestSha256: idempotencyKey === undefined ? null : requestDigest(detector, order),
    });
    this.worker.nudge();
    return run;
  }

  /** Queues a run and waits for its end, whichever it is; works on it here where no other process is at it. */
  async train(detector: string, order: TrainOrder, observe: RunObserver): Promise<TrainingRun> {
    return this.attendant.attend(await this.start(detector, order), observe);
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
