import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsString, MaxLength } from 'class-validator';
import { MayBeAbsent } from '../common/may-be-absent.js';
import type { DetectorRetention, Freed, RetentionOutcome } from './retention-outcome.schema.js';
import type { VersionDecision } from './version-decisions.js';

export class ApplyRetentionDto {
  /** Only says what would be deleted. @example true */
  @IsBoolean()
  dryRun!: boolean;

  /** The only detector; all when absent. */
  @MayBeAbsent()
  @IsString()
  @MaxLength(100)
  detector?: string;
}

/** What is kept of each detector. */
export class RetentionPolicyDto {
  /** The newest model versions; besides them champion, challenger, champions before, those with the tag `keep`. */
  versions!: number;
  /** Days for which training runs are kept that have ended; those of versions that are kept stay as long. */
  runsDays!: number;
  /** Days for which logged predictions are kept that have no feedback. */
  predictionsDays!: number;
}

/** What is deleted of one kind. */
export class FreedDto implements Freed {
  /** How many. */
  count!: number;
  /** Bytes as stored, before the database compresses them; of predictions estimated from the latest. */
  bytes!: number;
}

/** Whether a version is kept. */
export class VersionDecisionDto implements VersionDecision {
  /** Its number. */
  version!: number;
  /** When it was made. */
  createdAt!: Date;
  /** Whether it is kept. */
  kept!: boolean;
  /** Why, or why not. */
  @ApiProperty({ type: [String], example: ['champion', 'newest'] })
  reasons!: readonly string[];
  /** Size of its bundle, bytes; 0 where another version has the same. */
  bytes!: number;
}

/** What the policy comes to for one detector. */
export class DetectorRetentionDto implements DetectorRetention {
  /** The detector. */
  detector!: string;
  /** Every version that was not pruned before, newest first. */
  @ApiProperty({ type: [VersionDecisionDto] })
  decisions!: readonly VersionDecisionDto[];
  /** Versions whose bundle and model card are deleted. */
  versions!: FreedDto;
  /** Training runs that are deleted. */
  runs!: FreedDto;
  /** Logged predictions that are deleted. */
  predictions!: FreedDto;
}

/** What the policy deleted, or would delete. */
export class RetentionOutcomeDto implements RetentionOutcome {
  /** Whether nothing was deleted. */
  dryRun!: boolean;
  /** When it was applied. */
  at!: Date;
  /** Who applied it. */
  by!: string;
  /** What was to be kept. */
  policy!: RetentionPolicyDto;
  /** One entry a detector. */
  @ApiProperty({ type: [DetectorRetentionDto] })
  detectors!: readonly DetectorRetentionDto[];
}

export class RetentionDto {
  /** Whether it is applied each night. */
  nightly!: boolean;
  /** What is kept. */
  policy!: RetentionPolicyDto;
  /** What was deleted last; null where nothing ever was. */
  last!: RetentionOutcomeDto | null;
}
