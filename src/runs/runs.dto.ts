import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { MayBeAbsent } from '../common/may-be-absent.js';
import { PageQuery } from '../common/page.js';
import { mostFits, mostSeconds, searchMethods, type SearchMethod } from '../detector/candidate.js';
import {
  type PromotionPolicy,
  promotionPolicies,
  type RunStatus,
  runStatuses,
  type RunTrigger,
  type StageName,
  stageNames,
  stageStatuses,
  triggerKinds,
} from './training-run.schema.js';
import { CandidateDto } from './candidate.dto.js';

const longestName = 100;

export class StartRunDto {
  /** @example 'phishing-website' */
  @IsString()
  @MaxLength(longestName)
  detector!: string;

  /** Candidates of the contract to try; all that are not optional when absent. @example ['random-forest'] */
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(longestName, { each: true })
  candidates?: string[];

  /** Same data, contract, code and seed: same model, bit for bit. @example 42 */
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(4_294_967_295)
  seed?: number;

  /** `gate` promotes what passes the gate, `never` keeps the champion, `force` promotes whatever comes out. */
  @MayBeAbsent()
  @IsIn(promotionPolicies)
  @ApiProperty({ enum: promotionPolicies, required: false, default: 'gate' })
  promote?: PromotionPolicy;

  /** How to look for better options in the candidates' spaces; as the contract says when absent. */
  @MayBeAbsent()
  @IsIn(searchMethods)
  @ApiProperty({ enum: searchMethods, required: false })
  search?: SearchMethod;

  /** Fits that the search may take, all candidates together; the plain options' are not counted. */
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(mostFits)
  maxFits?: number;

  /** Cuts the search short after so long: what is finished by then counts. Its outcome then depends on the machine. */
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(mostSeconds)
  maxSeconds?: number;

  /** Skip the run where neither data nor contract nor code changed since the champion or the latest version. */
  @MayBeAbsent()
  @IsBoolean()
  unlessUnchanged?: boolean;
}

export class RunsQuery extends PageQuery {
  /** Only runs of this detector. */
  @MayBeAbsent()
  @IsString()
  @MaxLength(longestName)
  detector?: string;
}

export const reportFormats = ['json', 'yaml', 'html'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export class ReportQuery {
  /** How the report is written. */
  @MayBeAbsent()
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

/** What a run's search of options took. */
export class SearchReportDto {
  @ApiProperty({ enum: searchMethods })
  method!: SearchMethod;
  maxFits!: number;
  @ApiProperty({ type: Number, nullable: true })
  maxSeconds!: number | null;
  /** Fits of folds that it finished; the plain options' are not counted. */
  fits!: number;
  /** Sets of options that it tried besides the plain ones. */
  trials!: number;
  seconds!: number;
  /** Whether `maxSeconds` ended it. */
  outOfTime!: boolean;
}

/** Why a run was started. */
export class RunTriggerDto {
  /** `manual`: someone asked for it; else the schedule did, at a time, for new records or for drift. */
  @ApiProperty({ enum: triggerKinds })
  kind!: RunTrigger['kind'];
  /** The slot, or what was found; empty where someone asked. */
  detail!: string;
}

/** A run in a list. */
export class RunSummaryDto {
  _id!: string;
  detector!: string;
  @ApiProperty({ enum: runStatuses })
  status!: RunStatus;
  actor!: string;
  trigger!: RunTriggerDto;
  /** How often a worker has begun it: more than once where one died. */
  attempts!: number;
  /** The process that works on it, or was the last to. */
  @ApiProperty({ type: String, nullable: true })
  worker!: string | null;
  /** Why it was skipped, or is queued again. */
  @ApiProperty({ type: String, nullable: true })
  reason!: string | null;
  cancelRequested!: boolean;
  @ApiProperty({ type: 'object', additionalProperties: true })
  options!: object;
  @ApiProperty({ type: [StageDto] })
  stages!: StageDto[];
  /** What the search of options took; null where none was asked for. */
  @ApiProperty({ type: SearchReportDto, nullable: true })
  search!: SearchReportDto | null;
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
  /** Each candidate with its options, fold scores, curves, fit times and the trials of the search. */
  @ApiProperty({ type: [CandidateDto] })
  candidates!: CandidateDto[];
  /** Thresholds, metrics on the validation and on the test part with their intervals, curves with bands, importance of the features. */
  @ApiProperty({ type: 'object', nullable: true, additionalProperties: true })
  evaluation!: object | null;
  /** Every check of the gate with its figures. */
  @ApiProperty({ type: 'object', nullable: true, additionalProperties: true })
  gate!: object | null;
  /** Of its copy on the tracking server: the state, the page that shows it and what stands in the way. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  mirror?: object;
}

export class RunPageDto {
  @ApiProperty({ type: [RunSummaryDto] })
  items!: RunSummaryDto[];
  page!: number;
  pageSize!: number;
  total!: number;
}
