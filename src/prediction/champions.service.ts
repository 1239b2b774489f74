import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { NetwardenError, toError } from '../common/errors.js';
import { ContractsService } from '../detector/contracts.service.js';
import { ScoringModel } from '../registry/bundle/scoring-model.js';
import type { ModelVersion } from '../registry/model-version.schema.js';
import { RegistryService } from '../registry/registry.service.js';
import { ModelUnavailableError } from './prediction.errors.js';

/** The version that serves a detector, loaded. */
export interface Serving {
  readonly version: ModelVersion;
  readonly model: ScoringModel;
}

/** How a detector's serving stands, for readiness. */
export interface ServingState {
  readonly detector: string;
  /** What the alias says. */
  readonly champion: number | null;
  /** What answers. */
  readonly serving: number | null;
  /** Why they differ. */
  readonly problem: string | null;
}

/** Other processes' promotions are noticed within this time. */
const lookEveryMs = 1000;

/** Holds each detector's champion, loaded and verified, and swaps it when the alias moves. */
@Injectable()
export class ChampionsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ChampionsService.name);
  private readonly serving = new Map<string, Serving>();
  private readonly states = new Map<string, ServingState>();
  private timer: NodeJS.Timeout | undefined;
  private moves: Subscription | undefined;
  private looking: Promise<void> = Promise.resolve();
  private pending = 0;

  constructor(
    private readonly contracts: ContractsService,
    private readonly registry: RegistryService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.refresh();
    // A look takes seconds while the database is away; looks do not pile up behind it.
    this.timer = setInterval(() => void (this.pending === 0 && this.refresh()), lookEveryMs).unref();
    this.moves = this.registry.moved.subscribe(() => void this.refresh());
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.moves?.unsubscribe();
    await this.looking;
  }

  /** What serves a detector now. @throws DetectorUnknownError, ModelUnavailableError */
  get(detector: string): Serving {
    const found = this.serving.get(this.contracts.get(detector).detector);
    if (found) return found;
    const problem = this.states.get(detector)?.problem;
    throw new ModelUnavailableError(detector, problem ?? `train one: netwarden train ${detector}`);
  }

  report(): ServingState[] {
    return this.contracts.detectors.map(
      (detector) => this.states.get(detector) ?? { detector, champion: null, serving: null, problem: null },
    );
  }

  /** Looks at the aliases and loads what has changed; one look at a time. */
  refresh(): Promise<void> {
    this.pending++;
    this.looking = this.looking.then(() => this.look()).finally(() => this.pending--);
    return this.looking;
  }

  private async look(): Promise<void> {
    try {
      const models = await this.registry.models();
      await Promise.all(models.map(({ _id, champion }) => this.follow(_id, champion)));
    } catch (error) {
      // The database is away; what serves goes on serving.
      this.logger.debug(toError(error));
    }
  }

  private async follow(detector: string, champion: number | null): Promise<void> {
    const before = this.states.get(detector);
    if (champion === null || before?.champion === champion) return;
    let problem: string | null = null;
    try {
      const version = await this.registry.getVersion(detector, champion);
      const model = ScoringModel.verified(await this.registry.loadBundle(version));
      this.serving.set(detector, { version, model });
      this.logger.log(`${detector} is served by version ${champion}`);
    } catch (error) {
      // Only a verdict on the version is kept; a database that went away is asked again at the next look.
      if (!(error instanceof NetwardenError)) throw error;
      problem = error.message;
      const kept = this.serving.get(detector)?.version.version;
      this.logger.error(
        `version ${champion} of ${detector} is refused: ${problem} ` +
          (kept === undefined ? 'There is no other to serve.' : `Version ${kept} goes on serving.`),
      );
    }
    const serving = this.serving.get(detector)?.version.version ?? null;
    this.states.set(detector, { detector, champion, serving, problem });
  }
}
