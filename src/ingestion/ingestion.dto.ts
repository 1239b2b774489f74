import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsString, MaxLength } from 'class-validator';
import { MayBeAbsent } from '../common/may-be-absent.js';
import { PagedDto } from '../common/paged.dto.js';
import { InputFaultDto } from '../common/problem.dto.js';
import { type BatchStatus, batchStatuses } from './batch.schema.js';

/** Several words in one parameter. */
function Words(shown: { readonly example: string }): PropertyDecorator {
  return applyDecorators(
    MayBeAbsent(),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value)),
    IsArray(),
    ArrayMaxSize(1000),
    IsString({ each: true }),
    ApiProperty({ type: String, required: false, ...shown }),
  );
}

export class PushQuery {
  /** Unknown columns that may pass, separated by commas. */
  @Words({ example: 'id,comment' })
  ignoreColumns?: string[];

  /** Under which the rows may be used: model cards name it. @example 'CC BY 4.0' */
  @MayBeAbsent()
  @IsString()
  @MaxLength(200)
  licence?: string;

  /** Labels that mean a threat in this input, separated by commas; those of the contract when absent. */
  @Words({ example: '0' })
  threat?: string[];

  /** Labels that mean something benign in this input, separated by commas; those of the contract when absent. */
  @Words({ example: '1' })
  benign?: string[];
}

/** Where a batch's rows come from. */
export class BatchSourceDto {
  /** The file's name, or `request`. */
  name!: string;
  /** Under which they may be used; absent where whoever pushed them did not say. @example 'CC BY 4.0' */
  licence?: string;
  /** How the rows are written: `csv`, `ndjson`, `json`, or the name of a log's format. */
  format!: string;
  /** Bytes read so far. */
  bytes!: number;
  /** Digest of the bytes as received, sha256; null until the last one is. */
  sha256!: string | null;
}

/** A column that is called otherwise than in the contract. */
export class ReadColumnDto {
  /** The contract's name of it. @example 'url' */
  name!: string;
  /** The input's. @example 'Domain' */
  column!: string;
}

/** A column that is read over. */
export class LeftOutColumnDto {
  /** Its name in the input. @example 'comment' */
  column!: string;
  /** Why its values are not read. @example 'as asked' */
  why!: string;
}

/** One ingestion of records. */
export class BatchDto {
  /** A UUID. */
  id!: string;
  /** The detector whose rows they are. @example 'phishing-website' */
  detector!: string;
  /** How far it is; `interrupted` stored the rows up to where it broke off. */
  @ApiProperty({ enum: batchStatuses })
  status!: BatchStatus;
  /** What the rows were read from. */
  source!: BatchSourceDto;
  /** Rows read. @example 11055 */
  read!: number;
  /** Rows stored by this batch. @example 11055 */
  stored!: number;
  /** Rows that were there already. @example 0 */
  known!: number;
  /** Rows not taken; the batch's rejected list has the reasons. @example 0 */
  rejected!: number;
  /** What the rows were read as; absent where it is UTF-8. @example 'utf-16le' */
  @ApiProperty({ type: String, required: false })
  encoding?: string;
  /** What stands between the cells of CSV; absent where it is a comma. @example ';' */
  @ApiProperty({ type: String, required: false })
  delimiter?: string;
  /** Columns that are called otherwise than in the contract; absent where there are none. */
  @ApiProperty({ type: [ReadColumnDto], required: false })
  columns?: readonly ReadColumnDto[];
  /** Columns that are read over; absent where all are read. */
  @ApiProperty({ type: [LeftOutColumnDto], required: false })
  leftOut?: readonly LeftOutColumnDto[];
  /** What there is to say of the input as a whole, such as what was mended in it; absent where that is nothing. */
  @ApiProperty({ type: [String], required: false })
  warnings?: string[];
  /** When it began. */
  createdAt!: Date;
  /** When its figures were last written. */
  updatedAt!: Date;
}

export class BatchPageDto extends PagedDto {
  /** Batches, newest first. */
  @ApiProperty({ type: [BatchDto] })
  items!: BatchDto[];
}

/** A row that a batch did not take. */
export class RejectedRecordDto {
  /** Id of the batch. */
  batch!: string;
  /** Line on which the row starts, counted from 1. */
  line!: number;
  /** What is wrong with it, at most 50 faults. */
  @ApiProperty({ type: [InputFaultDto] })
  reasons!: InputFaultDto[];
  /** The row's first 1,000 characters. */
  raw!: string;
}

export class RejectedPageDto extends PagedDto {
  /** Rejected rows in the order of their lines. */
  @ApiProperty({ type: [RejectedRecordDto] })
  items!: RejectedRecordDto[];
}
