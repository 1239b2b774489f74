import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { ListEntry, ListEntrySchema } from './list-entry.schema.js';
import { ListsController } from './lists.controller.js';
import { ListsRepository } from './lists.repository.js';
import { ListsService } from './lists.service.js';

@Module({
  imports: [MongooseModule.forFeature([{ name: ListEntry.name, schema: ListEntrySchema }])],
  controllers: [ListsController],
  providers: [ListsRepository, ListsService],
  exports: [ListsService],
})
export class ListsModule {}
