import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { backOffMs } from '../common/back-off.js';
import { isDatabaseDown } from '../common/database-failures.js';
import { NetwardenError, toError } from '../common/errors.js';
import { Poller } from '../common/poller.js';
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
/** Failures of one delivery to a server that is well otherwise, after which it is given up. */
const mostAttempts = 8;
/** As many where only a part of the server may be away, such as the store of its artifacts: some eight hours. */
const mostAttemptsWhileAway = 100;

/** How a turn went: whether it was this process's, and why it ended before all was tried. */
export interface Turn {
  readonly held: boolean;
  readonly problem: string | null;
}

/**
 * Delivers what is in the outbox on whichever process holds the lease: each detector's entries one after the other, so
 * that one which fails holds back those behind it and nobody else's.
 */
@Injectable()
export class OutboxWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(OutboxWorker.name);
  private readonly poller = new Poller(
    async () => void (await this.turn((entry) => entry.nextAt.getTime() <= Date.now())),
    (error) => this.explain(error),
  );
  private working: Promise<Turn> | null = null;
  private stopped = false;
  /** Why the server is left alone, until when, and how often in a row it was. */
  private problem: string | null = null;
  private pausedUntil = 0;
  private pauses = 0;

  constructor(
    private readonly tracker: Tracker,
    private readonly outbox: OutboxRepository,
    private readonly mirror: MirrorService,
    private readonly leases: LeasesService,
  ) {}

  /** Commands too: what a run did before the first server ran is delivered as well. */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.tracker.enabled) return;
    await this.outbox.start().catch((error: unknown) => {
      this.logger.warn(error, 'it could not be noted that there is a tracking server');
    });
  }

  begin(): void {
    if (this.tracker.enabled) this.poller.begin(lookEveryMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.tracker.abort();
    await this.poller.stop();
    await this.working?.catch(() => undefined);
  }

  /** Delivers what is due, unless another process is at it; never fails. */
  look(): Promise<void> {
    return this.poller.look();
  }

  /** Tries all that waits, due or not, unless another process is at it. @throws LeaseLostError */
  async deliverAll(): Promise<Turn> {
    this.pausedUntil = 0;
    return this.turn(() => true);
  }

  private turn(isDue: (entry: OutboxEntry) => boolean): Promise<Turn> {
    this.working ??= this.work(isDue).finally(() => (this.working = null));
    return this.working;
  }

  private async work(isDue: (entry: OutboxEntry) => boolean): Promise<Turn> {
    const lease = await this.leases.hold('tracking', leaseMs);
    if (!lease) return { held: false, problem: null };
    try {
      const held = new Set<string>();
      do {
        lease.throwIfLost();
        const more = await this.mirror.collect(this.problem);
        await this.deliverDue(lease, (entry) => isDue(entry) && !held.has(entry.detector), held);
        if (!more) break;
      } while (!this.isPaused());
      return { held: true, problem: this.problem };
    } finally {
      await lease.release();
    }
  }

  /** @param held detectors whose entries have to wait for a later turn; those of failures are added */
  private async deliverDue(
    lease: LeaseHolder,
    isDue: (entry: OutboxEntry) => boolean,
    held: Set<string>,
  ): Promise<void> {
    for (;;) {
      if (this.isPaused()) return;
      const due = (await this.outbox.heads()).filter(isDue);
      if (due.length === 0) return;
      for (const entry of due) {
        if (this.isPaused()) return;
        lease.throwIfLost();
        if (!(await this.delivered(entry, lease))) held.add(entry.detector);
      }
    }
  }

  private isPaused(): boolean {
    return this.stopped || Date.now() < this.pausedUntil;
  }

  /** @returns whether those behind it may go on */
  private async delivered(entry: OutboxEntry, lease: LeaseHolder): Promise<boolean> {
    try {
      await this.mirror.deliver(entry);
      this.problem = null;
      this.pauses = 0;
      return true;
    } catch (error) {
      if (this.stopped || isDatabaseDown(error)) throw error;
      lease.throwIfLost();
      return this.failed(entry, error);
    }
  }

  /** A server that is away or lets nobody in is waited for; an entry that it will not have is put aside. */
  private async failed(entry: OutboxEntry, thrown: unknown): Promise<boolean> {
    const error = textOf(thrown);
    if (isMlflowError(thrown)) {
      // What it can do may have changed.
      this.tracker.client.forget();
      const isWell = !isMlflowError(thrown, 'unauthorized') && (await this.tracker.client.isWell());
      if (!isWell) {
        await this.pause(error);
        return false;
      }
    }
    const attempts = entry.attempts + 1;
    if (attempts < triesOf(thrown)) {
      const nextAt = new Date(Date.now() + pauseMs(attempts + 1));
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

  private async pause(problem: string): Promise<void> {
    const ms = pauseMs(++this.pauses);
    this.problem = problem;
    this.pausedUntil = Date.now() + ms;
    this.logger.warn(`the tracking server is tried again in ${Math.round(ms / 1000)} s: ${problem}`);
    await this.mirror.explain(problem);
  }

  private explain(error: unknown): void {
    if (this.stopped || isDatabaseDown(error) || error instanceof LeaseLostError) this.logger.debug(error);
    else this.logger.error(error, 'the tracking outbox could not be worked on');
  }
}

/** Nothing is left to chance: one process alone asks the server. */
function pauseMs(failures: number): number {
  return backOffMs(failures, { firstMs: 2000, longestMs: 300_000 }, () => 1);
}

/** How often a delivery is tried that fails so. What was refused, or is damaged here, fails each time. */
function triesOf(thrown: unknown): number {
  if (isMlflowError(thrown, 'unavailable')) return mostAttemptsWhileAway;
  if (isMlflowError(thrown, 'forbidden')) return mostAttempts;
  const isFinal = isMlflowError(thrown) || thrown instanceof NetwardenError || thrown instanceof RangeError;
  return isFinal ? 1 : mostAttempts;
}

function textOf(thrown: unknown): string {
  const isPublic = isMlflowError(thrown) || thrown instanceof NetwardenError || thrown instanceof RangeError;
  return isPublic ? redactSecrets(toError(thrown).message) : 'something went wrong here; the log has it';
}
