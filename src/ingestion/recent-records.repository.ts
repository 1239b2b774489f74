import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Model, mongo } from 'mongoose';
import { Batch } from './batch.schema.js';
import { StoredRecord } from './record.schema.js';

/** Records that were pushed lately. A batch that was still being pushed at a moment counts whole as pushed after it. */
@Injectable()
export class RecentRecords {
  constructor(
    @InjectModel(Batch.name) private readonly batches: Model<Batch>,
    @InjectModel(StoredRecord.name) private readonly records: Model<StoredRecord>,
  ) {}

  /** Records stored since a moment. */
  async countSince(detector: string, since: Date): Promise<number> {
    const [sum] = await this.batches.aggregate<{ stored: number }>([
      { $match: { detector, updatedAt: { $gt: since } } },
      { $group: { _id: null, stored: { $sum: '$stored' } } },
    ]);
    return sum?.stored ?? 0;
  }

  /** About the newest `n` records stored since a moment, in no order. */
  async newest(detector: string, since: Date, n: number): Promise<Pick<StoredRecord, 'row'>[]> {
    const batches = await this.batches
      .find({ detector, updatedAt: { $gt: since }, stored: { $gt: 0 } }, { stored: 1 })
      .sort({ updatedAt: -1 })
      .limit(n)
      .lean();
    const newest: string[] = [];
    let rows = 0;
    for (const { _id, stored } of batches) {
      if (rows >= n) break;
      newest.push(_id);
      rows += stored;
    }
    if (newest.length === 0) return [];
    // Past Mongoose, which would cast each of thousands of rows.
    const records = this.records.collection as unknown as mongo.Collection<StoredRecord>;
    const filter = { detector, batch: { $in: newest } };
    return records
      .find(filter, { projection: { _id: 0, row: 1 } })
      .limit(n)
      .toArray();
  }
}
