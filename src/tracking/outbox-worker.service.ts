import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { isDatabaseDown } from '../common/database-failures.js';
import { NetwardenError, toError } from '../common/errors.js';
import { redactSecrets } from '../common/redact.js';
import { type LeaseHolder, LeaseLostError } from '../leases/lease-holder.js';
import { LeasesService } from '../leases/leases.service.js';
import { isMlflowError } from './mlflow/mlflow.errors.js';
import { MirrorService } from './mirror.service.js';
import type { OutboxEntry } from './outbox-entry.schema.js';
import { OutboxRepository } from './outbox.repository.js';
import { Tracker } from './tracker.service.js';

const lookEveryMs = 2000;
const leaseMs = 30_000;
const shortestPauseMs = 2000;
const longestPauseMs = 300_000;
/** Failures of one delivery to a server that is well otherwise, after which the others go on without it. */
const mostAttempts = 8;

/** Delivers what is in the outbox, one entry after the other, on whichever process holds the lease. */
@Injectable()
export class OutboxWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(OutboxWorker.name);
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | null = null;
  private stopped = false;
  /** Failures in a row, and until when the server is left alone. */
  private failures = 0;
  private pausedUntil = 0;

  constructor(
    private readonly tracker: Tracker,
    private readonly outbox: OutboxRepository,
    private readonly mirror: MirrorService,
    private readonly leases: LeasesService,
  ) {}

  /** Commands too: what a run did before the first server ran is told as well. */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.tracker.enabled) return;
    await this.outbox.start().catch((error: unknown) => {
      this.logger.warn(error, 'it could not be noted that there is a tracking server');
    });
  }

  begin(): void {
    if (this.tracker.enabled) this.timer ??= setInterval(() => void this.look(), lookEveryMs).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    this.tracker.abort();
    await this.working;
  }

  /** Delivers what waits, unless another process is at it; never fails. */
  async look(): Promise<void> {
    this.working ??= this.work()
      .catch((error: unknown) => this.explain(error))
      .finally(() => (this.working = null));
    await this.working;
  }

  private async work(): Promise<void> {
    const lease = await this.leases.hold('tracking', leaseMs);
    if (!lease) return;
    try {
      await this.mirror.collect();
      while (!this.stopped && Date.now() >= this.pausedUntil && (await this.deliverNext(lease)));
    } finally {
      await lease.release();
    }
  }

  /** @returns whether there may be more to do now */
  private async deliverNext(lease: LeaseHolder): Promise<boolean> {
    lease.throwIfLost();
    const entry = await this.outbox.first();
    if (!entry || entry.nextAt.getTime() > Date.now()) return false;
    try {
      const url = await this.mirror.deliver(entry);
      this.failures = 0;
      await this.mirror.settle(entry, { status: 'delivered', url, error: null, deliveredAt: new Date() });
      return true;
    } catch (error) {
      if (this.stopped || isDatabaseDown(error)) throw error;
      return this.failed(entry, error);
    }
  }

  /** A server that is away or lets nobody in is waited for; an entry that it will not have is put aside. */
  private async failed(entry: OutboxEntry, thrown: unknown): Promise<boolean> {
    const error = textOf(thrown);
    if (isMlflowError(thrown) && !(await this.tracker.client.isWell())) {
      const pause = Math.min(longestPauseMs, shortestPauseMs * 2 ** this.failures++);
      this.pausedUntil = Date.now() + pause;
      this.logger.warn(`the tracking server is tried again in ${Math.round(pause / 1000)} s: ${error}`);
      await this.mirror.settle(entry, { error });
      return false;
    }
    const attempts = entry.attempts + 1;
    if (isMlflowError(thrown, 'unavailable') && attempts < mostAttempts) {
      const nextAt = new Date(Date.now() + Math.min(longestPauseMs, shortestPauseMs * 2 ** attempts));
      await this.mirror.settle(entry, { attempts, nextAt, error });
      return false;
    }
    this.logger.error(
      { err: thrown, entry: entry._id },
      `the tracking server did not get ${entry._id}: ${error}`,
    );
    await this.mirror.settle(entry, { status: 'dead', attempts, error });
    return true;
  }

  private explain(error: unknown): void {
    if (this.stopped || isDatabaseDown(error) || error instanceof LeaseLostError) this.logger.debug(error);
    else this.logger.error(error, 'the tracking outbox could not be worked on');
  }
}

function textOf(thrown: unknown): string {
  const told = isMlflowError(thrown) || thrown instanceof NetwardenError || thrown instanceof RangeError;
  return told ? redactSecrets(toError(thrown).message) : 'something went wrong here; the log has it';
}
