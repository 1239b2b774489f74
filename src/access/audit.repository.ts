import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { type Page, type PageQuery, skipOf } from '../common/page.js';
import { AuditEvent } from './audit-event.schema.js';

@Injectable()
export class AuditRepository {
  constructor(@InjectModel(AuditEvent.name) private readonly events: Model<AuditEvent>) {}

  async add(event: AuditEvent): Promise<void> {
    await this.events.create(event);
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
