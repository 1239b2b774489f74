import { Prop, raw, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Schema as MongooseSchema } from 'mongoose';
import type { Value } from '../../detector/tabular/cells.js';
import { type Context, contexts } from '../../detector/kind.js';
import type { ModelVerdict, RequestPlace } from '../../prediction/scored-item.js';
import { type DecidedBy, deciders, type ServedBy, servers } from '../../prediction/verdict.js';
import { type VerdictName, verdicts } from '../../registry/bundle/scoring-model.js';

/** What a person knows of a record that was scored. */
export interface Feedback {
  /** 1 threat, 0 benign. */
  readonly label: 0 | 1;
  readonly at: Date;
  readonly by: string;
  readonly note: string | null;
}

/** An item that was scored, its verdict, and what became known of it. */
@Schema({ collection: 'predictions', versionKey: false })
export class Prediction {
  /** The verdict's id. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: String, required: true })
  detector!: string;

  @Prop({ type: Date, required: true })
  at!: Date;

  /** That scored it. */
  @Prop({ type: Number, required: true })
  version!: number;

  /** `challenger`: scored by a canary. */
  @Prop({ type: String, enum: servers, required: true })
  servedBy!: ServedBy;

  /** Of threat. */
  @Prop({ type: Number, required: true })
  probability!: number;

  @Prop({ type: String, enum: verdicts, required: true })
  verdict!: VerdictName;

  /** What the version said by itself. Predictions of older releases have `verdict` alone. */
  @Prop({ type: String, enum: verdicts, default: null })
  modelVerdict!: VerdictName;

  /** Who had the last word on `verdict`. */
  @Prop({ type: String, enum: deciders, default: 'model' })
  decidedBy!: DecidedBy;

  /** Id of the list entry that decided. */
  @Prop({ type: String, default: null })
  entry!: string | null;

  /** What else was known of the item. */
  @Prop({ type: String, enum: contexts, default: 'alone' })
  context!: Context;

  /** Its place in a request whose items were each other's context. */
  @Prop({ type: MongooseSchema.Types.Mixed, default: null })
  request!: RequestPlace | null;

  /** The item, one value a column of the contract's records. */
  @Prop({ type: MongooseSchema.Types.Mixed, required: true })
  values!: readonly Value[];

  /** What the challenger in the shadow said by itself; null where none kept up. */
  @Prop({ type: MongooseSchema.Types.Mixed, default: null })
  shadow!: ModelVerdict | null;

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
/** The other items of a request; few detectors have any. */
PredictionSchema.index({ 'request.id': 1 }, { partialFilterExpression: { 'request.id': { $exists: true } } });
/** Few have feedback. */
PredictionSchema.index(
  { detector: 1, version: 1, 'feedback.label': 1, at: -1 },
  { partialFilterExpression: { 'feedback.label': { $exists: true } } },
);
