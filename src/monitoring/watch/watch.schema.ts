import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Schema as MongooseSchema } from 'mongoose';
import type { Baseline, Seen, WatchCheck } from './watch-verdict.js';

/**
 * - `watching`: not over yet.
 * - `passed`, `inconclusive`: the time is up, with enough predictions and without.
 * - `rolled-back`: the version left the band, and the watch went back to the one before.
 * - `failed`: it left the band, and going back was refused.
 * - `superseded`: someone else moved the champion meanwhile.
 */
export const watchStatuses = [
  'watching',
  'passed',
  'inconclusive',
  'rolled-back',
  'failed',
  'superseded',
] as const;
export type WatchStatus = (typeof watchStatuses)[number];

/** The watch over one promotion, so that any replica can go on with it. */
@Schema({ collection: 'watches', versionKey: false })
export class Watch {
  /** Of the promotion in the ledger: `<detector>/<move>`. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: String, required: true })
  detector!: string;

  @Prop({ type: Number, required: true })
  version!: number;

  /** What served before. */
  @Prop({ type: Number, required: true })
  previous!: number;

  @Prop({ type: Date, required: true })
  promotedAt!: Date;

  @Prop({ type: Date, required: true })
  until!: Date;

  @Prop({ type: String, enum: watchStatuses, required: true })
  status!: WatchStatus;

  /** Why it ended. */
  @Prop({ type: String, default: '' })
  reason!: string;

  @Prop({ type: MongooseSchema.Types.Mixed, required: true })
  baseline!: Baseline;

  @Prop({ type: MongooseSchema.Types.Mixed, required: true })
  seen!: Seen;

  /** Predictions from before this moment are counted in `seen`. */
  @Prop({ type: Date, required: true })
  countedUntil!: Date;

  @Prop({ type: [MongooseSchema.Types.Mixed], required: true })
  checks!: WatchCheck[];
}

export const WatchSchema = SchemaFactory.createForClass(Watch);
WatchSchema.index({ detector: 1, promotedAt: -1 });
WatchSchema.index({ status: 1, detector: 1 });
