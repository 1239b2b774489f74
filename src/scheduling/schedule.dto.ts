import { ApiProperty } from '@nestjs/swagger';
import { RunFailureDto, RunTriggerDto } from '../runs/run.dto.js';
import { type RunStatus, runStatuses } from '../runs/training-run.schema.js';
import { type DriftSample, sampleKinds } from './drift-samples.service.js';

/** What became of a slot. */
class SlotDto {
  /** When it was due. */
  at!: Date;
  /** The run that it started; null where it was skipped. */
  @ApiProperty({ type: String, nullable: true })
  run!: string | null;
  /** Why it was skipped; null where it was not. */
  @ApiProperty({ type: String, nullable: true })
  reason!: string | null;
}

/** The last run that the schedule has started. */
class ScheduledRunDto {
  /** Id of the training run. */
  id!: string;
  /** How far it is. */
  @ApiProperty({ enum: runStatuses })
  status!: RunStatus;
  /** Why it was started. */
  trigger!: RunTriggerDto;
  /** Why it was skipped, or is queued again. */
  @ApiProperty({ type: String, nullable: true })
  reason!: string | null;
  /** Number of the model version that it made; null where it made none. */
  version!: number | null;
  /** Whether that version became the champion. */
  promoted!: boolean;
  /** What ended it; null where it did not fail. */
  failure!: RunFailureDto | null;
  /** When it was asked for. */
  createdAt!: Date;
  /** When a worker first began it; null until then. */
  startedAt!: Date | null;
  /** When it ended; null until then. */
  finishedAt!: Date | null;
}

class NewRecordsDto {
  /** Records stored since the last run looked that has seen all data of its time. */
  count!: number;
  /** When that run looked; the beginning of time where there is none. */
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
  /** Rows compared. */
  rows!: number;
  /** Features that have drifted. */
  drifted!: number;
  /** Features compared. */
  features!: number;
  /** Share of the features, 0 to 1; null where there are too few rows to tell. */
  @ApiProperty({ type: Number, nullable: true })
  share!: number | null;
}

class DriftStateDto {
  /** So large a share of drifted features starts a run; null where drift starts none. */
  @ApiProperty({ type: Number, nullable: true })
  limit!: number | null;
  /** What the last check found; one entry for records, one for predictions, where there are any. */
  @ApiProperty({ type: [DriftSampleDto] })
  samples!: readonly DriftSampleDto[];
}

/** Runs that the schedule may start on one local day; those that found nothing to do are not counted. */
class BudgetDto {
  /** Runs a day. */
  daily!: number;
  /** Runs that are left of this day. */
  left!: number;
  /** When the next day's begins. */
  until!: Date;
}

/** Something that asked for a run and did not get one. */
class HeldTriggerDto extends RunTriggerDto {
  /** Why no run was started. */
  reason!: string;
}

class TriggersDto {
  /** Records that no run has seen yet. */
  newRecords!: NewRecordsDto;
  /** As of the last check. */
  drift!: DriftStateDto;
  /** Until then records and drift start nothing, because a run has ended not long ago. */
  @ApiProperty({ type: Date, nullable: true })
  coolDownUntil!: Date | null;
  /** Runs that may be started today. */
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
  /** The detector. @example 'phishing-website' */
  detector!: string;
  /** Null where no time of day starts a run. @example '17 2 * * *' */
  @ApiProperty({ type: String, nullable: true })
  cron!: string | null;
  /** Time zone of `cron` and of the day that the budget is of. @example 'UTC' */
  timeZone!: string;
  /** Runs begin up to so many seconds after their slot. */
  jitterSeconds!: number;
  /** Whether what passes the gate is promoted. */
  @ApiProperty({ enum: ['gate', 'never'] })
  promote!: 'gate' | 'never';
  /** When the next run is due; null where no time of day starts one. */
  nextSlot!: Date | null;
  /** What became of the last slot; null before the first one. */
  lastSlot!: SlotDto | null;
  /** The last run that the schedule started; null before the first one. */
  lastRun!: ScheduledRunDto | null;
  /** How near new records and drift are to starting a run. */
  triggers!: TriggersDto;
}
