import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { type Page, type PageQuery, skipOf } from '../common/page.js';
import { AuditEvent } from './audit-event.schema.js';
import type { CountedEvent } from './refusal-tally.js';

@Injectable()
export class AuditRepository {
  constructor(@InjectModel(AuditEvent.name) private readonly events: Model<AuditEvent>) {}

  async add(event: AuditEvent): Promise<void> {
    await this.events.create(event);
  }

  /** Adds to the count of an event, which is made where there is none of its id. */
  async addTo({ _id, count, lastAt, ...event }: CountedEvent): Promise<void> {
    await this.events.updateOne(
      { _id },
      { $setOnInsert: event, $inc: { count }, $max: { lastAt } },
      { upsert: true },
    );
  }

  /** Newest first. */
  async list({ actor, ...query }: PageQuery & { actor?: string }): Promise<Page<AuditEvent>> {
    const filter = actor === undefined ? {} : { actor };
    const [items, total] = await Promise.all([
      this.events.find(filter).sort({ at: -1 }).skip(skipOf(query)).limit(query.pageSize).lean(),
      this.events.countDocuments(filter),
    ]);
    return { items, page: query.page, pageSize: query.pageSize, total };
  }
}
