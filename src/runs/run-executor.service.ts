import { Injectable, Logger } from '@nestjs/common';
import { ContractsService } from '../detector/contracts.service.js';
import { type LeaseHolder, LeaseLostError } from '../leases/lease-holder.js';
import { FencedOffError } from '../registry/registry.errors.js';
import { RegistryService } from '../registry/registry.service.js';
import { RunQueueRepository } from './run-queue.repository.js';
import { RunRecorder } from './run-recorder.js';
import { RunFreshness, RunPipeline } from './run-work.js';
import { RunOutOfTimeError } from './runs.errors.js';
import type { TrainingRun } from './training-run.schema.js';

/** Takes one claimed run to its end, whichever it is. */
@Injectable()
export class RunExecutor {
  private readonly logger = new Logger(RunExecutor.name);

  constructor(
    private readonly contracts: ContractsService,
    private readonly queue: RunQueueRepository,
    private readonly registry: RegistryService,
    private readonly freshness: RunFreshness,
    private readonly pipeline: RunPipeline,
  ) {}

  /**
   * Returns when the run has ended, was given back, or is lost to another worker; what went wrong is in its record.
   * @param stop aborted to leave the run, with a RunCancelledError or a RunGivenBackError
   */
  async execute(run: TrainingRun, lease: LeaseHolder, stop: AbortSignal): Promise<void> {
    const outOfTime = new AbortController();
    const signal = AbortSignal.any([stop, lease.lost, outOfTime.signal]);
    const recorder = new RunRecorder(run, this.queue, lease, signal);
    try {
      await this.work(run, recorder, outOfTime);
    } catch (error) {
      if (error instanceof FencedOffError) lease.lose();
      if (!signal.aborted) this.logger.error({ run: run._id, err: error }, 'a training run failed');
      await recorder.ended(error).catch((lost: unknown) => this.explain(run, lost));
    }
  }

  private async work(run: TrainingRun, recorder: RunRecorder, outOfTime: AbortController): Promise<void> {
    const contract = this.contracts.get(run.detector);
    const { maxMinutes } = contract.training;
    const expire = (): void => outOfTime.abort(new RunOutOfTimeError(maxMinutes!));
    const timer = maxMinutes === null ? undefined : setTimeout(expire, maxMinutes * 60_000);
    try {
      await this.registry.raiseFence(run.detector, recorder.fence);
      if (run.options.unlessUnchanged && !run.reserved) {
        const reason = await this.freshness.staleReason(contract);
        if (reason !== null) return await recorder.skipped(reason);
      }
      await this.pipeline.execute(contract, recorder);
      await recorder.finished();
    } finally {
      clearTimeout(timer);
    }
  }

  private explain({ _id }: TrainingRun, error: unknown): void {
    if (error instanceof LeaseLostError) {
      this.logger.warn(`the training run ${_id} is left to another worker: ${error.message}`);
    } else this.logger.error({ run: _id, err: error }, 'the end of a training run was not recorded');
  }
}
