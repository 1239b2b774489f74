import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { type Page, pageOf, type PageQuery } from '../common/page.dto.js';
import { Batch } from './batch.schema.js';
import { BatchUnknownError } from './ingestion.errors.js';
import { RejectedRecord } from './rejected-record.schema.js';

/** A batch that made no progress for this long has lost its process. */
const silentMs = 60_000;

@Injectable()
export class BatchesRepository {
  constructor(
    @InjectModel(Batch.name) private readonly batches: Model<Batch>,
    @InjectModel(RejectedRecord.name) private readonly rejected: Model<RejectedRecord>,
  ) {}

  async open(detector: string, source: Batch['source']): Promise<Batch> {
    const now = new Date();
    const counts = { read: 0, stored: 0, known: 0, rejected: 0 };
    const batch: Batch = {
      _id: randomUUID(),
      detector,
      status: 'receiving',
      source,
      ...counts,
      createdAt: now,
      updatedAt: now,
    };
    await this.batches.create(batch);
    return batch;
  }

  async save(batch: Batch): Promise<void> {
    await this.batches.updateOne({ _id: batch._id }, { $set: { ...batch, updatedAt: new Date() } });
  }

  async addRejected(rows: readonly RejectedRecord[]): Promise<void> {
    if (rows.length > 0) await this.rejected.insertMany(rows, { ordered: false });
  }

  async list(detector: string, query: PageQuery): Promise<Page<Batch>> {
    const page = await pageOf(this.batches.find({ detector }).sort({ createdAt: -1 }).lean(), query);
    return { ...page, items: page.items.map(asOfNow) };
  }

  /** @throws BatchUnknownError */
  async get(detector: string, id: string): Promise<Batch> {
    const batch = await this.batches.findOne({ _id: id, detector }).lean();
    if (!batch) throw new BatchUnknownError(detector, id);
    return asOfNow(batch);
  }

  /** The names of what batches were read from, by their ids. */
  async sourceNames(ids: readonly string[]): Promise<Map<string, string>> {
    const found = await this.batches.find({ _id: { $in: ids } }, { source: 1 }).lean();
    return new Map(found.map(({ _id, source }) => [_id, source.name]));
  }

  async listRejected(batch: string, query: PageQuery): Promise<Page<RejectedRecord>> {
    return pageOf(this.rejected.find({ batch }, { _id: 0 }).sort({ line: 1 }).lean(), query);
  }
}

function asOfNow(batch: Batch): Batch {
  const silent = batch.status === 'receiving' && Date.now() - batch.updatedAt.getTime() > silentMs;
  return silent ? { ...batch, status: 'interrupted' } : batch;
}
