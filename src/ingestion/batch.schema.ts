import { Prop, raw, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { LeftOutColumn, ReadColumn } from '../detector/tabular/columns.js';
import type { Encoding } from './readers/text-source.js';

export const batchStatuses = ['receiving', 'complete', 'interrupted'] as const;
export type BatchStatus = (typeof batchStatuses)[number];

/** One ingestion of records. */
@Schema({ collection: 'batches', versionKey: false })
export class Batch {
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: String, required: true })
  detector!: string;

  /** `receiving` without progress for a minute means that its process died: such a batch counts as interrupted. */
  @Prop({ type: String, enum: batchStatuses, required: true })
  status!: BatchStatus;

  /** `licence`: under which the rows may be used, where whoever pushed them said so. */
  @Prop(raw({ name: String, licence: String, format: String, bytes: Number, sha256: String }))
  source!: { name: string; licence?: string; format: string; bytes: number; sha256: string | null };

  /** Rows read. */
  @Prop({ type: Number, required: true })
  read!: number;

  /** Rows stored by this batch. */
  @Prop({ type: Number, required: true })
  stored!: number;

  /** Rows that were there already. */
  @Prop({ type: Number, required: true })
  known!: number;

  @Prop({ type: Number, required: true })
  rejected!: number;

  /** What the rows were read as where it is not UTF-8. */
  @Prop({ type: String })
  encoding?: Encoding;

  /** What stood between the cells of CSV where it was no comma. */
  @Prop({ type: String })
  delimiter?: string;

  /** Columns that are called otherwise than in the contract; absent where there are none. */
  @Prop({ type: [raw({ _id: false, name: String, column: String })], default: undefined })
  columns?: readonly ReadColumn[];

  /** Columns that were read over; absent where all are read. */
  @Prop({ type: [raw({ _id: false, column: String, why: String })], default: undefined })
  leftOut?: readonly LeftOutColumn[];

  /** What there is to say of the input as a whole; absent where that is nothing. */
  @Prop({ type: [String], default: undefined })
  warnings?: string[];

  @Prop({ type: Date, required: true })
  createdAt!: Date;

  @Prop({ type: Date, required: true })
  updatedAt!: Date;
}

export const BatchSchema = SchemaFactory.createForClass(Batch);
BatchSchema.index({ detector: 1, createdAt: -1 });
