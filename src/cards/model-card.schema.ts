import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Schema as MongooseSchema } from 'mongoose';
import type { ModelCard } from './model-card.js';

/** The card of a version as it was when the version was made. */
@Schema({ collection: 'model_cards', versionKey: false, minimize: false })
export class StoredModelCard {
  /** `<detector>/<version>`, as the version's. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: MongooseSchema.Types.Mixed, required: true })
  card!: ModelCard;
}

export const StoredModelCardSchema = SchemaFactory.createForClass(StoredModelCard);
