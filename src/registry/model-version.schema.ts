import { Prop, raw, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Schema as MongooseSchema } from 'mongoose';
import type { Intervals } from '../ml/bootstrap.js';
import type { Metrics } from '../ml/metrics.js';
import type { Thresholds } from './bundle/bundle.js';

export interface Lineage {
  /** The training run that made it. */
  readonly run: string;
  /** Of the snapshot that it was made from. */
  readonly fingerprint: string;
  readonly rows: number;
  readonly contractSha256: string;
  readonly codeVersion: string;
  readonly seed: number;
}

/** Immutable result of a run. */
@Schema({ collection: 'model_versions', versionKey: false })
export class ModelVersion {
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: String, required: true })
  detector!: string;

  @Prop({ type: Number, required: true })
  version!: number;

  /** The candidate that won the run. */
  @Prop({ type: String, required: true })
  candidate!: string;

  @Prop({ type: String, required: true })
  learner!: string;

  /** Name of its bundle in the artifact store. */
  @Prop({ type: String, required: true })
  sha256!: string;

  /** Of the bundle, bytes. */
  @Prop({ type: Number, required: true })
  size!: number;

  /** On the test part. */
  @Prop({ type: MongooseSchema.Types.Mixed, required: true })
  metrics!: Metrics;

  /** 95 % bootstrap intervals of the metrics, by group. */
  @Prop({ type: MongooseSchema.Types.Mixed, required: true })
  intervals!: Intervals;

  @Prop(raw({ suspicious: Number, malicious: Number }))
  thresholds!: Thresholds;

  /** What it takes. */
  @Prop({ type: [{ name: String, type: { type: String }, _id: false }], required: true })
  signature!: { name: string; type: string }[];

  @Prop(
    raw({
      run: String,
      fingerprint: String,
      rows: Number,
      contractSha256: String,
      codeVersion: String,
      seed: Number,
    }),
  )
  lineage!: Lineage;

  @Prop({ type: Date, required: true })
  createdAt!: Date;
}

export const ModelVersionSchema = SchemaFactory.createForClass(ModelVersion);
ModelVersionSchema.index({ detector: 1, version: -1 }, { unique: true });
ModelVersionSchema.index({ 'lineage.run': 1 }, { unique: true });
