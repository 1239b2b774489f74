import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { RegistryModule } from '../registry/registry.module.js';
import { CardsController } from './cards.controller.js';
import { CardsService } from './cards.service.js';
import { StoredModelCard, StoredModelCardSchema } from './model-card.schema.js';
import { ModelCardsRepository } from './model-cards.repository.js';

@Module({
  imports: [
    RegistryModule,
    MongooseModule.forFeature([{ name: StoredModelCard.name, schema: StoredModelCardSchema }]),
  ],
  controllers: [CardsController],
  providers: [CardsService, ModelCardsRepository],
  exports: [CardsService],
})
export class CardsModule {}
