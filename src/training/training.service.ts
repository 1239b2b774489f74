import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import type { Page } from '../common/page.js';
import type { Contract } from '../detector/contract.js';
import { ContractsService } from '../detector/contracts.service.js';
import type { ValidationReport } from '../validation/validation-report.js';
import { Pipeline } from './pipeline.js';
import { type RunObserver, RunRecorder } from './run-recorder.js';
import { RunsRepository, type RunSummary } from './runs.repository.js';
import type { RunsQuery } from './training.dto.js';
import { CandidateUnknownError, ReportNotReadyError } from './training.errors.js';
import type { PromotionPolicy, TrainingRun } from './training-run.schema.js';

export interface TrainOrder {
  readonly candidates?: readonly string[];
  readonly seed?: number;
  readonly promote?: PromotionPolicy;
  readonly actor: string;
}

const heartbeatMs = 1000;
/** Runs of dead processes are looked for once in so many heartbeats. */
const beatsASweep = 10;
const defaultSeed = 42;

/** Takes training runs, one after the other, and tells how they are doing. */
@Injectable()
export class TrainingService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(TrainingService.name);
  private readonly owned = new Map<string, AbortController>();
  private queue: Promise<void> = Promise.resolve();
  private beats = 0;
  private beating: Promise<void> = Promise.resolve();
  private readonly heart = setInterval(() => void (this.beating = this.beat()), heartbeatMs).unref();

  constructor(
    private readonly contracts: ContractsService,
    private readonly runs: RunsRepository,
    private readonly pipeline: Pipeline,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.closeAbandoned();
  }

  /** Cancels what this process still runs, so that nothing is left half recorded. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.heart);
    for (const controller of this.owned.values()) controller.abort();
    await Promise.all([this.queue, this.beating]);
  }

  /** Queues a run and returns it at once. @throws DetectorUnknownError, CandidateUnknownError */
  async start(detector: string, order: TrainOrder): Promise<TrainingRun> {
    return (await this.begin(detector, order)).run;
  }

  /** Queues a run and waits for its end, whichever it is. */
  async train(detector: string, order: TrainOrder, observe: RunObserver): Promise<TrainingRun> {
    const { run, ended } = await this.begin(detector, order, observe);
    await ended;
    return this.runs.get(run._id);
  }

  get(id: string): Promise<TrainingRun> {
    return this.runs.get(id);
  }

  list(query: RunsQuery): Promise<Page<RunSummary>> {
    return this.runs.list(query);
  }

  /** @throws RunUnknownError, RunFinishedError */
  async cancel(id: string): Promise<TrainingRun> {
    const run = await this.runs.requestCancel(id);
    this.owned.get(id)?.abort();
    return run;
  }

  /** @throws RunUnknownError, ReportNotReadyError */
  async report(id: string): Promise<ValidationReport> {
    const { validation } = await this.runs.get(id);
    if (!validation) throw new ReportNotReadyError(id);
    return validation;
  }

  private async begin(
    detector: string,
    order: TrainOrder,
    observe: RunObserver = () => undefined,
  ): Promise<{ run: TrainingRun; ended: Promise<void> }> {
    const contract = this.contracts.get(detector);
    const run = await this.runs.create(detector, order.actor, {
      candidates: chooseCandidates(contract, order.candidates),
      seed: order.seed ?? defaultSeed,
      promote: order.promote ?? 'gate',
    });
    this.owned.set(run._id, new AbortController());
    const ended = (this.queue = this.queue.then(() => this.execute(contract, structuredClone(run), observe)));
    return { run, ended };
  }

  private async execute(contract: Contract, run: TrainingRun, observe: RunObserver): Promise<void> {
    const { signal } = this.owned.get(run._id)!;
    const recorder = new RunRecorder(run, this.runs, signal, observe);
    try {
      await recorder.started();
      await this.pipeline.execute(contract, recorder);
      await recorder.finished();
    } catch (error) {
      if (!signal.aborted) this.logger.error({ run: run._id, err: error }, 'a training run failed');
      await recorder
        .ended(error)
        .catch((lost: unknown) => this.logger.error(lost, 'the end of a run was not recorded'));
    } finally {
      this.owned.delete(run._id);
    }
  }

  private async closeAbandoned(): Promise<void> {
    const closed = await this.runs.closeAbandoned();
    if (closed > 0) this.logger.warn(`${closed} training runs of a process that died are closed as failed`);
  }

  private async beat(): Promise<void> {
    try {
      for (const id of await this.runs.heartbeat([...this.owned.keys()])) this.owned.get(id)?.abort();
      if (++this.beats % beatsASweep === 0) await this.closeAbandoned();
    } catch (error) {
      this.logger.warn(error, 'a sign of life of the running training run was lost');
    }
  }
}

/** The named candidates, or all that are not optional. */
function chooseCandidates({ detector, candidates }: Contract, named?: readonly string[]): string[] {
  if (!named?.length) return candidates.filter(({ optional }) => !optional).map(({ name }) => name);
  const known = candidates.map(({ name }) => name);
  const unknown = named.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new CandidateUnknownError(detector, unknown, known);
  return [...new Set(named)];
}
