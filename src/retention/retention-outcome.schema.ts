import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Schema as MongooseSchema } from 'mongoose';
import type { RetentionPolicy } from '../config/environment.js';
import type { VersionDecision } from './version-decisions.js';

/** What goes of one kind. */
export interface Freed {
  readonly count: number;
  /** As stored, before the database compresses it; of predictions estimated from the latest. */
  readonly bytes: number;
}

/** What the policy comes to for one detector. */
export interface DetectorRetention {
  readonly detector: string;
  /** Every version that was not pruned before, newest first. */
  readonly decisions: readonly VersionDecision[];
  readonly versions: Freed;
  readonly runs: Freed;
  readonly predictions: Freed;
}

/** What the policy deletes, or would delete. */
export interface RetentionOutcome {
  readonly dryRun: boolean;
  readonly at: Date;
  readonly by: string;
  readonly policy: RetentionPolicy;
  readonly detectors: readonly DetectorRetention[];
}

/** The last time that the policy was applied. */
@Schema({ collection: 'retention_outcomes', versionKey: false, minimize: false })
export class LastRetention {
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: MongooseSchema.Types.Mixed, required: true })
  outcome!: RetentionOutcome;
}

export const LastRetentionSchema = SchemaFactory.createForClass(LastRetention);
