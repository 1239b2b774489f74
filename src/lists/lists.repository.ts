import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Model, mongo } from 'mongoose';
import { type Page, pageOf, type PageQuery } from '../common/page.dto.js';
import { ListEntry, type ListName } from './list-entry.schema.js';

export interface ListFilter extends PageQuery {
  readonly list?: ListName;
}

@Injectable()
export class ListsRepository {
  constructor(@InjectModel(ListEntry.name) private readonly entries: Model<ListEntry>) {}

  /**
   * Writes an entry in the place of the one with its id, unless that stands on the other list and may not be
   * replaced; then that one is returned.
   */
  async put(
    entry: Omit<ListEntry, 'changedAt'>,
    replace: boolean,
  ): Promise<{ entry: ListEntry; written: boolean }> {
    const { _id, ...rest } = entry;
    const replaceable = replace ? {} : { $or: [{ list: entry.list }, { removedAt: { $ne: null } }] };
    try {
      const written = await this.entries
        .findOneAndUpdate(
          { _id, ...replaceable },
          { $set: rest, $currentDate: { changedAt: true } },
          { upsert: true, returnDocument: 'after' },
        )
        .lean<ListEntry | null>();
      // SecantusDB gives nothing where another upsert inserted the entry at the same time.
      return written ? { entry: written, written: true } : await this.put(entry, replace);
    } catch (error) {
      // The upsert wanted to insert beside an entry that the filter leaves out.
      if (!(error instanceof mongo.MongoServerError && error.code === 11000)) throw error;
      return { entry: (await this.entries.findById(_id).lean())!, written: false };
    }
  }

  /** Removing twice keeps the first time. Null where there is no such entry. */
  async remove(_id: string, removedBy: string): Promise<ListEntry | null> {
    await this.entries.updateOne(
      { _id, removedAt: null },
      { $set: { removedAt: new Date(), removedBy }, $currentDate: { changedAt: true } },
    );
    return this.entries.findById(_id).lean();
  }

  /** Live entries, expired ones included, newest first. */
  async list({ list, ...query }: ListFilter): Promise<Page<ListEntry>> {
    const filter = { removedAt: null, ...(list && { list }) };
    return pageOf(this.entries.find(filter).sort({ createdAt: -1, _id: 1 }).lean(), query);
  }

  /** Entries that were changed at a moment or later, removed ones included, oldest change first. */
  changedSince(moment: Date): Promise<ListEntry[]> {
    return this.entries
      .find({ changedAt: { $gte: moment } })
      .sort({ changedAt: 1 })
      .lean();
  }
}
