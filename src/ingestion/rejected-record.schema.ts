import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { InputFault } from '../common/errors.js';

/** One row that a batch did not take, kept as it was read. */
@Schema({ collection: 'rejected_records', versionKey: false })
export class RejectedRecord {
  @Prop({ type: String, required: true })
  batch!: string;

  /** Line on which the row starts, counted from 1. */
  @Prop({ type: Number, required: true })
  line!: number;

  @Prop({ type: [{ path: String, message: String, _id: false }], required: true })
  reasons!: InputFault[];

  /** The row's first 1,000 characters. */
  @Prop({ type: String, default: '' })
  raw!: string;
}

export const RejectedRecordSchema = SchemaFactory.createForClass(RejectedRecord);
RejectedRecordSchema.index({ batch: 1, line: 1 });
