import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsString, MaxLength } from 'class-validator';
import { MayBeAbsent } from '../common/may-be-absent.js';
import type { MlflowCapabilities, MlflowFeature } from './mlflow/mlflow-client.js';
import { type OutboxKind, outboxKinds, type OutboxStatus, outboxStatuses } from './outbox-entry.schema.js';
import type { ShownEntry, TrackingStatus } from './tracking.service.js';

export class RetryDto {
  /** The only entries to send again, by their `id`; all that were given up when absent. */
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

/** One thing to deliver to the tracking server. */
export class OutboxEntryDto implements ShownEntry {
  /** `<kind>/<subject>` */
  id!: string;
  /** How a training run ended, or that an alias was moved. */
  @ApiProperty({ enum: outboxKinds })
  kind!: OutboxKind;
  /** Id of the training run, or of the ledger's entry. */
  subject!: string;
  /** The detector that it is about. */
  detector!: string;
  /** When it happened; a detector's entries are delivered in this order. */
  at!: Date;
  /** `dead` was given up. */
  @ApiProperty({ enum: outboxStatuses })
  status!: OutboxStatus;
  /** Deliveries that failed although the server was well. */
  attempts!: number;
  /** When it is tried next. */
  nextAt!: Date;
  /** What stands in the way; null where nothing does. */
  error!: string | null;
  /** The page that shows it; null until it is delivered. */
  url!: string | null;
  /** When it was delivered; null until then. */
  deliveredAt!: Date | null;
}

/** What a tracking server can do for this user. */
export class MlflowCapabilitiesDto implements MlflowCapabilities {
  /** Its version as it says; null where it does not. */
  version!: string | null;
  /** Whether it has a model registry. */
  registry!: boolean;
  /** Whether artifacts go through the server. */
  artifacts!: boolean;
  /** Whether it knows logged models. */
  loggedModels!: boolean;
  /** What it has, but does not let this user use. */
  @ApiProperty({ type: [String], example: [] })
  forbidden!: readonly MlflowFeature[];
}

/** Entries of the outbox by their status. */
export class OutboxCountsDto {
  /** Entries that wait. */
  pending!: number;
  /** Entries that were delivered. */
  delivered!: number;
  /** Entries that were given up. */
  dead!: number;
}

/** How the mirror on the tracking server is doing. */
export class TrackingStatusDto implements TrackingStatus {
  /** Whether a tracking server is set. */
  enabled!: boolean;
  /** Its address without credentials; null where none is set. */
  server!: string | null;
  /** What it can do; null where it cannot be asked. */
  capabilities!: MlflowCapabilitiesDto | null;
  /** Why the server could not be asked; null where it could. */
  problem!: string | null;
  /** How many entries wait, were delivered and were given up. */
  counts!: OutboxCountsDto;
  /** The newest entries that were given up. */
  @ApiProperty({ type: [OutboxEntryDto] })
  dead!: readonly OutboxEntryDto[];
  /** The newest entries that wait. */
  @ApiProperty({ type: [OutboxEntryDto] })
  pending!: readonly OutboxEntryDto[];
}
