import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Model, mongo } from 'mongoose';
import { type Page, type PageQuery, skipOf } from '../common/page.js';
import { type Description, ModelVersion, type Tag } from './model-version.schema.js';
import { VersionUnknownError } from './registry.errors.js';
import { type VersionFilter, versionQuery } from './version-filter.js';

@Injectable()
export class VersionsRepository {
  constructor(@InjectModel(ModelVersion.name) private readonly model: Model<ModelVersion>) {}

  /** Adds a version, or gives back the one that its run has made already. */
  async add(version: ModelVersion): Promise<ModelVersion> {
    try {
      await this.model.create(version);
      return version;
    } catch (error) {
      if (!(error instanceof mongo.MongoServerError && error.code === 11000)) throw error;
      const made = await this.madeBy(version.lineage.run);
      if (!made) throw error;
      return made;
    }
  }

  /** @throws VersionUnknownError */
  async get(detector: string, version: number): Promise<ModelVersion> {
    const found = await this.model.findOne({ detector, version }).lean();
    if (!found) throw new VersionUnknownError(detector, version);
    return found;
  }

  /** Whether a version, of whichever detector, points to this bundle. */
  async isNamed(sha256: string): Promise<boolean> {
    return (await this.model.exists({ sha256 })) !== null;
  }

  madeBy(run: string): Promise<ModelVersion | null> {
    return this.model.findOne({ 'lineage.run': run }).lean();
  }

  /** The first version that has this bundle. */
  withBundle(detector: string, sha256: string): Promise<ModelVersion | null> {
    return this.model.findOne({ detector, sha256 }).sort({ version: 1 }).lean();
  }

  async list(detector: string, query: PageQuery & VersionFilter): Promise<Page<ModelVersion>> {
    const filter = versionQuery(detector, query);
    const [items, total] = await Promise.all([
      this.model.find(filter).sort({ version: -1 }).skip(skipOf(query)).limit(query.pageSize).lean(),
      this.model.countDocuments(filter),
    ]);
    return { items, page: query.page, pageSize: query.pageSize, total };
  }

  /** Adds a tag, or replaces the one of its key. */
  async tag(id: string, tag: Tag): Promise<void> {
    const replaced = await this.model.updateOne(
      { _id: id, 'tags.key': tag.key },
      { $set: { 'tags.$': tag } },
    );
    if (replaced.matchedCount > 0) return;
    const added = await this.model.updateOne(
      { _id: id, 'tags.key': { $ne: tag.key } },
      { $push: { tags: tag } },
    );
    // Someone else added the key in between: theirs is there to be replaced now.
    if (added.matchedCount === 0) await this.tag(id, tag);
  }

  async untag(id: string, key: string): Promise<void> {
    await this.model.updateOne({ _id: id }, { $pull: { tags: { key } } });
  }

  async setDescription(id: string, description: Description): Promise<void> {
    await this.model.updateOne({ _id: id }, { $set: { description } });
  }
}
