import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { MongooseModule } from '@nestjs/mongoose';
import { DetectorModule } from '../detector/detector.module.js';
import { AccessController } from './access.controller.js';
import { AccessGuard } from './access.guard.js';
import { ApiKey, ApiKeySchema } from './api-key.schema.js';
import { AuditEvent, AuditEventSchema } from './audit-event.schema.js';
import { AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';
import { KeysRepository } from './keys.repository.js';
import { KeysService } from './keys.service.js';

@Module({
  imports: [
    DetectorModule,
    MongooseModule.forFeature([
      { name: ApiKey.name, schema: ApiKeySchema },
      { name: AuditEvent.name, schema: AuditEventSchema },
    ]),
  ],
  controllers: [AccessController],
  providers: [
    KeysService,
    KeysRepository,
    AuditService,
    AuditRepository,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [KeysService, AuditService],
})
export class AccessModule {}
