import { Injectable } from '@nestjs/common';
import { RequestInvalidError } from '../common/errors.js';
import { HappeningsRepository } from './happenings.repository.js';
import type { OutboxEntry, OutboxKind } from './outbox-entry.schema.js';
import { type Happening, OutboxRepository } from './outbox.repository.js';
import { RunMirror } from './run-mirror.service.js';
import { VersionMirror } from './version-mirror.service.js';

/** What is written late may carry a time this much earlier: clocks differ, and a database may have been away. */
const lookBackMs = 600_000;

/** Fills the outbox with what happened, and delivers single entries. */
@Injectable()
export class MirrorService {
  constructor(
    private readonly outbox: OutboxRepository,
    private readonly happenings: HappeningsRepository,
    private readonly runs: RunMirror,
    private readonly versions: VersionMirror,
  ) {}

  /** Notes the runs that ended and the aliases that were moved since it was last looked. */
  async collect(): Promise<void> {
    await this.collectKind('run', (since) => this.happenings.runsEnded(since));
    await this.collectKind('move', (since) => this.happenings.moves(since));
  }

  /** @returns the page that shows it; null where there is none. @throws MlflowError, RequestInvalidError */
  async deliver({ kind, subject }: OutboxEntry): Promise<string | null> {
    if (kind === 'run') {
      const run = await this.happenings.run(subject);
      if (run) return this.runs.deliver(run);
    } else {
      const move = await this.happenings.move(subject);
      if (move) return this.versions.deliver(move);
    }
    throw new RequestInvalidError([{ path: subject, message: 'was deleted before it could be told' }]);
  }

  /** Writes what became of a delivery, also into the run that it is of. */
  async settle(entry: OutboxEntry, changes: Partial<OutboxEntry>): Promise<void> {
    await this.outbox.update(entry._id, changes);
    if (entry.kind !== 'run') return;
    const { status: state, url, error } = { ...entry, ...changes };
    await this.happenings.showMirror(entry.subject, { state, url, error });
  }

  private async collectKind(
    kind: OutboxKind,
    happened: (since: Date) => Promise<Happening[]>,
  ): Promise<void> {
    const start = (await this.outbox.start()).getTime();
    const latest = (await this.outbox.latest(kind))?.getTime() ?? 0;
    await this.outbox.note(kind, await happened(new Date(Math.max(start, latest - lookBackMs))));
  }
}
