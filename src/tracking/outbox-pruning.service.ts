import { Injectable } from '@nestjs/common';
import { MirroredRuns } from '../runs/mirrored-runs.repository.js';
import { OutboxRepository } from './outbox.repository.js';

/** Keeps the outbox from growing without end. */
@Injectable()
export class OutboxPruning {
  constructor(
    private readonly outbox: OutboxRepository,
    private readonly trainingRuns: MirroredRuns,
  ) {}

  /**
   * Deletes a detector's delivered entries of what happened before a moment, and what was given up of runs that are
   * gone. What else was given up stays until it is sent again.
   */
  async prune(detector: string, before: Date): Promise<void> {
    await this.outbox.pruneDelivered(detector, before);
    const dead = await this.outbox.deadRuns(detector);
    const known = new Set(await this.trainingRuns.known(dead.map(({ subject }) => subject)));
    await this.outbox.remove(dead.filter(({ subject }) => !known.has(subject)).map(({ _id }) => _id));
  }
}
