import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Model, mongo } from 'mongoose';
import { StoredRecord } from './record.schema.js';

/** The record store. It talks to the driver directly: casting each of a million rows would cost more than storing it. */
@Injectable()
export class RecordsRepository {
  constructor(@InjectModel(StoredRecord.name) private readonly model: Model<StoredRecord>) {}

  /** Stores what is new. Returns how many were; the others were there already. */
  async storeNew(records: readonly StoredRecord[]): Promise<number> {
    if (records.length === 0) return 0;
    try {
      return (await this.collection.insertMany([...records], { ordered: false })).insertedCount;
    } catch (error) {
      if (!(error instanceof mongo.MongoBulkWriteError)) throw error;
      const failures = [error.writeErrors].flat();
      const real = failures.find((failure) => failure.code !== 11000);
      if (real) throw error;
      return records.length - failures.length;
    }
  }

  /** Every record of a detector, in no order, as one stream. */
  streamAll(
    detector: string,
  ): AsyncIterable<Pick<StoredRecord, '_id' | 'batch' | 'label' | 'row' | 'split'>> {
    const projection = { batch: 1, label: 1, row: 1, split: 1 };
    return this.collection.find({ detector }, { projection }).batchSize(1000);
  }

  /** As `streamAll`, without what the rows say; with their split columns only where those are asked for. */
  streamIds(detector: string, withSplit: boolean): AsyncIterable<Pick<StoredRecord, '_id' | 'split'>> {
    const projection = withSplit ? { split: 1 } : { _id: 1 };
    return this.collection.find({ detector }, { projection }).batchSize(10_000);
  }

  count(detector: string): Promise<number> {
    return this.model.countDocuments({ detector });
  }

  private get collection(): mongo.Collection<StoredRecord> {
    return this.model.collection as unknown as mongo.Collection<StoredRecord>;
  }
}
