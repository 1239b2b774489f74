import { Injectable } from '@nestjs/common';
import { mongo } from 'mongoose';
import { Environment } from '../config/environment.js';
import { PredictionLog } from '../monitoring/log/predictions.repository.js';
import { RunPruningRepository } from '../runs/run-pruning.repository.js';
import { OutboxPruning } from '../tracking/outbox-pruning.service.js';
import type { DetectorRetention, Freed } from './retention-outcome.schema.js';
import { type ApplyOptions, VersionRetention } from './version-retention.service.js';

const dayMs = 86_400_000;

/** Predictions by whose size that of all is estimated. */
const sampled = 100;

/** Applies the policy to one detector after the other. */
@Injectable()
export class DetectorRetentionService {
  constructor(
    private readonly environment: Environment,
    private readonly versions: VersionRetention,
    private readonly runs: RunPruningRepository,
    private readonly outbox: OutboxPruning,
    private readonly predictions: PredictionLog,
  ) {}

  /** Versions first: a run that made one stays for as long as that does. */
  async apply(detector: string, options: ApplyOptions): Promise<DetectorRetention> {
    const { decisions, keptRuns } = await this.versions.apply(detector, options);
    const gone = decisions.filter(({ kept }) => !kept);
    return {
      detector,
      decisions,
      versions: { count: gone.length, bytes: gone.reduce((sum, { bytes }) => sum + bytes, 0) },
      runs: await this.applyToRuns(detector, keptRuns, options),
      predictions: await this.applyToPredictions(detector, options),
    };
  }

  /** The tracking outbox holds nothing of a time of which no runs are kept. */
  private async applyToRuns(
    detector: string,
    kept: readonly string[],
    options: ApplyOptions,
  ): Promise<Freed> {
    const before = daysAgo(this.environment.retain.runsDays);
    const freed = await this.runs.prune(detector, before, kept, options);
    if (!options.dryRun) await this.outbox.prune(detector, before);
    return freed;
  }

  private async applyToPredictions(detector: string, options: ApplyOptions): Promise<Freed> {
    const latest = await this.predictions.latest(detector, sampled);
    const bytes = latest.reduce((sum, prediction) => sum + mongo.BSON.calculateObjectSize(prediction), 0);
    const before = daysAgo(this.environment.retain.predictionsDays);
    const count = await this.predictions.prunePredictions(detector, before, options);
    return { count, bytes: count === 0 ? 0 : Math.round((count * bytes) / latest.length) };
  }
}

function daysAgo(days: number): Date {
  return new Date(Date.now() - days * dayMs);
}
