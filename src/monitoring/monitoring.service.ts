import { Injectable } from '@nestjs/common';
import { isOutOfTime } from '../common/database-failures.js';
import { SharedWork } from '../common/shared-work.js';
import { type WithId, withId } from '../common/with-id.js';
import { RegistryService } from '../registry/registry.service.js';
import { DriftService, type LoggedDrift } from './drift/drift.service.js';
import { ReportTooLargeError, TooManyReportsError } from './monitoring.errors.js';
import { type Patience, PredictionLog, type Tally } from './log/predictions.repository.js';
import { WatchesRepository } from './watch/watches.repository.js';
import type { Watch } from './watch/watch.schema.js';
import {
  countOf,
  type Rate,
  rateOf,
  roundedSince,
  slicesOf,
  type ShadowReport,
  shadowReports,
  type VersionReport,
  versionReports,
} from './window-report.js';

const dayMs = 86_400_000;

/** A report of a busy day takes an embedded server some seconds; two at once leave it no time for anything else. */
const limits = { atOnce: 1, waiting: 5 } as const;
/** For all queries of a report together. */
const patienceMs = 30_000;
/** A window is counted in so many parts: some servers do nothing else while they count, and so get to it in between. */
const slices = 24;

/** What a canary scored, from its first verdict in the window to its last. */
export interface CanaryReport {
  readonly version: number;
  readonly from: Date;
  readonly to: Date;
  /** As set for the challenger now; null when it is no canary any more. */
  readonly configuredShare: number | null;
  readonly servedShare: Rate;
}

/** A watch as people and programs read it. */
type ShownWatch = WithId<Omit<Watch, 'detector'>>;

export interface MonitoringReport {
  readonly detector: string;
  readonly since: Date;
  readonly until: Date;
  readonly champion: number | null;
  readonly predictions: number;
  readonly versions: readonly VersionReport[];
  readonly shadows: readonly ShadowReport[];
  readonly canary: CanaryReport | null;
  /** Of the latest records, whatever the window. */
  readonly drift: LoggedDrift | null;
  /** Over the last promotion that was watched. */
  readonly watch: ShownWatch | null;
}

/** How a detector fares in service. */
@Injectable()
export class MonitoringService {
  private readonly shared = new SharedWork<MonitoringReport>(limits, () => new TooManyReportsError());

  constructor(
    private readonly registry: RegistryService,
    private readonly log: PredictionLog,
    private readonly drift: DriftService,
    private readonly watches: WatchesRepository,
  ) {}

  /**
   * Of the last day when no beginning is given; of a beginning that is long ago, about from then. A report may be some
   * seconds old: whoever asks for the same gets the same.
   * @throws DetectorUnknownError, TooManyReportsError, ReportTooLargeError
   */
  async report(detector: string, since = new Date(Date.now() - dayMs)): Promise<MonitoringReport> {
    await this.registry.aliases(detector);
    const from = roundedSince(since);
    return this.shared.get(`${detector} ${from.getTime()}`, () => this.workOut(detector, from));
  }

  private async workOut(detector: string, since: Date): Promise<MonitoringReport> {
    try {
      return await this.look(detector, since);
    } catch (error) {
      throw isOutOfTime(error) ? new ReportTooLargeError(since, patienceMs / 1000) : error;
    }
  }

  private async look(detector: string, since: Date): Promise<MonitoringReport> {
    const until = new Date();
    const patience = patienceOf(patienceMs);
    const { champion } = await this.registry.aliases(detector);
    // One after the other: together they only take longer, and everybody else waits for both.
    const tallies: Tally[] = [];
    for (const slice of slicesOf(since, until, slices))
      tallies.push(...(await this.log.tally(detector, slice, patience)));
    const drift = await this.drift.ofLog(detector, { patience });
    const watch = await this.watches.latest(detector);
    return {
      detector,
      since,
      until,
      champion,
      predictions: countOf(tallies),
      versions: versionReports(tallies),
      shadows: shadowReports(tallies),
      canary: await this.canary(detector, tallies, patience),
      drift,
      watch: watch && shownWatch(watch),
    };
  }

  private async canary(
    detector: string,
    tallies: readonly Tally[],
    patience: Patience,
  ): Promise<CanaryReport | null> {
    const ofCanaries = tallies.filter(({ servedBy }) => servedBy === 'challenger');
    if (ofCanaries.length === 0) return null;
    const version = Math.max(...ofCanaries.map((tally) => tally.version));
    const own = ofCanaries.filter((tally) => tally.version === version);
    const from = new Date(Math.min(...own.map(({ first }) => first.getTime())));
    const to = new Date(Math.max(...own.map(({ last }) => last.getTime())));
    const window = { since: from, until: new Date(to.getTime() + 1) };
    const answers = await this.log.count(detector, window, patience);
    const { challenger, challengerMode, canaryShare } = await this.registry.aliases(detector);
    const configured = challenger === version && challengerMode === 'canary';
    return {
      version,
      from,
      to,
      configuredShare: configured ? canaryShare : null,
      servedShare: rateOf({ successes: countOf(own), trials: answers }),
    };
  }
}

/** A time limit for several queries: each has what those before have left, and the driver reads it as it is asked. */
function patienceOf(ms: number): Patience {
  const end = performance.now() + ms;
  return {
    get maxTimeMS() {
      return Math.max(1, Math.round(end - performance.now()));
    },
  };
}

function shownWatch({ detector: _, ...watch }: Watch): ShownWatch {
  return withId(watch);
}
