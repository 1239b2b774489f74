import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { ListChangesService } from './list-changes.service.js';
import { ListEntry, ListEntrySchema } from './list-entry.schema.js';
import { ListImportService } from './list-import.service.js';
import { ListsController } from './lists.controller.js';
import { ListsRepository } from './lists.repository.js';
import { ListsService } from './lists.service.js';

@Module({
  imports: [MongooseModule.forFeature([{ name: ListEntry.name, schema: ListEntrySchema }])],
  controllers: [ListsController],
  providers: [ListsRepository, ListsService, ListChangesService, ListImportService],
  exports: [ListsService, ListChangesService, ListImportService],
})
export class ListsModule {}
