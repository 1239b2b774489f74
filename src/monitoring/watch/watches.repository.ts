import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { isDuplicateKey } from '../../common/database-failures.js';
import { Watch } from './watch.schema.js';

@Injectable()
export class WatchesRepository {
  constructor(@InjectModel(Watch.name) private readonly watches: Model<Watch>) {}

  /** Begins a watch, unless the promotion has one. */
  async open(watch: Watch): Promise<void> {
    try {
      await this.watches.create(watch);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  /** The watches of a detector that are not over. */
  running(detector: string): Promise<Watch[]> {
    return this.watches.find({ status: 'watching', detector }).lean();
  }

  /** The watch over the last promotion that was watched. */
  latest(detector: string): Promise<Watch | null> {
    return this.watches.findOne({ detector }).sort({ promotedAt: -1 }).lean();
  }

  /** Goes on with a watch; false when another replica did meanwhile, and what is counted here would count twice. */
  async advance(
    { _id, countedUntil }: Watch,
    next: Pick<Watch, 'seen' | 'countedUntil' | 'checks'>,
  ): Promise<boolean> {
    const { matchedCount } = await this.watches.updateOne(
      { _id, countedUntil, status: 'watching' },
      { $set: next },
    );
    return matchedCount === 1;
  }

  async end({ _id }: Watch, status: Watch['status'], reason: string): Promise<void> {
    await this.watches.updateOne({ _id, status: 'watching' }, { $set: { status, reason } });
  }
}
