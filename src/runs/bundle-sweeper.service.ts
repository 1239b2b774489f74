import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { LeasesService } from '../leases/leases.service.js';
import { BundleSweepService } from '../registry/bundle-sweep.service.js';
import { RunsRepository } from './runs.repository.js';

/** Sweeps within the time after which a bundle counts as an orphan. */
const sweepsAnAge = 6;

/** Has bundles swept away that runs left behind, by one worker at a time. */
@Injectable()
export class BundleSweeper implements BeforeApplicationShutdown {
  private readonly logger = new Logger(BundleSweeper.name);
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | null = null;

  constructor(
    private readonly environment: Environment,
    private readonly leases: LeasesService,
    private readonly runs: RunsRepository,
    private readonly bundles: BundleSweepService,
  ) {}

  begin(): void {
    const everyMs = this.environment.orphanBundleMs / sweepsAnAge;
    // Node takes a longer time than this for none at all.
    const longestMs = 2 ** 31 - 1;
    this.timer ??= setInterval(() => void this.sweep(), Math.min(everyMs, longestMs)).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
  }

  private async sweep(): Promise<void> {
    this.sweeping ??= this.sweepOnce()
      .catch((error: unknown) => this.logger.warn(error, 'stored bundles could not be swept'))
      .finally(() => (this.sweeping = null));
    await this.sweeping;
  }

  private async sweepOnce(): Promise<void> {
    const lease = await this.leases.hold('sweep', this.environment.runLeaseMs);
    if (!lease) return;
    try {
      const before = new Date(Date.now() - this.environment.orphanBundleMs);
      const deleted = await this.bundles.sweep(before, await this.runs.reservedBundles());
      if (deleted > 0) this.logger.log(`${deleted} bundles that no version names are deleted`);
    } finally {
      await lease.release();
    }
  }
}
