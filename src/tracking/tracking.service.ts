import { Injectable } from '@nestjs/common';
import { RequestInvalidError } from '../common/errors.js';
import { type WithId, withId } from '../common/with-id.js';
import { MirroredRuns } from '../runs/mirrored-runs.repository.js';
import { isMlflowError } from './mlflow/mlflow.errors.js';
import type { MlflowCapabilities } from './mlflow/mlflow-client.js';
import type { OutboxEntry, OutboxStatus } from './outbox-entry.schema.js';
import { OutboxRepository } from './outbox.repository.js';
import { OutboxWorker } from './outbox-worker.service.js';
import { Tracker } from './tracker.service.js';

/** An entry of the outbox as people and programs read it. */
export type ShownEntry = WithId<OutboxEntry>;

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
  readonly dead: readonly ShownEntry[];
  readonly pending: readonly ShownEntry[];
}

export interface SyncOutcome extends TrackingStatus {
  /** What is left to deliver and why, a sentence each; empty where all is delivered. */
  readonly left: readonly string[];
}

const shown = 50;

/** How the mirror is doing. */
@Injectable()
export class TrackingService {
  constructor(
    private readonly tracker: Tracker,
    private readonly outbox: OutboxRepository,
    private readonly trainingRuns: MirroredRuns,
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
    return {
      ...{ enabled, server, ...(await this.asked()), counts },
      ...{ dead: dead.items.map(withId), pending: pending.items.map(withId) },
    };
  }

  /**
   * Puts entries that were given up back into the queue. @param ids the only ones @returns how many
   * @throws RequestInvalidError naming the ids that were not given up; then nothing is changed
   */
  async retry(ids?: readonly string[]): Promise<number> {
    const dead = await this.outbox.dead(ids);
    const known = new Set(dead.map(({ _id }) => _id));
    const unknown = (ids ?? []).filter((id) => !known.has(id));
    if (unknown.length > 0) {
      throw new RequestInvalidError(
        unknown.map((id) => ({ path: 'ids', message: `${id} is no entry that was given up` })),
      );
    }
    await this.outbox.revive([...known]);
    const runs = dead.filter(({ kind }) => kind === 'run').map(({ subject }) => subject);
    await this.trainingRuns.setMirror(runs, { state: 'pending', url: null, error: null });
    return dead.length;
  }

  /** Delivers what waits, now and here, unless another process is at it. */
  async sync(): Promise<SyncOutcome> {
    const turn = this.tracker.enabled ? await this.worker.deliverAll() : null;
    const status = await this.status();
    const { pending, dead } = status.counts;
    const left: string[] = [];
    if (pending > 0) {
      const busy = turn?.held === false ? 'another process is delivering' : null;
      const failed = status.pending.find(({ error }) => error !== null)?.error;
      const why = busy ?? turn?.problem ?? status.problem ?? failed;
      left.push(`${pending} waiting, because ${why ?? 'MLFLOW_TRACKING_URI is not set'}`);
    }
    if (dead > 0) left.push(`${dead} given up, the newest because ${status.dead[0].error}`);
    return { ...status, left };
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
