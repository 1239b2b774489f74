import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsString } from 'class-validator';
import { MayBeAbsent } from '../common/may-be-absent.js';
import { InputFaultDto } from '../common/problem.dto.js';
import { type BatchStatus, batchStatuses } from './batch.schema.js';

export class PushQuery {
  /** Unknown columns that may pass, separated by commas. */
  @MayBeAbsent()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @IsArray()
  @ArrayMaxSize(1000)
  @IsString({ each: true })
  @ApiProperty({ type: String, required: false, example: 'id,comment' })
  ignoreColumns?: string[];
}

export class BatchSourceDto {
  /** The file's name, or `request`. */
  name!: string;
  /** csv, ndjson or json. */
  format!: string;
  bytes!: number;
  /** Digest of the bytes as received; null until the last one is. */
  @ApiProperty({ type: String, nullable: true })
  sha256!: string | null;
}

/** A column that is read over. */
export class LeftOutColumnDto {
  /** @example 'comment' */
  column!: string;
  /** @example 'as asked' */
  why!: string;
}

/** One ingestion of records. */
export class BatchDto {
  _id!: string;
  detector!: string;
  @ApiProperty({ enum: batchStatuses })
  status!: BatchStatus;
  source!: BatchSourceDto;
  /** Rows read. @example 11055 */
  read!: number;
  /** Rows stored by this batch. @example 11055 */
  stored!: number;
  /** Rows that were there already. @example 0 */
  known!: number;
  /** Rows not taken; the batch's rejected list has the reasons. @example 0 */
  rejected!: number;
  /** Absent where all columns are read. */
  @ApiProperty({ type: [LeftOutColumnDto], required: false })
  leftOut?: LeftOutColumnDto[];
  createdAt!: Date;
  updatedAt!: Date;
}

export class BatchPageDto {
  @ApiProperty({ type: [BatchDto] })
  items!: BatchDto[];
  page!: number;
  pageSize!: number;
  total!: number;
}

export class RejectedRecordDto {
  batch!: string;
  /** Line on which the row starts, counted from 1. */
  line!: number;
  @ApiProperty({ type: [InputFaultDto] })
  reasons!: InputFaultDto[];
  /** The row's first 1,000 characters. */
  raw!: string;
}

export class RejectedPageDto {
  @ApiProperty({ type: [RejectedRecordDto] })
  items!: RejectedRecordDto[];
  page!: number;
  pageSize!: number;
  total!: number;
}
