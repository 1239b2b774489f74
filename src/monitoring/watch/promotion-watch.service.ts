import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { NetwardenError, toError } from '../../common/errors.js';
import { Poller } from '../../common/poller.js';
import { Environment } from '../../config/environment.js';
import { ContractsService } from '../../detector/contracts.service.js';
import type { LeaseHolder } from '../../leases/lease-holder.js';
import { LeasesService } from '../../leases/leases.service.js';
import type { Deployment } from '../../registry/deployment.schema.js';
import { ChampionChangedError } from '../../registry/registry.errors.js';
import { RegistryService } from '../../registry/registry.service.js';
import { writeEveryMs } from '../log/prediction-log.service.js';
import { nothingSeen, WatchEvidenceService } from './watch-evidence.service.js';
import { checksOf, reasonOf } from './watch-verdict.js';
import type { Watch } from './watch.schema.js';
import { WatchesRepository } from './watches.repository.js';

/** The name that the watch acts under in the ledger. */
const actor = 'watch';
const leaseMs = 30_000;

/** Every replica has written down its predictions by then; what comes later still is not counted. */
const settleMs = 3 * writeEveryMs;

/** Clocks of replicas differ, so that the last move may be dated a little ahead. */
const skewMs = 86_400_000;

/**
 * After each promotion compares the new champion with the one before, for as long as the contract says, and goes back
 * when it leaves the band. One replica at a time does so, under a lease.
 */
@Injectable()
export class PromotionWatch implements BeforeApplicationShutdown {
  private readonly logger = new Logger(PromotionWatch.name);
  /** Moves of each detector that were looked through for promotions. */
  private readonly known = new Map<string, number>();
  private readonly poller = new Poller(
    () => this.lookOnce(),
    (error) => this.logger.debug(toError(error), 'promotions could not be watched'),
  );

  constructor(
    private readonly environment: Environment,
    private readonly contracts: ContractsService,
    private readonly leases: LeasesService,
    private readonly registry: RegistryService,
    private readonly evidence: WatchEvidenceService,
    private readonly watches: WatchesRepository,
  ) {}

  /** From now on this process watches, when no other one does. */
  begin(): void {
    this.poller.begin(this.environment.watchEveryMs);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poller.stop();
  }

  /** Looks at every detector. */
  look(): Promise<void> {
    return this.poller.look();
  }

  private async lookOnce(): Promise<void> {
    const lease = await this.leases.hold('watch', leaseMs);
    if (!lease) return;
    try {
      for (const detector of this.contracts.detectors) {
        await this.lookAt(detector, lease).catch((error: unknown) =>
          this.logger.warn(toError(error), `${detector} could not be watched`),
        );
      }
    } finally {
      await lease.release();
    }
  }

  private async lookAt(detector: string, lease: LeaseHolder): Promise<void> {
    const { champion, moves } = await this.registry.aliases(detector);
    if (this.known.get(detector) !== moves) {
      await this.openNew(detector);
      this.known.set(detector, moves);
    }
    for (const watch of await this.watches.running(detector)) {
      if (watch.version === champion) await this.follow(watch, lease);
      else await this.closeMoved(watch);
    }
  }

  /** Begins to watch the latest promotion, unless it is too long ago. A rollback leads to what is known already. */
  private async openNew(detector: string): Promise<void> {
    const promotion = await this.lastMove(detector);
    if (!promotion || promotion.kind === 'rollback') return;
    const { _id, from: previous, to: version, at: promotedAt } = promotion;
    const lengthMs = this.contracts.get(detector).watch.minutes * 60_000;
    const until = new Date(promotedAt.getTime() + lengthMs);
    if (previous === null || version === null || previous === version || until.getTime() <= Date.now())
      return;
    await this.watches.open({
      _id,
      detector,
      version,
      previous,
      promotedAt,
      until,
      status: 'watching',
      reason: '',
      baseline: await this.evidence.baseline(detector, previous, promotedAt, lengthMs),
      seen: nothingSeen,
      countedUntil: promotedAt,
      checks: [],
    });
  }

  private async follow(watch: Watch, lease: LeaseHolder): Promise<void> {
    const rule = this.contracts.get(watch.detector).watch;
    const countedUntil = new Date(Math.min(Date.now() - settleMs, watch.until.getTime()));
    if (countedUntil < watch.countedUntil) return;
    const seen = await this.evidence.seenBy(watch, countedUntil);
    const checks = checksOf(watch.baseline, seen, rule);
    if (!(await this.watches.advance(watch, { seen, countedUntil, checks }))) return;
    const predictions = seen.threats.trials;
    if (checks.some(({ left }) => left)) {
      lease.throwIfLost();
      await this.goBack(watch, reasonOf(checks, watch.previous, predictions));
    } else if (countedUntil.getTime() === watch.until.getTime()) {
      const enough = predictions >= rule.minPredictions;
      const after = `stayed in the band of version ${watch.previous} for ${rule.minutes} minutes`;
      if (enough) await this.close(watch, 'passed', `${after} and ${predictions} predictions`);
      else {
        const few = `${predictions} predictions in ${rule.minutes} minutes are fewer than ${rule.minPredictions}`;
        await this.close(watch, 'inconclusive', few);
      }
    }
  }

  private async goBack(watch: Watch, reason: string): Promise<void> {
    const { detector, version, previous } = watch;
    const order = { actor, reason: `version ${version} ${reason}`, expectedChampion: version };
    try {
      await this.registry.rollback(detector, order, { version: previous });
      await this.close(watch, 'rolled-back', reason);
    } catch (error) {
      // Someone moved the champion first; the next look says who.
      if (error instanceof ChampionChangedError) return;
      if (!(error instanceof NetwardenError)) throw error;
      await this.close(watch, 'failed', `${reason}; going back is refused: ${error.message}`);
    }
  }

  /** The champion is another one by now: by this watch, which a crash kept from saying so, or by someone else. */
  private async closeMoved(watch: Watch): Promise<void> {
    const move = await this.lastMove(watch.detector);
    if (!move) return;
    const own = move.actor === actor && move.from === watch.version;
    if (own) await this.close(watch, 'rolled-back', move.reason);
    else await this.close(watch, 'superseded', supersededBy(move));
  }

  private lastMove(detector: string): Promise<Deployment | null> {
    return this.registry.servedAt(detector, new Date(Date.now() + skewMs));
  }

  private async close(watch: Watch, status: Watch['status'], reason: string): Promise<void> {
    await this.watches.end(watch, status, reason);
    const text = `the watch over version ${watch.version} of ${watch.detector} is over (${status}): ${reason}`;
    if (status === 'rolled-back' || status === 'failed') this.logger.error(text);
    else this.logger.log(text);
  }
}

function supersededBy({ kind, to, actor, at }: Deployment): string {
  return `${kind} to version ${to} by ${actor} at ${at.toISOString()}`;
}
