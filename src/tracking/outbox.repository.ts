import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { type Page, type PageQuery, skipOf } from '../common/page.js';
import { OutboxEntry, type OutboxKind, type OutboxStatus, TrackingStart } from './outbox-entry.schema.js';

/** Something that happened, to be told. */
export type Happening = Pick<OutboxEntry, 'subject' | 'detector' | 'at'>;

@Injectable()
export class OutboxRepository {
  constructor(
    @InjectModel(OutboxEntry.name) private readonly entries: Model<OutboxEntry>,
    @InjectModel(TrackingStart.name) private readonly starts: Model<TrackingStart>,
  ) {}

  /** Tracking begins now, unless it did before; from when on it has been told. */
  async start(now = new Date()): Promise<Date> {
    const start = await this.starts
      .findOneAndUpdate(
        { _id: 'mlflow' },
        { $setOnInsert: { at: now } },
        { upsert: true, returnDocument: 'after' },
      )
      .lean();
    return start.at;
  }

  /** When the latest thing happened that is noted; null where nothing is. */
  async latest(kind: OutboxKind): Promise<Date | null> {
    const entry = await this.entries.findOne({ kind }).sort({ at: -1 }).lean();
    return entry?.at ?? null;
  }

  /** Notes what is not noted yet. */
  async note(kind: OutboxKind, happenings: readonly Happening[]): Promise<void> {
    if (happenings.length === 0) return;
    const fresh = {
      kind,
      status: 'pending',
      attempts: 0,
      error: null,
      url: null,
      deliveredAt: null,
    } as const;
    await this.entries.bulkWrite(
      happenings.map((happening) => ({
        updateOne: {
          filter: { _id: `${kind}/${happening.subject}` },
          update: { $setOnInsert: { ...fresh, ...happening, nextAt: happening.at } },
          upsert: true,
        },
      })),
    );
  }

  /** The oldest entry that waits, due or not: those behind it wait for it. */
  first(): Promise<OutboxEntry | null> {
    return this.entries.findOne({ status: 'pending' }).sort({ at: 1, _id: 1 }).lean();
  }

  async update(_id: string, changes: Partial<OutboxEntry>): Promise<void> {
    await this.entries.updateOne({ _id }, { $set: changes });
  }

  /** Dead entries wait again. @param ids the only ones; all where absent. @returns how many */
  async revive(ids?: readonly string[]): Promise<number> {
    const { modifiedCount } = await this.entries.updateMany(
      { status: 'dead', ...(ids && { _id: { $in: ids } }) },
      { $set: { status: 'pending', attempts: 0, nextAt: new Date() } },
    );
    return modifiedCount;
  }

  async counts(): Promise<Record<OutboxStatus, number>> {
    const [pending, delivered, dead] = await Promise.all(
      (['pending', 'delivered', 'dead'] as const).map((status) => this.entries.countDocuments({ status })),
    );
    return { pending, delivered, dead };
  }

  /** Newest first. */
  async list(status: OutboxStatus, query: PageQuery): Promise<Page<OutboxEntry>> {
    const [items, total] = await Promise.all([
      this.entries.find({ status }).sort({ at: -1, _id: 1 }).skip(skipOf(query)).limit(query.pageSize).lean(),
      this.entries.countDocuments({ status }),
    ]);
    return { items, page: query.page, pageSize: query.pageSize, total };
  }
}
