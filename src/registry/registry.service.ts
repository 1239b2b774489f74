import { Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';
import { RequestInvalidError } from '../common/errors.js';
import type { Page, PageQuery } from '../common/page.js';
import { ContractsService } from '../detector/contracts.service.js';
import { ArtifactStore } from './artifact-store.js';
import type { ModelBundle } from './bundle/bundle.js';
import { decodeBundle } from './bundle/bundle-codec.js';
import { ScoringModel } from './bundle/scoring-model.js';
import { modelCard } from '../cards/make-model-card.js';
import type { ModelCard } from '../cards/model-card.js';
import { ModelCardsRepository } from '../cards/model-cards.repository.js';
import type { TrainingRecord } from '../cards/training-record.js';
import type { Deployment } from './deployment.schema.js';
import { DeploymentsRepository, type MoveConditions, type MovePlan } from './deployments.repository.js';
import type { ModelAliases } from './model-aliases.schema.js';
import type { ModelVersion } from './model-version.schema.js';
import {
  type ChallengeOrder,
  type MoveOrder,
  type MovePreview,
  requireSensible,
  type RollbackTarget,
} from './moves.js';
import {
  AlreadyChampionError,
  BundleDamagedError,
  NothingToRollBackError,
  VersionPrunedError,
} from './registry.errors.js';
import type { VersionFilter } from './version-filter.js';
import { VersionsRepository } from './versions.repository.js';

/** Model versions, their bundles, the aliases and the ledger. */
@Injectable()
export class RegistryService {
  /** Moves made by this process, the moment they are made. Other replicas see them by looking. */
  readonly moved = new Subject<Deployment>();

  constructor(
    private readonly contracts: ContractsService,
    private readonly versions: VersionsRepository,
    private readonly deployments: DeploymentsRepository,
    private readonly artifacts: ArtifactStore,
    private readonly cards: ModelCardsRepository,
  ) {}

  /** Writes a new version's model card; nobody changes it afterwards. */
  describe(version: ModelVersion, bundle: ModelBundle, record: TrainingRecord): Promise<void> {
    return this.cards.put(version._id, modelCard(version, bundle, record));
  }

  /** A version's model card; one that was stored without is described by its bundle. @throws BundleDamagedError */
  async card(version: ModelVersion): Promise<ModelCard> {
    if (version.pruned) throw new VersionPrunedError(version);
    return (await this.cards.find(version._id)) ?? modelCard(version, await this.loadBundle(version));
  }

  aliases(detector: string): Promise<ModelAliases> {
    return this.deployments.aliasesOf(this.known(detector));
  }

  /** The aliases of every detector that has a contract. */
  async models(): Promise<ModelAliases[]> {
    const stored = await this.deployments.allAliases();
    return Promise.all(
      this.contracts.detectors.map(
        async (name) => stored.find(({ _id }) => _id === name) ?? (await this.deployments.aliasesOf(name)),
      ),
    );
  }

  listVersions(detector: string, query: PageQuery & VersionFilter): Promise<Page<ModelVersion>> {
    return this.versions.list(this.known(detector), query);
  }

  /** @throws VersionUnknownError */
  getVersion(detector: string, version: number): Promise<ModelVersion> {
    return this.versions.get(this.known(detector), version);
  }

  /** The champion's row, or null while there is none. */
  async champion(detector: string): Promise<ModelVersion | null> {
    const { champion } = await this.aliases(detector);
    return champion === null ? null : this.versions.get(detector, champion);
  }

  /** A version's bundle, its digest checked. @throws VersionPrunedError, BundleDamagedError */
  async loadBundle(version: ModelVersion): Promise<ModelBundle> {
    return decodeBundle(await this.loadBytes(version));
  }

  /** @throws VersionPrunedError, BundleDamagedError */
  async loadBytes(version: ModelVersion): Promise<Buffer> {
    if (version.pruned) throw new VersionPrunedError(version);
    return this.artifacts.get(version.sha256);
  }

  /** Makes a version the champion. @throws VersionUnknownError, VersionPrunedError, ChampionChangedError, FencedOffError */
  promote(
    detector: string,
    version: number,
    order: MoveOrder,
    kind: 'promote' | 'force' = 'promote',
  ): Promise<Deployment> {
    return this.move(detector, this.promotion(detector, version, order, kind), order);
  }

  /** Goes back to a target. @throws NothingToRollBackError, VersionUnknownError, ChampionChangedError, FencedOffError */
  rollback(detector: string, order: MoveOrder, target: RollbackTarget = {}): Promise<Deployment> {
    return this.move(detector, this.returnTo(detector, target, order), order);
  }

  /** What `promote` would do and throw. */
  previewPromote(detector: string, version: number, order: MoveOrder): Promise<MovePreview> {
    return this.preview(detector, this.promotion(detector, version, order, 'promote'), order);
  }

  /** What `rollback` would do and throw. */
  previewRollback(detector: string, order: MoveOrder, target: RollbackTarget = {}): Promise<MovePreview> {
    return this.preview(detector, this.returnTo(detector, target, order), order);
  }

  /**
   * Names a version the challenger and says how to try it; null: there is none any more.
   * @throws RequestInvalidError, VersionUnknownError, AlreadyChampionError, ChampionChangedError, FencedOffError
   */
  challenge(detector: string, version: number | null, order: ChallengeOrder): Promise<Deployment> {
    return this.move(detector, this.trial(detector, version, order), order);
  }

  /** What `challenge` would do and throw. */
  previewChallenge(detector: string, version: number | null, order: ChallengeOrder): Promise<MovePreview> {
    return this.preview(detector, this.trial(detector, version, order), order);
  }

  /**
   * From now on refuses numbers and moves to workers with a token below this one.
   * @throws FencedOffError when a worker with a higher one was here before
   */
  raiseFence(detector: string, token: number): Promise<void> {
    return this.deployments.raiseFence(this.known(detector), token);
  }

  listDeployments(detector: string, query: PageQuery, at?: Date): Promise<Page<Deployment>> {
    return this.deployments.list(this.known(detector), query, at);
  }

  /** The move by which a version served at a moment; null when none did. */
  servedAt(detector: string, at: Date): Promise<Deployment | null> {
    return this.deployments.servedAt(this.known(detector), at);
  }

  /** The moves of an alias to a version or away from it, newest first. */
  movesOf({ detector, version }: ModelVersion): Promise<Deployment[]> {
    return this.deployments.movesOf(detector, version);
  }

  private promotion(
    detector: string,
    to: number,
    { actor, reason = '' }: MoveOrder,
    kind: 'promote' | 'force',
  ): MovePlan {
    return async () => {
      await this.versions.movable(detector, to);
      return { alias: 'champion', kind, to, actor, reason };
    };
  }

  private returnTo(
    detector: string,
    { version, servedAt }: RollbackTarget,
    { actor, reason = '' }: MoveOrder,
  ): MovePlan {
    return async ({ champion }) => {
      if (version && servedAt) {
        const message = 'stands beside version; say which of the two to go back to';
        throw new RequestInvalidError([{ path: 'servedAt', message }]);
      }
      const to = version ?? (await this.earlier(detector, champion, servedAt));
      if (to === null) throw new NothingToRollBackError(detector, servedAt);
      await this.versions.movable(detector, to);
      return { alias: 'champion', kind: 'rollback', to, actor, reason };
    };
  }

  private trial(detector: string, to: number | null, order: ChallengeOrder): MovePlan {
    const { mode = 'none', share, actor, reason = '' } = order;
    return async ({ champion }) => {
      requireSensible(to, order);
      if (to !== null) await this.versions.movable(detector, to);
      if (to !== null && to === champion && mode !== 'none') throw new AlreadyChampionError(detector, to);
      const how = share === undefined ? {} : { share };
      return { alias: 'challenger', kind: 'challenge', to, actor, reason, mode, ...how };
    };
  }

  private async earlier(detector: string, champion: number | null, at?: Date): Promise<number | null> {
    if (at) return (await this.deployments.servedAt(detector, at))?.to ?? null;
    return champion === null ? null : this.deployments.predecessor(detector, champion);
  }

  private async move(detector: string, plan: MovePlan, conditions: MoveConditions): Promise<Deployment> {
    const deployment = await this.deployments.move(this.known(detector), plan, conditions);
    this.moved.next(deployment);
    return deployment;
  }

  private async preview(detector: string, plan: MovePlan, conditions: MoveConditions): Promise<MovePreview> {
    const entry = await this.deployments.preview(this.known(detector), plan, conditions);
    const { alias, kind, from, to, mode, share } = entry;
    const how = { ...(mode && { mode }), ...(share !== undefined && { share }) };
    const checks = to === null ? [] : [await this.loads(await this.getVersion(detector, to))];
    return { dryRun: true, detector, alias, kind, from, to, ...how, checks };
  }

  /** Whether a version could serve. */
  private async loads(version: ModelVersion): Promise<MovePreview['checks'][number]> {
    const problem = await this.problemOf(version);
    const message = problem ?? `version ${version.version} loads and reproduces its self-test`;
    return { name: 'loads', passed: problem === null, message };
  }

  /** Why a version cannot serve; null when it can. */
  private async problemOf(version: ModelVersion): Promise<string | null> {
    try {
      ScoringModel.verified(await this.loadBundle(version));
      return null;
    } catch (error) {
      if (error instanceof BundleDamagedError) return error.message;
      throw error;
    }
  }

  private known(detector: string): string {
    return this.contracts.get(detector).detector;
  }
}
