import { Injectable } from '@nestjs/common';
import { isMlflowError } from './mlflow/mlflow.errors.js';
import type { MlflowCapabilities } from './mlflow/mlflow-client.js';
import type { OutboxEntry, OutboxStatus } from './outbox-entry.schema.js';
import { OutboxRepository } from './outbox.repository.js';
import { OutboxWorker } from './outbox-worker.service.js';
import { Tracker } from './tracker.service.js';

export interface TrackingStatus {
  readonly enabled: boolean;
  /** Without credentials. */
  readonly server: string | null;
  /** Null where the server cannot be asked; `problem` says why. */
  readonly capabilities: MlflowCapabilities | null;
  readonly problem: string | null;
  /** Entries of the outbox. */
  readonly counts: Readonly<Record<OutboxStatus, number>>;
  /** The newest entries that were given up, and those that wait. */
  readonly dead: readonly OutboxEntry[];
  readonly pending: readonly OutboxEntry[];
}

const shown = 50;

/** How the mirror is doing. */
@Injectable()
export class TrackingService {
  constructor(
    private readonly tracker: Tracker,
    private readonly outbox: OutboxRepository,
    private readonly worker: OutboxWorker,
  ) {}

  async status(): Promise<TrackingStatus> {
    const [counts, dead, pending] = await Promise.all([
      this.outbox.counts(),
      this.outbox.list('dead', { page: 1, pageSize: shown }),
      this.outbox.list('pending', { page: 1, pageSize: shown }),
    ]);
    const { enabled } = this.tracker;
    const server = enabled ? this.tracker.client.base : null;
    return { enabled, server, ...(await this.asked()), counts, dead: dead.items, pending: pending.items };
  }

  /** Puts entries that were given up back into the queue. @param ids the only ones @returns how many */
  retry(ids?: readonly string[]): Promise<number> {
    return this.outbox.revive(ids);
  }

  /** Delivers what waits, now and here, unless another process is at it. */
  async sync(): Promise<TrackingStatus> {
    if (this.tracker.enabled) await this.worker.look();
    return this.status();
  }

  private async asked(): Promise<Pick<TrackingStatus, 'capabilities' | 'problem'>> {
    if (!this.tracker.enabled) return { capabilities: null, problem: null };
    try {
      return { capabilities: await this.tracker.client.capabilities(), problem: null };
    } catch (error) {
      if (!isMlflowError(error)) throw error;
      return { capabilities: null, problem: error.message };
    }
  }
}
