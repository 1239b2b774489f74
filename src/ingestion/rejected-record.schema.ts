import { Prop, raw, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { InputFault } from '../common/errors.js';

/** One row that a batch did not take, kept as it was read. */
export interface RejectedRecord {
  /** Line on which the row starts, counted from 1. */
  readonly line: number;
  readonly reasons: InputFault[];
  /** The row's first 1,000 characters. */
  readonly raw: string;
}

/** Rejected rows that follow one another. What a database takes for a document hardly grows with the rows in it. */
@Schema({ collection: 'rejected_records', versionKey: false })
export class RejectedRecords {
  @Prop({ type: String, required: true })
  batch!: string;

  /** Rejected rows of the batch before these. */
  @Prop({ type: Number, required: true })
  first!: number;

  @Prop({ type: Number, required: true })
  count!: number;

  @Prop({
    type: [
      raw({
        _id: false,
        line: Number,
        reasons: [{ _id: false, path: String, message: String }],
        raw: String,
      }),
    ],
    required: true,
  })
  rows!: RejectedRecord[];
}

export const RejectedRecordsSchema = SchemaFactory.createForClass(RejectedRecords);
RejectedRecordsSchema.index({ batch: 1, first: 1 });
