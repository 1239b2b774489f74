import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { RunEvent, type RunNews } from './run-event.schema.js';

/** Read at once: so much of a story is held for a reader, however slow it is. */
const mostAtOnce = 100;

@Injectable()
export class RunEventsRepository {
  constructor(@InjectModel(RunEvent.name) private readonly events: Model<RunEvent>) {}

  async append(run: string, seq: number, { type, data }: RunNews): Promise<void> {
    await this.events.create({ run, seq, type, data, at: new Date() });
  }

  /** The next events of a run behind number `after`, in their order. */
  after(run: string, after: number): Promise<Omit<RunEvent, 'run'>[]> {
    return this.events
      .find({ run, seq: { $gt: after } }, { _id: 0, run: 0 })
      .sort({ seq: 1 })
      .limit(mostAtOnce)
      .lean();
  }
}
