import { Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';
import type { Page, PageQuery } from '../common/page.js';
import { ContractsService } from '../detector/contracts.service.js';
import type { Intervals } from '../ml/bootstrap.js';
import { ArtifactStore } from './artifact-store.js';
import type { ModelBundle } from './bundle/bundle.js';
import { decodeBundle, encodeBundle } from './bundle/bundle-codec.js';
import type { Deployment } from './deployment.schema.js';
import { DeploymentsRepository } from './deployments.repository.js';
import type { ModelAliases } from './model-aliases.schema.js';
import type { Lineage, ModelVersion } from './model-version.schema.js';
import { NothingToRollBackError } from './registry.errors.js';
import { VersionsRepository } from './versions.repository.js';

/** Who asks for a move, why, and what they believe the state to be. */
export interface MoveOrder {
  readonly actor: string;
  readonly reason?: string;
  /** The champion that the caller saw; null for none. Without it the move is made whatever serves. */
  readonly expectedChampion?: number | null;
}

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
  ) {}

  /** Stores a bundle and gives it the next version number. */
  async register(bundle: ModelBundle, intervals: Intervals, lineage: Lineage): Promise<ModelVersion> {
    const { detector } = bundle.contract;
    const bytes = encodeBundle(bundle);
    const sha256 = await this.artifacts.put(bytes);
    const version = await this.deployments.nextVersion(detector);
    return this.versions.add({
      _id: `${detector}/${version}`,
      detector,
      version,
      candidate: bundle.candidate,
      learner: bundle.model.learner,
      sha256,
      size: bytes.length,
      metrics: bundle.metrics.test,
      intervals,
      thresholds: bundle.thresholds,
      signature: bundle.contract.features.map(({ name, type }) => ({ name, type })),
      lineage,
      createdAt: new Date(),
    });
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

  listVersions(detector: string, query: PageQuery): Promise<Page<ModelVersion>> {
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

  /** A version's bundle, its digest checked. @throws BundleDamagedError */
  async loadBundle(version: ModelVersion): Promise<ModelBundle> {
    return decodeBundle(await this.loadBytes(version));
  }

  /** @throws BundleDamagedError */
  loadBytes(version: ModelVersion): Promise<Buffer> {
    return this.artifacts.get(version.sha256);
  }

  /** Makes a version the champion. @throws VersionUnknownError, ChampionChangedError */
  async promote(
    detector: string,
    version: number,
    order: MoveOrder,
    kind: 'promote' | 'force' = 'promote',
  ): Promise<Deployment> {
    await this.getVersion(detector, version);
    return this.move(detector, { alias: 'champion', kind, to: version }, order);
  }

  /** Goes back to `version`, or to what served before the champion. @throws NothingToRollBackError, ChampionChangedError */
  async rollback(detector: string, order: MoveOrder, version?: number): Promise<Deployment> {
    const { champion } = await this.aliases(detector);
    const to = version ?? (champion === null ? null : await this.deployments.predecessor(detector, champion));
    if (to === null) throw new NothingToRollBackError(detector);
    await this.getVersion(detector, to);
    const expectedChampion = order.expectedChampion === undefined ? champion : order.expectedChampion;
    return this.move(detector, { alias: 'champion', kind: 'rollback', to }, { ...order, expectedChampion });
  }

  /** Names a version the challenger. */
  challenge(detector: string, version: number, order: MoveOrder): Promise<Deployment> {
    return this.move(detector, { alias: 'challenger', kind: 'challenge', to: version }, order);
  }

  listDeployments(detector: string, query: PageQuery, at?: Date): Promise<Page<Deployment>> {
    return this.deployments.list(this.known(detector), query, at);
  }

  private async move(
    detector: string,
    move: Pick<Deployment, 'alias' | 'kind' | 'to'>,
    { actor, reason = '', expectedChampion }: MoveOrder,
  ): Promise<Deployment> {
    const deployment = await this.deployments.move(detector, { ...move, actor, reason }, expectedChampion);
    this.moved.next(deployment);
    return deployment;
  }

  private known(detector: string): string {
    return this.contracts.get(detector).detector;
  }
}
