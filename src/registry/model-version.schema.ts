import { Prop, raw, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Schema as MongooseSchema } from 'mongoose';
import type { Intervals } from '../ml/bootstrap.js';
import { metricNames, type Metrics } from '../ml/metrics.js';
import type { Thresholds } from './bundle/bundle.js';

/** Where a version came from. What an imported bundle does not say is null. */
export interface Lineage {
  /** What made it: the id of a training run, or `import/<detector>/<sha256>`. Each makes one version at most. */
  readonly run: string;
  /** Of the snapshot that it was made from. */
  readonly fingerprint: string | null;
  readonly rows: number;
  readonly contractSha256: string;
  /** The program's version. */
  readonly codeVersion: string | null;
  /** Of the code that makes models; absent where the version is older than this member. */
  readonly codeSha256?: string | null;
  readonly seed: number | null;
  readonly imported?: Imported;
}

/** How a bundle came here that was made elsewhere. */
export interface Imported {
  /** Where it comes from, in the importer's words. */
  readonly source: string;
  /** Its number there, where the importer named it. */
  readonly version: number | null;
  readonly sha256: string;
  /** Who imported it. */
  readonly by: string;
}

/** A word on a version, such as `team: fraud`. */
export interface Tag {
  readonly key: string;
  readonly value: string;
  readonly by: string;
  readonly at: Date;
}

export interface Description {
  readonly text: string;
  readonly by: string;
  readonly at: Date;
}

/** Why there is nothing left of a version but its row. */
export interface Pruned {
  readonly at: Date;
  readonly by: string;
  readonly reason: string;
}

/**
 * Immutable result of a run but for its tags and its description. One that was pruned stays as a row without a
 * bundle, so that its number is never given again and the ledger still explains itself.
 */
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
      codeSha256: String,
      seed: Number,
      imported: MongooseSchema.Types.Mixed,
    }),
  )
  lineage!: Lineage;

  @Prop({ type: [{ key: String, value: String, by: String, at: Date, _id: false }], default: undefined })
  tags?: Tag[];

  @Prop({ type: MongooseSchema.Types.Mixed })
  description?: Description;

  /**
   * The sweep that is about to prune it, or has not come to the end of it: no alias may be moved to it meanwhile.
   */
  @Prop({ type: String })
  pruning?: string;

  @Prop({ type: MongooseSchema.Types.Mixed })
  pruned?: Pruned;

  @Prop({ type: Date, required: true })
  createdAt!: Date;
}

export const ModelVersionSchema = SchemaFactory.createForClass(ModelVersion);
ModelVersionSchema.index({ detector: 1, version: -1 }, { unique: true });
ModelVersionSchema.index({ 'lineage.run': 1 }, { unique: true });
ModelVersionSchema.index({ sha256: 1, detector: 1 });
ModelVersionSchema.index({ detector: 1, createdAt: -1 });
ModelVersionSchema.index({ detector: 1, candidate: 1, version: -1 });
ModelVersionSchema.index({ detector: 1, 'tags.key': 1, 'tags.value': 1 });
for (const name of metricNames) ModelVersionSchema.index({ detector: 1, [`metrics.${name}`]: -1 });
