import { Injectable } from '@nestjs/common';
import { OutboxPruning } from '../tracking/outbox-pruning.service.js';
import { RunPruningRepository } from '../runs/run-pruning.repository.js';
import type { Freed } from './retention-outcome.schema.js';

/** Deletes a detector's old runs, and what the tracking outbox still holds of that time. */
@Injectable()
export class RunRetentionService {
  constructor(
    private readonly runs: RunPruningRepository,
    private readonly outbox: OutboxPruning,
  ) {}

  /** @param kept ids of runs that stay @returns the runs; with `dryRun` nothing is deleted */
  async prune(
    detector: string,
    before: Date,
    kept: readonly string[],
    options: { readonly dryRun: boolean },
  ): Promise<Freed> {
    const freed = await this.runs.prune(detector, before, kept, options);
    if (!options.dryRun) await this.outbox.prune(detector, before);
    return freed;
  }
}
