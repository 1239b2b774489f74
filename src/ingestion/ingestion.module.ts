import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { DetectorModule } from '../detector/detector.module.js';
import { Batch, BatchSchema } from './batch.schema.js';
import { BatchesRepository } from './batches.repository.js';
import { DataController } from './data.controller.js';
import { IngestionService } from './ingestion.service.js';
import { StoredRecord, StoredRecordSchema } from './record.schema.js';
import { RecentRecords } from './recent-records.repository.js';
import { RecordsRepository } from './records.repository.js';
import { RejectedRecords, RejectedRecordsSchema } from './rejected-record.schema.js';
import { SnapshotsService } from './snapshots.service.js';
import { UploadSpool } from './upload-spool.js';
import { UploadsService } from './uploads.service.js';

@Module({
  imports: [
    DetectorModule,
    MongooseModule.forFeature([
      { name: StoredRecord.name, schema: StoredRecordSchema },
      { name: Batch.name, schema: BatchSchema },
      { name: RejectedRecords.name, schema: RejectedRecordsSchema },
    ]),
  ],
  controllers: [DataController],
  providers: [
    IngestionService,
    UploadsService,
    UploadSpool,
    SnapshotsService,
    RecordsRepository,
    BatchesRepository,
    RecentRecords,
  ],
  exports: [IngestionService, UploadsService, SnapshotsService, RecentRecords],
})
export class IngestionModule {}
