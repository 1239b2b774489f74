import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { isDuplicateKey } from '../common/database-failures.js';
import { ScheduleSlot } from './schedule-slot.schema.js';

@Injectable()
export class ScheduleSlotsRepository {
  constructor(@InjectModel(ScheduleSlot.name) private readonly slots: Model<ScheduleSlot>) {}

  find(id: string): Promise<ScheduleSlot | null> {
    return this.slots.findById(id).lean();
  }

  /** Stores a decision. False where another process has decided before. */
  async decide(slot: ScheduleSlot): Promise<boolean> {
    try {
      await this.slots.create(slot);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  latest(detector: string): Promise<ScheduleSlot | null> {
    return this.slots.findOne({ detector }).sort({ at: -1 }).lean();
  }
}
