import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

export const outboxKinds = ['run', 'move'] as const;
/** What is told: how a training run ended, or that an alias was moved. */
export type OutboxKind = (typeof outboxKinds)[number];

export const outboxStatuses = ['pending', 'delivered', 'dead'] as const;
export type OutboxStatus = (typeof outboxStatuses)[number];

/** Something that the tracking server is to hear of; what it is stands where it happened, under `subject`. */
@Schema({ collection: 'outbox', versionKey: false })
export class OutboxEntry {
  /** `<kind>/<subject>`: whoever notes it, it is noted once. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: String, enum: outboxKinds, required: true })
  kind!: OutboxKind;

  /** Id of the training run, or of the ledger's entry. */
  @Prop({ type: String, required: true })
  subject!: string;

  @Prop({ type: String, required: true })
  detector!: string;

  /** When it happened; entries are delivered in this order. */
  @Prop({ type: Date, required: true })
  at!: Date;

  @Prop({ type: String, enum: outboxStatuses, required: true })
  status!: OutboxStatus;

  /** Deliveries that failed although the server was well. */
  @Prop({ type: Number, required: true })
  attempts!: number;

  @Prop({ type: Date, required: true })
  nextAt!: Date;

  @Prop({ type: String, default: null })
  error!: string | null;

  /** The page that shows it. */
  @Prop({ type: String, default: null })
  url!: string | null;

  @Prop({ type: Date, default: null })
  deliveredAt!: Date | null;
}

export const OutboxEntrySchema = SchemaFactory.createForClass(OutboxEntry);
OutboxEntrySchema.index({ status: 1, at: 1, _id: 1 });
OutboxEntrySchema.index({ at: -1 });

/** From when on events are told: the first time that a process ran with tracking. */
@Schema({ collection: 'tracking_starts', versionKey: false })
export class TrackingStart {
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: Date, required: true })
  at!: Date;
}

export const TrackingStartSchema = SchemaFactory.createForClass(TrackingStart);
