import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsString, MaxLength } from 'class-validator';
import { MayBeAbsent } from '../common/may-be-absent.js';

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

export class FreedDto {
  count!: number;
  /** As stored, before the database compresses it; of predictions estimated from the latest. */
  bytes!: number;
}

export class VersionDecisionDto {
  version!: number;
  createdAt!: Date;
  kept!: boolean;
  /** Why. */
  @ApiProperty({ type: [String], example: ['champion', 'newest'] })
  reasons!: readonly string[];
  /** Of its bundle; 0 where another version has the same. */
  bytes!: number;
}

export class DetectorRetentionDto {
  detector!: string;
  /** Every version that was not pruned before, newest first. */
  @ApiProperty({ type: [VersionDecisionDto] })
  decisions!: readonly VersionDecisionDto[];
  versions!: FreedDto;
  runs!: FreedDto;
  predictions!: FreedDto;
}

/** What the policy deleted, or would delete. */
export class RetentionOutcomeDto {
  dryRun!: boolean;
  at!: Date;
  by!: string;
  policy!: RetentionPolicyDto;
  @ApiProperty({ type: [DetectorRetentionDto] })
  detectors!: readonly DetectorRetentionDto[];
}

export class RetentionDto {
  /** Whether it is applied each night. */
  nightly!: boolean;
  policy!: RetentionPolicyDto;
  /** When it was applied last; null where it never was. */
  @ApiProperty({ type: RetentionOutcomeDto, nullable: true })
  last!: RetentionOutcomeDto | null;
}
