import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { BundleSweepService } from './bundle-sweep.service.js';
import { ModelCardsRepository } from '../cards/model-cards.repository.js';
import { DeploymentsRepository } from './deployments.repository.js';
import type { ModelAliases } from './model-aliases.schema.js';
import type { Pruned } from './model-version.schema.js';
import { VersionsRepository, type WholeVersion } from './versions.repository.js';

/** A detector's versions at one moment, and those of them that the aliases lead to. */
export interface PrunableState {
  readonly aliases: ModelAliases;
  /** Those that were not pruned, newest first. */
  readonly versions: readonly WholeVersion[];
  /** What served last, and what a rollback without a target goes back to, one after the other. */
  readonly champions: ReadonlySet<number>;
}

/** The numbers of the versions that are to go. */
export type PruneChoice = (state: PrunableState) => readonly number[];

export interface PruneOrder {
  readonly by: string;
  readonly reason: string;
  /** Digests of bundles that are to become versions yet. */
  readonly reserved: ReadonlySet<string>;
  /** Files that were stored later are left to the sweep of bundles. */
  readonly storedBefore: Date;
}

/** Of versions that served before, so many stay within reach of a rollback. */
const keptChampions = 5;

/** The aliases may be moved while versions are chosen; then they are chosen again. */
const attempts = 5;

/**
 * Deletes bundles and model cards of versions that nobody will need, and leaves their rows.
 *
 * No version is promoted and pruned at once, although rows and aliases are documents apart: first the versions are
 * marked, then the aliases' `prunings` rises, if they stand where they stood when the versions were chosen, and only
 * then are the marked ones pruned. A move reads the aliases, then the row of its version, and writes the aliases if
 * neither `moves` nor `prunings` rose meanwhile. Had it read the row before the mark, it had read the aliases before,
 * too: when it writes before `prunings` rises, that step finds other `moves`, and the marks are taken off again; when
 * it writes after, it fails, looks again and meets the mark. What a crash leaves is marked, not pruned, and the next
 * sweep decides anew; what it leaves pruned keeps its mark until bundle and card are deleted. A sweep that was frozen
 * prunes only what has its own mark yet.
 */
@Injectable()
export class VersionPruningService {
  constructor(
    private readonly versions: VersionsRepository,
    private readonly deployments: DeploymentsRepository,
    private readonly cards: ModelCardsRepository,
    private readonly bundles: BundleSweepService,
  ) {}

  async stateOf(detector: string): Promise<PrunableState> {
    const aliases = await this.deployments.aliasesOf(detector);
    const [versions, champions] = await Promise.all([
      this.versions.whole(detector),
      this.championsOf(aliases),
    ]);
    return { aliases, versions, champions };
  }

  /** Prunes what is chosen, and what an earlier sweep did not come to the end of. Returns the state it was chosen from. */
  async prune(detector: string, choose: PruneChoice, order: PruneOrder): Promise<PrunableState> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const state = await this.stateOf(detector);
      const pruned: Pruned = { at: new Date(), by: order.by, reason: order.reason };
      if (!(await this.pruneRows(detector, state, choose(state), pruned))) continue;
      for (const { _id, sha256 } of await this.versions.halfPruned(detector)) {
        await this.cards.remove(_id);
        await this.bundles.remove(sha256, order.storedBefore, order.reserved);
        await this.versions.prunedWhole(_id);
      }
      return state;
    }
    throw new Error(`the aliases of ${detector} changed ${attempts} times while versions were to be pruned`);
  }

  /** False where an alias was moved meanwhile; then nothing is pruned. */
  private async pruneRows(
    detector: string,
    { aliases }: PrunableState,
    chosen: readonly number[],
    pruned: Pruned,
  ): Promise<boolean> {
    const sweep = randomUUID();
    await this.versions.unmark(detector);
    if (chosen.length === 0) return true;
    await this.versions.markForPruning(detector, chosen, sweep);
    const unmoved = await this.deployments.announcePruning(aliases);
    if (unmoved) await this.versions.prune(detector, sweep, pruned);
    await this.versions.unmark(detector, sweep);
    return unmoved;
  }

  /** A rollback goes from the champion to its predecessor and on to that one's, which need not have served lately. */
  private async championsOf({ _id, champion }: ModelAliases): Promise<Set<number>> {
    const champions = new Set(await this.deployments.champions(_id, keptChampions + 1));
    let before = champion;
    for (let i = 0; i < keptChampions && before !== null; i++) {
      before = await this.deployments.predecessor(_id, before);
      if (before !== null) champions.add(before);
    }
    if (champion !== null) champions.delete(champion);
    return champions;
  }
}
