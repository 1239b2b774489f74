import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { type Page, pageOf, type PageQuery } from '../common/page.dto.js';
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
    return pageOf(this.events.find(filter).sort({ at: -1 }).lean(), query);
  }
}
