import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Poller } from '../common/poller.js';
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
  private readonly poller = new Poller(
    () => this.sweep(),
    (error) => this.logger.warn(error, 'stored bundles could not be swept'),
  );

  constructor(
    private readonly environment: Environment,
    private readonly leases: LeasesService,
    private readonly runs: RunsRepository,
    private readonly bundles: BundleSweepService,
  ) {}

  begin(): void {
    this.poller.begin(this.environment.orphanBundleMs / sweepsAnAge);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poller.stop();
  }

  private async sweep(): Promise<void> {
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
