import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { toError } from '../common/errors.js';
import { Poller } from '../common/poller.js';
import { ContractsService } from '../detector/contracts.service.js';
import type { ModelAliases } from '../registry/model-aliases.schema.js';
import { RegistryService } from '../registry/registry.service.js';
import type { LoadedVersion } from './loaded-version.js';
import { type Attempt, LoadedVersions } from './loaded-versions.service.js';
import { ModelUnavailableError, wayToAModel } from './prediction.errors.js';
import type { Served } from './served.js';
import { type ServingState, stateOf, unseen } from './serving-state.js';

/** What is known of a detector's aliases and of the versions that they point to. */
interface Followed {
  readonly served: Served | null;
  readonly state: ServingState;
}

/** Other processes' moves are noticed within this time. */
const lookEveryMs = 500;

/** Holds each detector's champion and challenger, loaded and verified, and swaps them when the aliases move. */
@Injectable()
export class ServingService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ServingService.name);
  private readonly followed = new Map<string, Followed>();
  /** While the database is away, what serves goes on serving. */
  private readonly poller = new Poller(
    () => this.look(),
    (error) => this.logger.debug(toError(error)),
  );
  private moves: Subscription | undefined;

  constructor(
    private readonly contracts: ContractsService,
    private readonly registry: RegistryService,
    private readonly versions: LoadedVersions,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.refresh();
    this.poller.begin(lookEveryMs);
    this.moves = this.registry.moved.subscribe(() => void this.refresh());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.moves?.unsubscribe();
    await this.poller.stop();
  }

  /** What serves a detector now. @throws DetectorUnknownError, ModelUnavailableError */
  get(detector: string): Served {
    const contract = this.contracts.get(detector);
    const followed = this.followed.get(contract.detector);
    if (followed?.served) return followed.served;
    throw new ModelUnavailableError(detector, followed?.state.problem ?? wayToAModel(contract));
  }

  states(): ServingState[] {
    return this.contracts.detectors.map((detector) => this.followed.get(detector)?.state ?? unseen(detector));
  }

  /** Looks at the aliases and loads what has changed. */
  refresh(): Promise<void> {
    return this.poller.look();
  }

  private async look(): Promise<void> {
    const models = await this.registry.models();
    await Promise.all(models.map((aliases) => this.follow(aliases)));
  }

  private async follow(aliases: ModelAliases): Promise<void> {
    const { _id: detector, challengerMode } = aliases;
    const before = this.followed.get(detector);
    const champion = await this.attempt(detector, aliases.champion);
    const tried = challengerMode === 'none' ? null : aliases.challenger;
    const challenger = await this.attemptChallenger(detector, tried);
    const answering = champion?.loaded ?? before?.served?.champion ?? null;
    const served = answering && { champion: answering, trial: trialOf(aliases, challenger?.loaded) };
    const state = stateOf(aliases, champion, challenger, answering);
    this.followed.set(detector, { served, state });
    this.report(state, before?.state ?? unseen(detector));
  }

  private attempt(detector: string, version: number | null): Promise<Attempt | null> {
    return version === null ? Promise.resolve(null) : this.versions.attempt(detector, version);
  }

  /** The champion is not kept waiting for a challenger that cannot be had now. */
  private async attemptChallenger(detector: string, version: number | null): Promise<Attempt | null> {
    try {
      return await this.attempt(detector, version);
    } catch (error) {
      this.logger.debug(toError(error));
      return null;
    }
  }

  private report(now: ServingState, before: ServingState): void {
    const { detector, serving, problem, challenger } = now;
    if (serving !== before.serving) this.logger.log(`${detector} is served by version ${serving}`);
    if (problem !== null && problem !== before.problem) this.logger.error(`${detector}: ${problem}`);
    const trial = challenger?.problem;
    if (trial && trial !== before.challenger?.problem) this.logger.error(`${detector}: ${trial}`);
  }
}

function trialOf(
  { challengerMode: mode, canaryShare: share }: ModelAliases,
  challenger: LoadedVersion | null | undefined,
): Served['trial'] {
  return challenger && mode !== 'none' ? { challenger, mode, share } : null;
}
