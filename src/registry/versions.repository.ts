import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { type Page, type PageQuery, skipOf } from '../common/page.js';
import { ModelVersion } from './model-version.schema.js';
import { VersionUnknownError } from './registry.errors.js';

@Injectable()
export class VersionsRepository {
  constructor(@InjectModel(ModelVersion.name) private readonly model: Model<ModelVersion>) {}

  async add(version: ModelVersion): Promise<ModelVersion> {
    await this.model.create(version);
    return version;
  }

  /** @throws VersionUnknownError */
  async get(detector: string, version: number): Promise<ModelVersion> {
    const found = await this.model.findOne({ detector, version }).lean();
    if (!found) throw new VersionUnknownError(detector, version);
    return found;
  }

  async list(detector: string, query: PageQuery): Promise<Page<ModelVersion>> {
    const [items, total] = await Promise.all([
      this.model.find({ detector }).sort({ version: -1 }).skip(skipOf(query)).limit(query.pageSize).lean(),
      this.model.countDocuments({ detector }),
    ]);
    return { items, page: query.page, pageSize: query.pageSize, total };
  }
}
