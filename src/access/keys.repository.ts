import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { type Page, pageOf, type PageQuery } from '../common/page.dto.js';
import { KeyUnknownError } from './access.errors.js';
import { ApiKey } from './api-key.schema.js';

@Injectable()
export class KeysRepository {
  constructor(@InjectModel(ApiKey.name) private readonly keys: Model<ApiKey>) {}

  async add(key: ApiKey): Promise<void> {
    await this.keys.create(key);
  }

  find(id: string): Promise<ApiKey | null> {
    return this.keys.findById(id).lean();
  }

  async hasAnyBy(actor: string): Promise<boolean> {
    return (await this.keys.exists({ createdBy: actor })) !== null;
  }

  /** Newest first, revoked ones included. */
  async list(query: PageQuery): Promise<Page<ApiKey>> {
    return pageOf(this.keys.find().sort({ createdAt: -1 }).lean(), query);
  }

  /** Revoking twice keeps the first time. @throws KeyUnknownError */
  async revoke(id: string): Promise<ApiKey> {
    await this.keys.updateOne({ _id: id, revokedAt: null }, { $set: { revokedAt: new Date() } });
    const key = await this.find(id);
    if (!key) throw new KeyUnknownError(id);
    return key;
  }

  async used(id: string, at: Date): Promise<void> {
    await this.keys.updateOne({ _id: id }, { $set: { lastUsedAt: at } });
  }
}
