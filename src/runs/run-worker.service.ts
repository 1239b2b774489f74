import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { ContractsService } from '../detector/contracts.service.js';
import type { LeaseHolder } from '../leases/lease-holder.js';
import { LeasesService } from '../leases/leases.service.js';
import { RunExecutor } from './run-executor.service.js';
import { RunQueueRepository } from './run-queue.repository.js';
import { RunCancelledError, RunGivenBackError } from './runs.errors.js';
import type { TrainingRun } from './training-run.schema.js';

/** New runs and cancellations that other processes ask for are noticed within this time. */
const lookEveryMs = 500;

/** Works on training runs: one at a time a detector over all processes, those of several detectors side by side. */
@Injectable()
export class RunWorker implements BeforeApplicationShutdown {
  private readonly logger = new Logger(RunWorker.name);
  /** Detectors that this process is at. */
  private readonly busy = new Set<string>();
  private readonly works = new Set<Promise<void>>();
  /** How to leave the runs that this process has. */
  private readonly stops = new Map<string, AbortController>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | null = null;
  private stopping = false;

  constructor(
    private readonly environment: Environment,
    private readonly contracts: ContractsService,
    private readonly leases: LeasesService,
    private readonly queue: RunQueueRepository,
    private readonly executor: RunExecutor,
  ) {}

  /** Makes this process a worker: from now on it takes whatever run waits. */
  begin(): void {
    this.timer ??= setInterval(() => void this.look(), lookEveryMs).unref();
    void this.look();
  }

  /** Looks for work now rather than at the next look, where this process is a worker. */
  nudge(): void {
    if (this.timer) void this.look();
  }

  /** Works on one run, in a process that is no worker too; does nothing while another process is at the detector. */
  async take({ _id, detector }: Pick<TrainingRun, '_id' | 'detector'>): Promise<void> {
    await this.heed();
    await this.tryDetector(detector, _id);
  }

  /** Leaves a run that is asked to end; does nothing where another process has it. */
  cancel(id: string): void {
    this.stops.get(id)?.abort(new RunCancelledError());
  }

  /** Gives every run back, so that another process, or this one's successor, takes it up at once. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    const givenBack = new RunGivenBackError('its worker was shut down');
    for (const stop of this.stops.values()) stop.abort(givenBack);
    await this.looking;
    await Promise.all(this.works);
  }

  /** One look at a time: a look takes seconds while the database is away. */
  private look(): Promise<void> {
    this.looking ??= this.lookOnce()
      .catch((error: unknown) => this.logger.debug(error, 'the queue of training runs could not be read'))
      .finally(() => (this.looking = null));
    return this.looking;
  }

  private async lookOnce(): Promise<void> {
    const waiting = await this.heed();
    await Promise.all([...waiting].map((detector) => this.tryDetector(detector)));
  }

  /** Leaves the runs that someone wants cancelled. Returns the detectors that have open runs. */
  private async heed(): Promise<Set<string>> {
    const open = await this.queue.open();
    for (const { _id, cancelRequested } of open) if (cancelRequested) this.cancel(_id);
    const known = new Set(this.contracts.detectors);
    return new Set(open.map(({ detector }) => detector).filter((detector) => known.has(detector)));
  }

  /** Takes the lease on a detector's training and starts to work, where nobody is at it. */
  private async tryDetector(detector: string, only?: string): Promise<void> {
    if (this.stopping || this.busy.has(detector)) return;
    this.busy.add(detector);
    let lease: LeaseHolder | null = null;
    try {
      lease = await this.leases.hold(`training/${detector}`, this.environment.runLeaseMs);
    } finally {
      if (!lease) this.busy.delete(detector);
    }
    if (!lease) return;
    const work = this.workOff(detector, lease, only).finally(() => {
      this.busy.delete(detector);
      this.works.delete(work);
    });
    this.works.add(work);
  }

  /** One run after the other, until none waits. */
  private async workOff(detector: string, lease: LeaseHolder, only?: string): Promise<void> {
    try {
      const orphans = await this.queue.takeBack(detector, lease);
      if (orphans > 0) this.logger.warn(`${orphans} training runs of ${detector} had lost their worker`);
      while (!this.stopping) {
        const run = await this.queue.claim(detector, lease, this.leases.owner, only);
        if (!run) break;
        await this.work(run, lease);
      }
    } catch (error) {
      this.logger.warn(error, `the queue of ${detector} was left`);
    } finally {
      await lease
        .release()
        .catch((error: unknown) => this.logger.debug(error, 'a lease was left to its end'));
    }
  }

  private async work(run: TrainingRun, lease: LeaseHolder): Promise<void> {
    const stop = new AbortController();
    this.stops.set(run._id, stop);
    try {
      if (this.stopping) stop.abort(new RunGivenBackError('its worker was shut down'));
      await this.executor.execute(run, lease, stop.signal);
    } finally {
      this.stops.delete(run._id);
    }
  }
}
