import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/**
 * `allow` makes addresses and flows benign, `deny` malicious; `suppress` keeps alerts back for a time and leaves verdicts
 * as they are; `brand` has the names and domains that are one's own.
 */
export const listNames = ['allow', 'deny', 'suppress', 'brand'] as const;
export type ListName = (typeof listNames)[number];

/**
 * What an entry covers: one address, one host, all hosts of a registered domain, all that end so, a network of IP
 * addresses; of flows those between two hosts, those to a service, and a kind of finding; and a name of one's own.
 */
export const matchKinds = [
  'url',
  'host',
  'domain',
  'suffix',
  'network',
  'pair',
  'service',
  'finding',
  'brand',
] as const;
export type MatchKind = (typeof matchKinds)[number];

/** Something on which someone has decided, whatever a model says. */
@Schema({ collection: 'list_entries', versionKey: false })
export class ListEntry {
  /** A digest of what it covers: what is decided on twice is decided anew. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: String, enum: listNames, required: true })
  list!: ListName;

  @Prop({ type: String, enum: matchKinds, required: true })
  match!: MatchKind;

  /** In canonical spelling. */
  @Prop({ type: String, required: true })
  value!: string;

  /** Whether the parameters of an address may come in any order. */
  @Prop({ type: Boolean, default: false })
  anyOrder!: boolean;

  /** The kind of finding that it is about; null for all that its hosts do. */
  @Prop({ type: String, default: null })
  finding!: string | null;

  /** Registered domains of a brand. */
  @Prop({ type: [String], default: [] })
  domains!: string[];

  @Prop({ type: String, default: '' })
  note!: string;

  @Prop({ type: String, required: true })
  author!: string;

  @Prop({ type: Date, required: true })
  createdAt!: Date;

  @Prop({ type: Date, default: null })
  expiresAt!: Date | null;

  /** When it was taken from the list; the entry stays, so that other processes hear of it. */
  @Prop({ type: Date, default: null })
  removedAt!: Date | null;

  @Prop({ type: String, default: null })
  removedBy!: string | null;

  /** Of the last change, by the database's clock. */
  @Prop({ type: Date, required: true })
  changedAt!: Date;
}

export const ListEntrySchema = SchemaFactory.createForClass(ListEntry);
ListEntrySchema.index({ changedAt: 1 });
ListEntrySchema.index({ removedAt: 1, createdAt: -1 });
