import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, mongo } from 'mongoose';
import { type Page, pageOf, type PageQuery } from '../common/page.dto.js';
import { Batch } from './batch.schema.js';
import { BatchUnknownError } from './ingestion.errors.js';
import { type RejectedRecord, RejectedRecords } from './rejected-record.schema.js';

/** A batch that made no progress for this long has lost its process. */
const silentMs = 60_000;

/** Rejected rows in one document: with all their reasons far below what a document may hold. */
const rowsInDocument = 200;

@Injectable()
export class BatchesRepository {
  constructor(
    @InjectModel(Batch.name) private readonly batches: Model<Batch>,
    @InjectModel(RejectedRecords.name) private readonly rejected: Model<RejectedRecords>,
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

  /**
   * Past Mongoose, which would cast each of the rows.
   * @param first rejected rows of the batch before these
   */
  async addRejected(batch: string, first: number, rows: readonly RejectedRecord[]): Promise<void> {
    if (rows.length === 0) return;
    const documents: RejectedRecords[] = [];
    for (let at = 0; at < rows.length; at += rowsInDocument) {
      const some = rows.slice(at, at + rowsInDocument);
      documents.push({ batch, first: first + at, count: some.length, rows: some });
    }
    const collection = this.rejected.collection as unknown as mongo.Collection<RejectedRecords>;
    await collection.insertMany(documents);
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
  async sources(ids: readonly string[]): Promise<Map<string, Pick<Batch['source'], 'name' | 'licence'>>> {
    const found = await this.batches.find({ _id: { $in: ids } }, { source: 1 }).lean();
    return new Map(found.map(({ _id, source }) => [_id, source]));
  }

  async listRejected(batch: string, query: PageQuery): Promise<Page<RejectedRecord & { batch: string }>> {
    const from = (query.page - 1) * query.pageSize;
    const to = from + query.pageSize;
    const [documents, last] = await Promise.all([
      this.rejected
        .find({ batch, first: { $gt: from - rowsInDocument, $lt: to } })
        .sort({ first: 1 })
        .lean(),
      this.rejected.findOne({ batch }, { first: 1, count: 1 }).sort({ first: -1 }).lean(),
    ]);
    if (!last) return this.listSingles(batch, query);
    const items = documents.flatMap(({ first, rows }) =>
      rows.slice(Math.max(0, from - first), to - first).map((row) => ({ batch, ...row })),
    );
    return { items, page: query.page, pageSize: query.pageSize, total: last.first + last.count };
  }

  /** Batches of older releases have a document a row. */
  private async listSingles(
    batch: string,
    { page, pageSize }: PageQuery,
  ): Promise<Page<RejectedRecord & { batch: string }>> {
    const rows = this.rejected.collection as unknown as mongo.Collection<RejectedRecord & { batch: string }>;
    const singles = { batch, line: { $exists: true } };
    const found = rows.find(singles, { projection: { _id: 0 } }).sort({ line: 1 });
    const items = await found
      .skip((page - 1) * pageSize)
      .limit(pageSize)
      .toArray();
    return { items, page, pageSize, total: await rows.countDocuments(singles) };
  }
}

function asOfNow(batch: Batch): Batch {
  const silent = batch.status === 'receiving' && Date.now() - batch.updatedAt.getTime() > silentMs;
  return silent ? { ...batch, status: 'interrupted' } : batch;
}
