import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { ModelCard } from './model-card.js';
import { StoredModelCard } from './model-card.schema.js';

@Injectable()
export class ModelCardsRepository {
  constructor(@InjectModel(StoredModelCard.name) private readonly model: Model<StoredModelCard>) {}

  /** Keeps a version's card. While its run is not over the gate may look again, and the last card counts. */
  async put(id: string, card: ModelCard): Promise<void> {
    await this.model.replaceOne({ _id: id }, { card }, { upsert: true });
  }

  async remove(id: string): Promise<void> {
    await this.model.deleteOne({ _id: id });
  }

  async find(id: string): Promise<ModelCard | null> {
    const found = await this.model.findById(id).lean();
    return found?.card ?? null;
  }
}
