import { Logger } from '@nestjs/common';
import type { HeldLease } from './lease.schema.js';

/** What a holder asks of the store of leases. */
export interface LeaseStore {
  renew(lease: HeldLease, ttlMs: number): Promise<boolean>;
  release(lease: HeldLease): Promise<void>;
}

/** A lease is renewed this many times within its time, so that a few renewals may fail. */
const renewalsALease = 5;

/** The lease ended, or is another's, while its holder was at work. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';

  constructor(lease: string) {
    super(`the lease ${lease} is lost`);
  }
}

/**
 * Holds a lease: renews it while work goes on, and says when it is lost. Whether the time is up is decided by this
 * process's own steady clock, from before the last renewal was asked for: a process that was stopped, or cannot
 * reach the database, knows by itself that its lease has ended, and before anyone else may have it.
 */
export class LeaseHolder {
  private readonly logger = new Logger(LeaseHolder.name);
  private readonly controller = new AbortController();
  private readonly renewal: NodeJS.Timeout;
  private renewing: Promise<void> | null = null;
  private end: number;

  /** @param since when the lease was asked for, by `performance.now()` */
  constructor(
    private readonly leases: LeaseStore,
    private readonly lease: HeldLease,
    private readonly ttlMs: number,
    since: number,
  ) {
    this.end = since + ttlMs;
    this.renewal = setInterval(() => void this.tick(), ttlMs / renewalsALease).unref();
  }

  /** The fencing token that everything written under the lease carries. */
  get token(): number {
    return this.lease.token;
  }

  /** Aborted with a LeaseLostError when the lease is lost. */
  get lost(): AbortSignal {
    return this.controller.signal;
  }

  /** To be called before each write. @throws LeaseLostError */
  throwIfLost(): void {
    if (performance.now() >= this.end) this.lose();
    this.lost.throwIfAborted();
  }

  /** Someone else's token was met, or the time is up: nothing may be written from now on. */
  lose(): void {
    clearInterval(this.renewal);
    if (!this.lost.aborted) this.controller.abort(new LeaseLostError(this.lease._id));
  }

  /** Gives the lease back, so that the next holder need not wait for its end. */
  async release(): Promise<void> {
    clearInterval(this.renewal);
    await this.renewing;
    if (!this.lost.aborted) await this.leases.release(this.lease);
  }

  private async tick(): Promise<void> {
    if (performance.now() >= this.end) return this.lose();
    this.renewing ??= this.renew().finally(() => (this.renewing = null));
    await this.renewing;
  }

  private async renew(): Promise<void> {
    const since = performance.now();
    try {
      if (await this.leases.renew(this.lease, this.ttlMs)) this.end = since + this.ttlMs;
      else this.lose();
    } catch (error) {
      // Asked again until the time is up.
      this.logger.debug(error, `the lease ${this.lease._id} could not be renewed`);
    }
  }
}
