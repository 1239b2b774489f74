import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Max,
  Min,
} from 'class-validator';
import { PageQuery } from '../common/page.js';
import {
  type PromotionPolicy,
  promotionPolicies,
  type RunStatus,
  runStatuses,
  type StageName,
  stageNames,
  stageStatuses,
} from './training-run.schema.js';

export class StartRunDto {
  /** @example 'phishing-website' */
  @IsString()
  detector!: string;

  /** Candidates of the contract to try; all that are not optional when absent. @example ['random-forest'] */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsString({ each: true })
  candidates?: string[];

  /** Same data, contract, code and seed: same model, bit for bit. @example 42 */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(4_294_967_295)
  seed?: number;

  /** `gate` promotes what passes the gate, `never` keeps the champion, `force` promotes whatever comes out. */
  @IsOptional()
  @IsIn(promotionPolicies)
  @ApiProperty({ enum: promotionPolicies, required: false, default: 'gate' })
  promote?: PromotionPolicy;
}

export class RunsQuery extends PageQuery {
  /** Only runs of this detector. */
  @IsOptional()
  @IsString()
  detector?: string;
}

export const reportFormats = ['json', 'yaml', 'html'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export class ReportQuery {
  /** How the report is written. */
  @IsOptional()
  @IsIn(reportFormats)
  @ApiProperty({ enum: reportFormats, required: false, default: 'json' })
  format: ReportFormat = 'json';
}

export class StageDto {
  @ApiProperty({ enum: stageNames })
  name!: StageName;
  @ApiProperty({ enum: stageStatuses })
  status!: string;
  /** Share done, 0 to 1. */
  progress!: number;
  /** One line of what it found. */
  summary!: string;
  @ApiProperty({ type: Date, nullable: true })
  startedAt!: Date | null;
  @ApiProperty({ type: Number, nullable: true })
  durationMs!: number | null;
}

/** A run in a list. */
export class RunSummaryDto {
  _id!: string;
  detector!: string;
  @ApiProperty({ enum: runStatuses })
  status!: RunStatus;
  actor!: string;
  @ApiProperty({ type: 'object', additionalProperties: true })
  options!: object;
  @ApiProperty({ type: [StageDto] })
  stages!: StageDto[];
  /** Of the snapshot; null until it is taken. */
  @ApiProperty({ type: String, nullable: true })
  fingerprint!: string | null;
  /** The model version that it made. */
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

/** One execution of the pipeline, with all that its stages found. */
export class RunDto extends RunSummaryDto {
  /** The validation report. */
  @ApiProperty({ type: 'object', nullable: true, additionalProperties: true })
  validation!: object | null;
  /** Each candidate with its options, fold scores and fit times. */
  @ApiProperty({ type: 'array', items: { type: 'object' } })
  candidates!: object[];
  /** Thresholds, metrics on the validation and on the test part with their intervals, curves. */
  @ApiProperty({ type: 'object', nullable: true, additionalProperties: true })
  evaluation!: object | null;
  /** Every check of the gate with its figures. */
  @ApiProperty({ type: 'object', nullable: true, additionalProperties: true })
  gate!: object | null;
}

export class RunPageDto {
  @ApiProperty({ type: [RunSummaryDto] })
  items!: RunSummaryDto[];
  page!: number;
  pageSize!: number;
  total!: number;
}
