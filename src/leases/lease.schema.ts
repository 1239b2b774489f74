import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** The right of one process to do something that only one may do at a time, until a moment. */
@Schema({ collection: 'leases', versionKey: false })
export class Lease {
  /** What may be done, for instance `training/phishing-website`. */
  @Prop({ type: String, required: true })
  _id!: string;

  /** The process that holds it, or held it last. */
  @Prop({ type: String, required: true })
  owner!: string;

  /**
   * The fencing token: rises with each new holder and never falls. What a holder writes carries it, so that one
   * who slept through the end of its lease is distinguished from its successor.
   */
  @Prop({ type: Number, required: true })
  token!: number;

  @Prop({ type: Date, required: true })
  expiresAt!: Date;
}

export const LeaseSchema = SchemaFactory.createForClass(Lease);

/** A lease as its holder knows it. */
export type HeldLease = Pick<Lease, '_id' | 'owner' | 'token'>;
