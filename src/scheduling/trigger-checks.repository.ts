import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { TriggerCheck } from './trigger-check.schema.js';

@Injectable()
export class TriggerChecksRepository {
  constructor(@InjectModel(TriggerCheck.name) private readonly checks: Model<TriggerCheck>) {}

  find(detector: string): Promise<TriggerCheck | null> {
    return this.checks.findById(detector).lean();
  }

  /** Keeps the last check of each detector. */
  async save({ _id, ...found }: TriggerCheck): Promise<void> {
    await this.checks.updateOne({ _id }, { $set: found }, { upsert: true });
  }
}
