import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Model, mongo } from 'mongoose';
import { type Page, pageOf, type PageQuery } from '../common/page.dto.js';
import { ListEntry, type ListName, type MatchKind } from './list-entry.schema.js';
import type { OrderedEntry } from './list-order.js';

export interface ListFilter extends PageQuery {
  readonly list?: ListName;
  readonly match?: MatchKind;
}

/** An entry that is written, with who writes it and when. */
export type NewEntry = Omit<ListEntry, 'changedAt'>;

/** What is compared of an entry before it is written again. */
export type KnownEntry = OrderedEntry & Pick<ListEntry, 'removedAt' | 'author'>;

@Injectable()
export class ListsRepository {
  constructor(@InjectModel(ListEntry.name) private readonly entries: Model<ListEntry>) {}

  /**
   * Writes an entry in the place of the one with its id, unless that stands on the other list and may not be
   * replaced; then that one is returned.
   */
  async put(entry: NewEntry, replace: boolean): Promise<{ entry: ListEntry; written: boolean }> {
    const { filter, update } = writeOf(entry, replace);
    try {
      const written = await this.entries
        .findOneAndUpdate(filter, update, { upsert: true, returnDocument: 'after' })
        .lean<ListEntry | null>();
      // SecantusDB gives nothing where another upsert inserted the entry at the same time.
      return written ? { entry: withDefaults(written), written: true } : await this.put(entry, replace);
    } catch (error) {
      // The upsert wanted to insert beside an entry that the filter leaves out.
      if (!(error instanceof mongo.MongoServerError && error.code === 11000)) throw error;
      return { entry: withDefaults((await this.entries.findById(entry._id).lean())!), written: false };
    }
  }

  /**
   * Writes entries as `put` does, in one go.
   * @returns the ids of those that another writer has put on the other list meanwhile, and that were not written
   */
  async putMany(entries: readonly NewEntry[], replace: boolean): Promise<string[]> {
    const writes = entries.map((entry) => ({ updateOne: { ...writeOf(entry, replace), upsert: true } }));
    try {
      await this.entries.bulkWrite(writes, { ordered: false, timestamps: false });
      return [];
    } catch (error) {
      if (!(error instanceof mongo.MongoBulkWriteError)) throw error;
      const failed = [error.writeErrors].flat();
      const other = failed.find(({ code }) => code !== 11000);
      if (other || failed.length === 0) throw error;
      return failed.map(({ index }) => entries[index]._id);
    }
  }

  /** Removing twice keeps the first time. Null where there is no such entry. */
  async remove(_id: string, removedBy: string): Promise<ListEntry | null> {
    await this.removeMany([_id], removedBy);
    const entry = await this.entries.findById(_id).lean();
    return entry && withDefaults(entry);
  }

  /** How many were still on their lists. */
  async removeMany(ids: readonly string[], removedBy: string): Promise<number> {
    const { modifiedCount } = await this.entries.updateMany(
      { _id: { $in: ids }, removedAt: null },
      { $set: { removedAt: new Date(), removedBy }, $currentDate: { changedAt: true } },
    );
    return modifiedCount;
  }

  /** Live entries, expired ones included, newest first. */
  async list({ list, match, ...query }: ListFilter): Promise<Page<ListEntry>> {
    const filter = { removedAt: null, ...(list && { list }), ...(match && { match }) };
    const page = await pageOf<ListEntry>(
      this.entries.find(filter).sort({ createdAt: -1, _id: 1 }).lean(),
      query,
    );
    return { ...page, items: page.items.map(withDefaults) };
  }

  /** Those of the ids that there are, removed ones included. */
  async known(ids: readonly string[]): Promise<ListEntry[]> {
    return (await this.entries.find({ _id: { $in: ids } }).lean()).map(withDefaults);
  }

  /** How many entries are on the lists, expired ones included. */
  count(): Promise<number> {
    return this.entries.countDocuments({ removedAt: null });
  }

  /** Live entries, expired ones included, oldest first. */
  async *all(list?: ListName): AsyncGenerator<ListEntry> {
    const filter = { removedAt: null, ...(list && { list }) };
    const cursor = this.entries
      .find(filter)
      .sort({ createdAt: 1, _id: 1 })
      .lean()
      .cursor({ batchSize: 1000 });
    for await (const entry of cursor) yield withDefaults(entry);
  }

  /** All that are on the lists; behind `changes`, those that were changed since, removed ones included: oldest change first. */
  async *changes({ after, from }: { after?: Date; from?: Date }): AsyncGenerator<ListEntry> {
    const filter = after
      ? { changedAt: { $gt: after } }
      : from
        ? { changedAt: { $gte: from } }
        : { removedAt: null };
    const cursor = this.entries.find(filter).sort({ changedAt: 1 }).lean().cursor({ batchSize: 1000 });
    for await (const entry of cursor) yield withDefaults(entry);
  }
}

/** The entry in the place of the one with its id, unless that stands on the other list and may not be replaced. */
function writeOf({ _id, ...rest }: NewEntry, replace: boolean): { filter: object; update: object } {
  const now = new Date();
  const replaceable = {
    $or: [{ list: rest.list }, { removedAt: { $ne: null } }, { expiresAt: { $lte: now, $ne: null } }],
  };
  return {
    filter: { _id, ...(replace ? {} : replaceable) },
    update: { $set: rest, $currentDate: { changedAt: true } },
  };
}

/** Entries of earlier versions have fewer members. */
function withDefaults(entry: ListEntry): ListEntry {
  return {
    ...entry,
    anyOrder: entry.anyOrder ?? false,
    finding: entry.finding ?? null,
    domains: entry.domains ?? [],
  };
}
