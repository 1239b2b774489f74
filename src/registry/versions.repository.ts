import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Model, mongo } from 'mongoose';
import { type Page, pageOf, type PageQuery } from '../common/page.dto.js';
import { type Description, ModelVersion, type Pruned, type Tag } from './model-version.schema.js';
import { VersionPrunedError, VersionUnknownError } from './registry.errors.js';
import { type VersionFilter, versionQuery } from './version-filter.js';

/** Versions with a tag of this key are never pruned. */
export const keepTag = 'keep';

/** A version as far as it matters for whether it is kept. */
export type WholeVersion = Pick<
  ModelVersion,
  '_id' | 'version' | 'sha256' | 'size' | 'tags' | 'createdAt'
> & {
  readonly lineage: Pick<ModelVersion['lineage'], 'run'>;
};

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

  /** A version that an alias may be moved to. @throws VersionUnknownError, VersionPrunedError */
  async movable(detector: string, version: number): Promise<ModelVersion> {
    const found = await this.get(detector, version);
    if (found.pruned || found.pruning !== undefined) throw new VersionPrunedError(found);
    return found;
  }

  /** Whether a version, of whichever detector, points to this bundle and was not pruned. */
  async isNamed(sha256: string): Promise<boolean> {
    return (await this.model.exists({ sha256, pruned: null })) !== null;
  }

  madeBy(run: string): Promise<ModelVersion | null> {
    return this.model.findOne({ 'lineage.run': run }).lean();
  }

  /** The first version that has this bundle and was not pruned. */
  withBundle(detector: string, sha256: string): Promise<ModelVersion | null> {
    return this.model.findOne({ detector, sha256, pruned: null }).sort({ version: 1 }).lean();
  }

  /** How many versions that had this bundle were pruned. */
  countPruned(detector: string, sha256: string): Promise<number> {
    return this.model.countDocuments({ detector, sha256, pruned: { $ne: null } });
  }

  /** All versions of a detector but those that were pruned, newest first. */
  whole(detector: string): Promise<WholeVersion[]> {
    return this.model
      .find(
        { detector, pruned: null },
        { version: 1, sha256: 1, size: 1, tags: 1, createdAt: 1, 'lineage.run': 1 },
      )
      .sort({ version: -1 })
      .lean<WholeVersion[]>();
  }

  /** Says of versions that a sweep is about to prune them. */
  async markForPruning(detector: string, versions: readonly number[], sweep: string): Promise<void> {
    const whole = { detector, version: { $in: versions }, pruned: null, 'tags.key': { $ne: keepTag } };
    await this.model.updateMany(whole, { $set: { pruning: sweep } });
  }

  /** Prunes the versions that still have a sweep's mark. */
  async prune(detector: string, sweep: string, pruned: Pruned): Promise<void> {
    const marked = { detector, pruning: sweep, pruned: null, 'tags.key': { $ne: keepTag } };
    await this.model.updateMany(marked, { $set: { pruned } });
  }

  /** Takes the marks off the versions that were not pruned: a sweep's own, or those that any sweep has left. */
  async unmark(detector: string, sweep?: string): Promise<void> {
    const pruning = sweep ?? { $ne: null };
    await this.model.updateMany({ detector, pruning, pruned: null }, { $unset: { pruning: 1 } });
  }

  /** Pruned versions of which the bundle or the card may be there yet. */
  halfPruned(detector: string): Promise<ModelVersion[]> {
    return this.model.find({ detector, pruning: { $ne: null }, pruned: { $ne: null } }).lean();
  }

  /** Notes that nothing is left of a pruned version but its row. */
  async prunedWhole(id: string): Promise<void> {
    await this.model.updateOne({ _id: id, pruned: { $ne: null } }, { $unset: { pruning: 1 } });
  }

  async list(detector: string, query: PageQuery & VersionFilter): Promise<Page<ModelVersion>> {
    const filter = versionQuery(detector, query);
    return pageOf(this.model.find(filter).sort({ version: -1 }).lean(), query);
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
