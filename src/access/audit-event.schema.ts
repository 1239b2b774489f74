import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** One request that changed something, or refusals of one kind within a minute. */
@Schema({ collection: 'audit_events', versionKey: false })
export class AuditEvent {
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: Date, required: true })
  at!: Date;

  /** `nobody` without a valid key. */
  @Prop({ type: String, required: true })
  actor!: string;

  /** The id of the actor's key: names may be alike. */
  @Prop({ type: String, default: null })
  key!: string | null;

  @Prop({ type: String, required: true })
  method!: string;

  /** Without its query. */
  @Prop({ type: String, required: true })
  path!: string;

  @Prop({ type: Number, required: true })
  status!: number;

  /** Of the first one where the event counts several. */
  @Prop({ type: String, required: true })
  requestId!: string;

  /** Of refusals: how many of the kind there were within the minute. */
  @Prop({ type: Number })
  count?: number;

  /** Of refusals: when the last of them was. */
  @Prop({ type: Date })
  lastAt?: Date;
}

export const AuditEventSchema = SchemaFactory.createForClass(AuditEvent);
AuditEventSchema.index({ at: -1 });
AuditEventSchema.index({ actor: 1, at: -1 });
