import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { type Page, pageOf, type PageQuery } from '../common/page.dto.js';
import { OutboxEntry, type OutboxKind, type OutboxStatus, TrackingStart } from './outbox-entry.schema.js';

/** What an entry is made of: a run that ended or a move. */
export type NewEntry = Pick<OutboxEntry, 'subject' | 'detector' | 'at'>;

const startId = 'mlflow';

@Injectable()
export class OutboxRepository {
  constructor(
    @InjectModel(OutboxEntry.name) private readonly entries: Model<OutboxEntry>,
    @InjectModel(TrackingStart.name) private readonly starts: Model<TrackingStart>,
  ) {}

  /** Tracking begins now, unless it did before. */
  async start(now = new Date()): Promise<TrackingStart> {
    await this.starts.updateOne(
      { _id: startId },
      { $setOnInsert: { at: now } },
      { upsert: true, setDefaultsOnInsert: false },
    );
    return this.starts.findById(startId).lean().orFail();
  }

  /** A detector's moves are noted up to this one. */
  async movesNoted(detector: string, last: number): Promise<void> {
    await this.starts.updateOne({ _id: startId }, { $max: { [`moves.${detector}`]: last } });
  }

  /** Notes what is not noted yet. @param error why it has to wait, where that is known */
  async note(kind: OutboxKind, entries: readonly NewEntry[], error: string | null): Promise<void> {
    if (entries.length === 0) return;
    const fresh = { kind, status: 'pending', attempts: 0, error, url: null, deliveredAt: null } as const;
    await this.entries.bulkWrite(
      entries.map((entry) => ({
        updateOne: {
          filter: { _id: `${kind}/${entry.subject}` },
          update: { $setOnInsert: { ...fresh, ...entry, nextAt: entry.at } },
          upsert: true,
        },
      })),
    );
  }

  /** Each detector's oldest entry that waits, due or not, oldest first: those behind it wait for it. */
  async heads(): Promise<OutboxEntry[]> {
    const detectors = await this.entries.distinct('detector', { status: 'pending' });
    const heads = await Promise.all(
      detectors.map((detector) =>
        this.entries.findOne({ status: 'pending', detector }).sort({ at: 1, _id: 1 }).lean(),
      ),
    );
    return heads.filter((head) => head !== null).sort((a, b) => a.at.getTime() - b.at.getTime());
  }

  /** Changes an entry that waits; what somebody else has settled stays as it is. */
  async update(_id: string, changes: Partial<OutboxEntry>): Promise<void> {
    await this.entries.updateOne({ _id, status: 'pending' }, { $set: changes });
  }

  /** Notes with all that waits why it does. */
  async explain(error: string): Promise<void> {
    await this.entries.updateMany({ status: 'pending' }, { $set: { error } });
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.entries.deleteMany({ _id: { $in: ids } });
  }

  /** What was given up. @param ids the only ones; all where absent */
  dead(ids?: readonly string[]): Promise<OutboxEntry[]> {
    return this.entries.find({ status: 'dead', ...(ids && { _id: { $in: ids } }) }).lean();
  }

  /** Dead entries wait again. */
  async revive(ids: readonly string[]): Promise<void> {
    await this.entries.updateMany(
      { status: 'dead', _id: { $in: ids } },
      { $set: { status: 'pending', attempts: 0, error: null, nextAt: new Date() } },
    );
  }

  /** Deletes a detector's delivered entries of what happened before a moment. */
  async pruneDelivered(detector: string, before: Date): Promise<void> {
    await this.entries.deleteMany({ status: 'delivered', detector, at: { $lt: before } });
  }

  async counts(): Promise<Record<OutboxStatus, number>> {
    const [pending, delivered, dead] = await Promise.all(
      (['pending', 'delivered', 'dead'] as const).map((status) => this.entries.countDocuments({ status })),
    );
    return { pending, delivered, dead };
  }

  /** A detector's dead entries of runs. */
  deadRuns(detector: string): Promise<OutboxEntry[]> {
    return this.entries.find({ status: 'dead', detector, kind: 'run' }).lean();
  }

  /** Newest first. */
  async list(status: OutboxStatus, query: PageQuery): Promise<Page<OutboxEntry>> {
    return pageOf(this.entries.find({ status }).sort({ at: -1, _id: -1 }).lean(), query);
  }
}
