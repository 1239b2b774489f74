import { Injectable, Logger } from '@nestjs/common';
import { RegistryService } from '../registry/registry.service.js';
import { MirroredRuns } from '../runs/mirrored-runs.repository.js';
import type { OutboxEntry } from './outbox-entry.schema.js';
import { OutboxRepository } from './outbox.repository.js';
import { RunMirror } from './run-mirror.service.js';
import { VersionMirror } from './version-mirror.service.js';

/** Fills the outbox with what happened, and delivers single entries. */
@Injectable()
export class MirrorService {
  private readonly logger = new Logger(MirrorService.name);

  constructor(
    private readonly outbox: OutboxRepository,
    private readonly trainingRuns: MirroredRuns,
    private readonly registry: RegistryService,
    private readonly runs: RunMirror,
    private readonly versions: VersionMirror,
  ) {}

  /**
   * Notes the runs that ended and the aliases that were moved and are not noted yet, since tracking began.
   * @param error why they have to wait, where that is known
   * @returns whether there may be more
   */
  async collect(error: string | null): Promise<boolean> {
    const { at, moves = {} } = await this.outbox.start();
    for (const aliases of await this.registry.models()) {
      const noted = moves[aliases._id] ?? 0;
      if (aliases.moves > noted) await this.collectMoves(aliases._id, noted, at, error);
    }
    return this.collectRuns(at, error);
  }

  /** Delivers what an entry is of, and notes it. @throws MlflowError and what the registry throws */
  async deliver(entry: OutboxEntry): Promise<void> {
    const url = await this.deliverSubject(entry);
    if (url === undefined) {
      this.logger.warn(`${entry._id} was deleted before it was delivered`);
      await this.outbox.remove([entry._id]);
      return;
    }
    await this.settle(entry, { status: 'delivered', url, error: null, deliveredAt: new Date() });
  }

  /** Writes what became of a delivery, also into the run that it is of. */
  async settle(entry: OutboxEntry, changes: Partial<OutboxEntry>): Promise<void> {
    const { status: state, url, error } = { ...entry, ...changes };
    // The run first: what is cut off behind it is done again as long as the entry waits.
    if (entry.kind === 'run') await this.trainingRuns.setMirror([entry.subject], { state, url, error });
    await this.outbox.update(entry._id, changes);
  }

  /** Writes why nothing is delivered to all that waits. */
  async explain(error: string): Promise<void> {
    await this.outbox.explain(error);
    await this.trainingRuns.setWaiting(error);
  }

  /** The page that shows it, null where there is none; undefined where what happened is kept no more. */
  private async deliverSubject({ kind, subject }: OutboxEntry): Promise<string | null | undefined> {
    if (kind === 'run') {
      const run = await this.trainingRuns.find(subject);
      return run ? this.runs.deliver(run) : undefined;
    }
    const move = await this.registry.deployment(subject);
    return move ? this.versions.deliver(move) : undefined;
  }

  private async collectRuns(since: Date, error: string | null): Promise<boolean> {
    const ended = await this.trainingRuns.endedUnmirrored(since);
    const happened = ended.map(({ _id, detector, finishedAt }) => ({
      subject: _id,
      detector,
      at: finishedAt!,
    }));
    await this.outbox.note('run', happened, error);
    // From here on the run itself says that it is noted: what is delivered may be deleted from the outbox.
    const ids = ended.map(({ _id }) => _id);
    await this.trainingRuns.setMirror(ids, { state: 'pending', url: null, error });
    return ended.length > 0;
  }

  private async collectMoves(
    detector: string,
    noted: number,
    since: Date,
    error: string | null,
  ): Promise<void> {
    const moves = await this.registry.deploymentsAfter(detector, noted);
    const happened = moves.filter(({ at }) => at >= since);
    await this.outbox.note(
      'move',
      happened.map(({ _id, at }) => ({ subject: _id, detector, at })),
      error,
    );
    if (moves.length > 0) await this.outbox.movesNoted(detector, moves[moves.length - 1].move);
  }
}
