import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Schema as MongooseSchema } from 'mongoose';

export const runEventTypes = ['status', 'stage', 'progress'] as const;
export type RunEventType = (typeof runEventTypes)[number];

/** What a run says while it goes on. */
export interface RunNews {
  readonly type: RunEventType;
  readonly data: object;
}

const keptSeconds = 7 * 24 * 3600;

/** One entry of a run's story, for those who watch it from any process. */
@Schema({ collection: 'run_events', versionKey: false })
export class RunEvent implements RunNews {
  @Prop({ type: String, required: true })
  run!: string;

  /** Rises with each event of the run; some numbers may be missing. */
  @Prop({ type: Number, required: true })
  seq!: number;

  @Prop({ type: String, enum: runEventTypes, required: true })
  type!: RunEventType;

  @Prop({ type: MongooseSchema.Types.Mixed, required: true })
  data!: object;

  @Prop({ type: Date, required: true })
  at!: Date;
}

export const RunEventSchema = SchemaFactory.createForClass(RunEvent);
RunEventSchema.index({ run: 1, seq: 1 }, { unique: true });
RunEventSchema.index({ at: 1 }, { expireAfterSeconds: keptSeconds });
