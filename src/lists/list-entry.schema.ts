import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

export const listNames = ['allow', 'deny'] as const;
export type ListName = (typeof listNames)[number];

/** What an entry is compared with, the most particular first. */
export const matchKinds = ['url', 'host', 'domain', 'suffix'] as const;
export type MatchKind = (typeof matchKinds)[number];

/** An address, or a set of them, on which someone has decided: whatever a model says, it is benign or malicious. */
@Schema({ collection: 'list_entries', versionKey: false })
export class ListEntry {
  /** A digest of match and value: what is decided on twice is decided anew. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: String, enum: listNames, required: true })
  list!: ListName;

  /** The whole address, its host, the domain that someone registered, or the end of a host. */
  @Prop({ type: String, enum: matchKinds, required: true })
  match!: MatchKind;

  /** In canonical spelling. */
  @Prop({ type: String, required: true })
  value!: string;

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
