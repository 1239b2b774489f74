import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsString, MaxLength } from 'class-validator';
import { MayBeAbsent } from '../common/may-be-absent.js';
import type { MlflowFeature } from './mlflow/mlflow-client.js';
import { type OutboxKind, outboxKinds, type OutboxStatus, outboxStatuses } from './outbox-entry.schema.js';

export class RetryDto {
  /** The only entries to send again, by their `_id`; all that were given up when absent. */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(1000)
  @IsString({ each: true })
  @MaxLength(300, { each: true })
  ids?: string[];
}

export class RetriedDto {
  /** How many entries wait again. */
  retried!: number;
}

export class OutboxEntryDto {
  _id!: string;
  @ApiProperty({ enum: outboxKinds })
  kind!: OutboxKind;
  /** Id of the training run, or of the ledger's entry. */
  subject!: string;
  detector!: string;
  at!: Date;
  @ApiProperty({ enum: outboxStatuses })
  status!: OutboxStatus;
  attempts!: number;
  nextAt!: Date;
  error!: string | null;
  url!: string | null;
  deliveredAt!: Date | null;
}

export class MlflowCapabilitiesDto {
  version!: string | null;
  registry!: boolean;
  /** Whether artifacts go through the server. */
  artifacts!: boolean;
  loggedModels!: boolean;
  /** What it has, but does not let this user use. */
  @ApiProperty({ type: [String], example: [] })
  forbidden!: readonly MlflowFeature[];
}

export class OutboxCountsDto {
  pending!: number;
  delivered!: number;
  dead!: number;
}

export class TrackingStatusDto {
  enabled!: boolean;
  server!: string | null;
  @ApiProperty({ type: MlflowCapabilitiesDto, nullable: true })
  capabilities!: MlflowCapabilitiesDto | null;
  /** Why the server could not be asked. */
  problem!: string | null;
  counts!: OutboxCountsDto;
  /** The newest entries that were given up. */
  @ApiProperty({ type: [OutboxEntryDto] })
  dead!: readonly OutboxEntryDto[];
  /** The newest entries that wait. */
  @ApiProperty({ type: [OutboxEntryDto] })
  pending!: readonly OutboxEntryDto[];
}
