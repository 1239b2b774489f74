import { ApiProperty } from '@nestjs/swagger';
import { RunTriggerDto } from '../runs/runs.dto.js';
import { type RunStatus, runStatuses } from '../runs/training-run.schema.js';
import { type DriftSample, sampleKinds } from './drift-samples.service.js';

/** What became of a slot. */
class SlotDto {
  at!: Date;
  /** The run that it started; null where it was skipped. */
  @ApiProperty({ type: String, nullable: true })
  run!: string | null;
  /** Why it was skipped. */
  @ApiProperty({ type: String, nullable: true })
  reason!: string | null;
}

/** The last run that the schedule has started. */
class ScheduledRunDto {
  _id!: string;
  @ApiProperty({ enum: runStatuses })
  status!: RunStatus;
  trigger!: RunTriggerDto;
  /** Why it was skipped, or is queued again. */
  @ApiProperty({ type: String, nullable: true })
  reason!: string | null;
  @ApiProperty({ type: Number, nullable: true })
  version!: number | null;
  promoted!: boolean;
  @ApiProperty({ type: 'object', nullable: true, additionalProperties: true })
  failure!: object | null;
  createdAt!: Date;
  @ApiProperty({ type: Date, nullable: true })
  startedAt!: Date | null;
  @ApiProperty({ type: Date, nullable: true })
  finishedAt!: Date | null;
}

class NewRecordsDto {
  /** Records stored since the last run looked that has seen all data of its time. */
  count!: number;
  since!: Date;
  /** So many start a run; null where they start none. */
  @ApiProperty({ type: Number, nullable: true })
  limit!: number | null;
}

/** How far recent rows are from what the champion was trained on. */
class DriftSampleDto {
  /** Labelled records that were pushed, or records that the champion has scored. */
  @ApiProperty({ enum: sampleKinds })
  of!: DriftSample['of'];
  rows!: number;
  /** Features that have drifted. */
  drifted!: number;
  features!: number;
  /** Of the features; null where there are too few rows to tell. */
  @ApiProperty({ type: Number, nullable: true })
  share!: number | null;
}

class DriftStateDto {
  /** So large a share of drifted features starts a run; null where drift starts none. */
  @ApiProperty({ type: Number, nullable: true })
  limit!: number | null;
  @ApiProperty({ type: [DriftSampleDto] })
  samples!: readonly DriftSampleDto[];
}

/** Runs that the schedule may start on one local day; those that found nothing to do are not counted. */
class BudgetDto {
  daily!: number;
  left!: number;
  /** When the next day's begins. */
  until!: Date;
}

/** Something that asked for a run and did not get one. */
class HeldTriggerDto extends RunTriggerDto {
  reason!: string;
}

class TriggersDto {
  newRecords!: NewRecordsDto;
  /** As of the last check. */
  drift!: DriftStateDto;
  /** Until then records and drift start nothing, because a run has ended not long ago. */
  @ApiProperty({ type: Date, nullable: true })
  coolDownUntil!: Date | null;
  budget!: BudgetDto;
  /** When it was last looked whether something asks for a run. */
  @ApiProperty({ type: Date, nullable: true })
  checkedAt!: Date | null;
  /** What asked for a run then and got none. */
  @ApiProperty({ type: HeldTriggerDto, nullable: true })
  held!: HeldTriggerDto | null;
}

/** When a detector is trained again without anyone asking. */
export class ScheduleDto {
  /** @example 'phishing-website' */
  detector!: string;
  /** Null where no time of day starts a run. @example '17 2 * * *' */
  @ApiProperty({ type: String, nullable: true })
  cron!: string | null;
  /** @example 'UTC' */
  timeZone!: string;
  /** Runs begin up to so many seconds after their slot. */
  jitterSeconds!: number;
  @ApiProperty({ enum: ['gate', 'never'] })
  promote!: 'gate' | 'never';
  @ApiProperty({ type: Date, nullable: true })
  nextSlot!: Date | null;
  @ApiProperty({ type: SlotDto, nullable: true })
  lastSlot!: SlotDto | null;
  @ApiProperty({ type: ScheduledRunDto, nullable: true })
  lastRun!: ScheduledRunDto | null;
  triggers!: TriggersDto;
}
