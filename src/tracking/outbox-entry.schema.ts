import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Schema as MongooseSchema } from 'mongoose';

export const outboxKinds = ['run', 'move'] as const;
/** What is delivered: how a training run ended, or that an alias was moved. */
export type OutboxKind = (typeof outboxKinds)[number];

export const outboxStatuses = ['pending', 'delivered', 'dead'] as const;
export type OutboxStatus = (typeof outboxStatuses)[number];

/** Something to deliver to the tracking server; the run or the move itself is kept in its own room, under `subject`. */
@Schema({ collection: 'outbox', versionKey: false })
export class OutboxEntry {
  /** `<kind>/<subject>`: noted by several processes, it is one entry. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: String, enum: outboxKinds, required: true })
  kind!: OutboxKind;

  /** Id of the training run, or of the ledger's entry. */
  @Prop({ type: String, required: true })
  subject!: string;

  @Prop({ type: String, required: true })
  detector!: string;

  /** When it happened; the entries of a detector are delivered in this order. */
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
OutboxEntrySchema.index({ status: 1, detector: 1, at: 1, _id: 1 });

/** From when on runs and moves are delivered, and up to which move they are noted. */
@Schema({ collection: 'tracking_starts', versionKey: false })
export class TrackingStart {
  @Prop({ type: String, required: true })
  _id!: string;

  /** The first time that a process ran with tracking. */
  @Prop({ type: Date, required: true })
  at!: Date;

  /** The number of each detector's last move that is noted; moves are numbered without a gap. */
  @Prop({ type: MongooseSchema.Types.Mixed, default: {} })
  moves!: Record<string, number>;
}

export const TrackingStartSchema = SchemaFactory.createForClass(TrackingStart);
