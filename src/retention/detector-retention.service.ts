import { Injectable } from '@nestjs/common';
import { mongo } from 'mongoose';
import { Environment } from '../config/environment.js';
import { PredictionLog } from '../monitoring/predictions.repository.js';
import { type PrunableState, VersionPruningService } from '../registry/version-pruning.service.js';
import { RunsRepository } from '../runs/runs.repository.js';
import type { DetectorRetention, Freed } from './retention-outcome.schema.js';
import { RunRetentionService } from './run-retention.service.js';
import { type VersionFate, versionFates } from './version-fates.js';

const dayMs = 86_400_000;

/** Predictions by whose size that of all is estimated. */
const sampled = 100;

export interface ApplyOptions {
  /** Who applies the policy. */
  readonly by: string;
  /** Only tells what would be deleted. */
  readonly dryRun: boolean;
}

/** Applies the policy to one detector after the other. */
@Injectable()
export class DetectorRetentionService {
  constructor(
    private readonly environment: Environment,
    private readonly versions: VersionPruningService,
    private readonly runs: RunsRepository,
    private readonly oldRuns: RunRetentionService,
    private readonly predictions: PredictionLog,
  ) {}

  /** Versions first: a run that made one stays for as long as that does. */
  async apply(detector: string, options: ApplyOptions): Promise<DetectorRetention> {
    const { state, fates } = await this.applyToVersions(detector, options);
    const gone = fates.filter(({ kept }) => !kept);
    const goneNumbers = new Set(gone.map(({ version }) => version));
    const keptRuns = state.versions
      .filter(({ version }) => !goneNumbers.has(version))
      .map(({ lineage }) => lineage.run);
    const { runsDays } = this.environment.retain;
    return {
      detector,
      fates,
      versions: { count: gone.length, bytes: gone.reduce((sum, { bytes }) => sum + bytes, 0) },
      runs: await this.oldRuns.prune(detector, daysAgo(runsDays), keptRuns, options),
      predictions: await this.applyToPredictions(detector, options),
    };
  }

  private async applyToVersions(
    detector: string,
    { by, dryRun }: ApplyOptions,
  ): Promise<{ state: PrunableState; fates: VersionFate[] }> {
    const { retain, orphanBundleMs } = this.environment;
    const reserved = await this.runs.reservedBundles();
    const judge = (state: PrunableState): VersionFate[] => versionFates(state, retain.versions, reserved);
    const choose = (state: PrunableState): number[] =>
      judge(state)
        .filter(({ kept }) => !kept)
        .map(({ version }) => version);
    const state = dryRun
      ? await this.versions.stateOf(detector)
      : await this.versions.prune(detector, choose, {
          by,
          reason: `not among the newest ${retain.versions}`,
          reserved,
          storedBefore: new Date(Date.now() - orphanBundleMs),
        });
    return { state, fates: judge(state) };
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
