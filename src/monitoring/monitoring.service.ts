import { Injectable } from '@nestjs/common';
import { RegistryService } from '../registry/registry.service.js';
import { type LiveDrift, LiveDriftService } from './live-drift.service.js';
import { PredictionLog, type Tally } from './predictions.repository.js';
import { WatchesRepository } from './watch/watches.repository.js';
import type { Watch } from './watch/watch.schema.js';
import {
  countOf,
  type Rate,
  rateOf,
  type ShadowReport,
  shadowReports,
  type VersionReport,
  versionReports,
} from './window-report.js';

const dayMs = 86_400_000;

/** What a canary answered, from its first answer in the window to its last. */
export interface CanaryReport {
  readonly version: number;
  readonly from: Date;
  readonly to: Date;
  /** As set for the challenger now; null when it is no canary any more. */
  readonly configuredShare: number | null;
  readonly servedShare: Rate;
}

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
  readonly drift: LiveDrift | null;
  /** Over the last promotion that was watched. */
  readonly watch: Watch | null;
}

/** How a detector fares in service. */
@Injectable()
export class MonitoringService {
  constructor(
    private readonly registry: RegistryService,
    private readonly log: PredictionLog,
    private readonly liveDrift: LiveDriftService,
    private readonly watches: WatchesRepository,
  ) {}

  /** Of the last day when no beginning is given. @throws DetectorUnknownError */
  async report(detector: string, since = new Date(Date.now() - dayMs)): Promise<MonitoringReport> {
    const until = new Date();
    const { champion } = await this.registry.aliases(detector);
    const [tallies, drift, watch] = await Promise.all([
      this.log.tally(detector, { since, until }),
      this.liveDrift.compare(detector),
      this.watches.latest(detector),
    ]);
    return {
      detector,
      since,
      until,
      champion,
      predictions: countOf(tallies),
      versions: versionReports(tallies),
      shadows: shadowReports(tallies),
      canary: await this.canary(detector, tallies),
      drift,
      watch,
    };
  }

  private async canary(detector: string, tallies: readonly Tally[]): Promise<CanaryReport | null> {
    const ofCanaries = tallies.filter(({ servedBy }) => servedBy === 'challenger');
    if (ofCanaries.length === 0) return null;
    const version = Math.max(...ofCanaries.map((tally) => tally.version));
    const own = ofCanaries.filter((tally) => tally.version === version);
    const from = new Date(Math.min(...own.map(({ first }) => first.getTime())));
    const to = new Date(Math.max(...own.map(({ last }) => last.getTime())));
    const answers = await this.log.count(detector, { since: from, until: new Date(to.getTime() + 1) });
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
