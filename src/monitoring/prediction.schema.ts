import { Prop, raw, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Schema as MongooseSchema } from 'mongoose';
import type { Value } from '../detector/tabular/cells.js';
import { type ServedBy, servers, type ShadowVerdict } from '../prediction/scored.js';
import { type VerdictName, verdicts } from '../registry/bundle/scoring-model.js';

/** What a person knows of a record that was scored. */
export interface Feedback {
  /** 1 threat, 0 benign. */
  readonly label: 0 | 1;
  readonly at: Date;
  readonly by: string;
  readonly note: string | null;
}

/** A record that was scored, the answer that it got, and what became known of it. */
@Schema({ collection: 'predictions', versionKey: false })
export class Prediction {
  /** The verdict's id. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: String, required: true })
  detector!: string;

  @Prop({ type: Date, required: true })
  at!: Date;

  /** That answered. */
  @Prop({ type: Number, required: true })
  version!: number;

  /** `challenger`: a canary's answer. */
  @Prop({ type: String, enum: servers, required: true })
  servedBy!: ServedBy;

  /** Of threat. */
  @Prop({ type: Number, required: true })
  probability!: number;

  @Prop({ type: String, enum: verdicts, required: true })
  verdict!: VerdictName;

  /** The record, one value a column of the contract's records. */
  @Prop({ type: MongooseSchema.Types.Mixed, required: true })
  values!: readonly Value[];

  /** The other version's silent answer, where one was asked for. */
  @Prop({ type: MongooseSchema.Types.Mixed, default: null })
  shadow!: ShadowVerdict | null;

  @Prop({ type: MongooseSchema.Types.Mixed, default: null })
  feedback!: Feedback | null;

  /** Feedback that was replaced, the latest last. */
  @Prop({
    type: [raw({ label: Number, at: Date, by: String, note: String, _id: false })],
    default: undefined,
  })
  earlierFeedback?: Feedback[];
}

export const PredictionSchema = SchemaFactory.createForClass(Prediction);
/** The latest of a detector, windows of time, and retention. */
PredictionSchema.index({ detector: 1, at: -1 });
PredictionSchema.index({ detector: 1, version: 1, at: -1 });
/** Few have feedback. */
PredictionSchema.index(
  { detector: 1, version: 1, 'feedback.label': 1, at: -1 },
  { partialFilterExpression: { 'feedback.label': { $exists: true } } },
);
