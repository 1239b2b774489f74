import { Prop, raw, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Schema as MongooseSchema } from 'mongoose';
import type { RunTrigger } from '../runs/training-run.schema.js';
import type { DriftSample } from './drift-samples.service.js';

/** Something that asked for a run and did not get one. */
export type HeldTrigger = RunTrigger & { readonly reason: string };

/** What the last look for records and drift of a detector has found. */
@Schema({ collection: 'trigger_checks', versionKey: false })
export class TriggerCheck {
  /** The detector. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: Date, required: true })
  at!: Date;

  @Prop({
    type: [raw({ of: String, rows: Number, drifted: Number, features: Number, share: Number, _id: false })],
    required: true,
  })
  drift!: DriftSample[];

  @Prop({ type: MongooseSchema.Types.Mixed, default: null })
  held!: HeldTrigger | null;
}

export const TriggerCheckSchema = SchemaFactory.createForClass(TriggerCheck);
