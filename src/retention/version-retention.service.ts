import { Injectable } from '@nestjs/common';
import { CardsService } from '../cards/cards.service.js';
import { Environment } from '../config/environment.js';
import { type PrunableState, VersionPruningService } from '../registry/version-pruning.service.js';
import { RunsRepository } from '../runs/runs.repository.js';
import { decideVersions, type VersionDecision } from './version-decisions.js';

export interface ApplyOptions {
  /** Who applies the policy. */
  readonly by: string;
  /** Only says what would be deleted. */
  readonly dryRun: boolean;
}

export interface VersionOutcome {
  readonly decisions: readonly VersionDecision[];
  /** Ids of the runs that made the versions that are kept. */
  readonly keptRuns: readonly string[];
}

/** Applies the policy to the versions of a detector. */
@Injectable()
export class VersionRetention {
  constructor(
    private readonly environment: Environment,
    private readonly versions: VersionPruningService,
    private readonly cards: CardsService,
    private readonly runs: RunsRepository,
  ) {}

  async apply(detector: string, { by, dryRun }: ApplyOptions): Promise<VersionOutcome> {
    const { retain, orphanBundleMs } = this.environment;
    const reserved = await this.runs.reservedBundles();
    const decide = (state: PrunableState): VersionDecision[] =>
      decideVersions(state, retain.versions, reserved);
    const choose = (state: PrunableState): number[] =>
      decide(state)
        .filter(({ kept }) => !kept)
        .map(({ version }) => version);
    const state = dryRun
      ? await this.versions.stateOf(detector)
      : await this.versions.prune(detector, choose, {
          by,
          reason: `not among the newest ${retain.versions}`,
          reserved,
          storedBefore: new Date(Date.now() - orphanBundleMs),
          removeCard: (id) => this.cards.remove(id),
        });
    const decisions = decide(state);
    const gone = new Set(decisions.filter(({ kept }) => !kept).map(({ version }) => version));
    const kept = state.versions.filter(({ version }) => !gone.has(version));
    return { decisions, keptRuns: kept.map(({ lineage }) => lineage.run) };
  }
}
