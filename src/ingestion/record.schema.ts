import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Schema as MongooseSchema } from 'mongoose';
import type { Value } from '../detector/tabular/cells.js';
import type { SplitValue } from '../detector/tabular/split-cells.js';

/** One labelled row. Its `_id` is a digest of what it says, so storing it again changes nothing. */
@Schema({ collection: 'records', versionKey: false })
export class StoredRecord {
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: String, required: true })
  detector!: string;

  /** The batch that stored it first. */
  @Prop({ type: String, required: true })
  batch!: string;

  @Prop({ type: Number, required: true })
  line!: number;

  /** 1 threat, 0 benign. */
  @Prop({ type: Number, required: true, enum: [0, 1] })
  label!: 0 | 1;

  /** Values by feature name; null is missing. */
  @Prop({ type: MongooseSchema.Types.Mixed, required: true })
  row!: Record<string, Value>;

  /** What the contract's split columns held, by name: group or host as text, time in seconds since 1970. */
  @Prop({ type: MongooseSchema.Types.Mixed })
  split?: Record<string, SplitValue>;
}

export const StoredRecordSchema = SchemaFactory.createForClass(StoredRecord);
StoredRecordSchema.index({ detector: 1, batch: 1 });
