import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { Lease, LeaseSchema } from './lease.schema.js';
import { LeasesService } from './leases.service.js';

@Module({
  imports: [MongooseModule.forFeature([{ name: Lease.name, schema: LeaseSchema }])],
  providers: [LeasesService],
  exports: [LeasesService],
})
export class LeasesModule {}
