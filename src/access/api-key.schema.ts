import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { type Role, roles } from './roles.js';

/** An API key without its secret, which nobody has but its owner. */
@Schema({ collection: 'api_keys', versionKey: false })
export class ApiKey {
  /** The public part of the key. */
  @Prop({ type: String, required: true })
  _id!: string;

  /** What it is for; the actor of what is done with it. */
  @Prop({ type: String, required: true })
  name!: string;

  @Prop({ type: String, enum: roles, required: true })
  role!: Role;

  /** Detectors that it may use; null for all. */
  @Prop({ type: [String], default: null })
  detectors!: string[] | null;

  /** Of the secret. */
  @Prop({ type: String, required: true })
  digest!: string;

  @Prop({ type: String, required: true })
  createdBy!: string;

  @Prop({ type: Date, required: true })
  createdAt!: Date;

  @Prop({ type: Date, default: null })
  expiresAt!: Date | null;

  @Prop({ type: Date, default: null })
  revokedAt!: Date | null;

  /** To the minute. */
  @Prop({ type: Date, default: null })
  lastUsedAt!: Date | null;
}

export const ApiKeySchema = SchemaFactory.createForClass(ApiKey);
ApiKeySchema.index({ createdAt: -1 });
