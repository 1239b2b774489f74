import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsInt, IsNumber, IsString, Matches, MaxLength, Min } from 'class-validator';
import { AsNumber } from '../common/as-number.js';
import { IsoDate } from '../common/iso-date.js';
import { MayBeAbsent } from '../common/may-be-absent.js';
import { PageQuery } from '../common/page.dto.js';
import { type MetricName, metricNames } from '../ml/metrics.js';
import { type Alias, aliases } from './deployment.schema.js';
import type { VersionFilter } from './version-filter.js';

/** Which versions are listed. Limits of a metric come with its name: `metric=rocAuc&min=0.98`. */
export class VersionsQuery extends PageQuery implements VersionFilter {
  /** Metric of the test part that `min` and `max` are of. */
  @MayBeAbsent()
  @IsIn(metricNames)
  @ApiProperty({ enum: metricNames, required: false })
  metric?: MetricName;

  @MayBeAbsent()
  @AsNumber()
  @IsNumber()
  min?: number;

  @MayBeAbsent()
  @AsNumber()
  @IsNumber()
  max?: number;

  /** `key` or `key:value`. */
  @MayBeAbsent()
  @IsString()
  @MaxLength(1200)
  tag?: string;

  /** Made at this moment or later. */
  @MayBeAbsent()
  @IsoDate()
  from?: Date;

  /** Made before this moment. */
  @MayBeAbsent()
  @IsoDate()
  to?: Date;

  @MayBeAbsent()
  @IsString()
  @MaxLength(100)
  candidate?: string;
}

export class ImportQuery {
  /** Where the bundle comes from, for the lineage. */
  @MayBeAbsent()
  @IsString()
  @MaxLength(500)
  source?: string;

  /** Its number there. */
  @MayBeAbsent()
  @AsNumber()
  @IsInt()
  @Min(1)
  sourceVersion?: number;
}

export class TagPath {
  @IsString()
  @MaxLength(100)
  detector!: string;

  @AsNumber()
  @IsInt()
  @Min(1)
  version!: number;

  /** Letters, digits, dots, hyphens and underscores. */
  @Matches(/^[\w.-]{1,100}$/)
  key!: string;
}

export class TagValueDto {
  /** @example 'fraud' */
  @IsString()
  @MaxLength(1000)
  value!: string;
}

export class DescriptionTextDto {
  /** @example 'Trained after the March feed was cleaned.' */
  @IsString()
  @MaxLength(5000)
  description!: string;
}

export class TagDto {
  key!: string;
  value!: string;
  by!: string;
  at!: Date;
}

export class DescriptionDto {
  text!: string;
  by!: string;
  at!: Date;
}

export class PrunedDto {
  at!: Date;
  by!: string;
  reason!: string;
}

export class ModelVersionDto {
  detector!: string;
  version!: number;
  /** Aliases that point to it. */
  @ApiProperty({ enum: aliases, isArray: true })
  aliases!: Alias[];
  candidate!: string;
  learner!: string;
  /** Digest of its bundle. */
  sha256!: string;
  /** Bytes of its bundle. */
  size!: number;
  /** On the test part; the threat is the positive class. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  metrics!: object;
  /** 95 % bootstrap intervals by group. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  intervals!: object;
  @ApiProperty({ type: 'object', additionalProperties: true })
  thresholds!: object;
  @ApiProperty({ type: 'array', items: { type: 'object' } })
  signature!: object[];
  /** Run, data, contract, code and seed; of an imported one where it comes from. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  lineage!: object;
  @ApiProperty({ type: [TagDto] })
  tags!: TagDto[];
  @ApiProperty({ type: DescriptionDto, nullable: true })
  description!: DescriptionDto | null;
  /** Of a version whose bundle and model card are deleted: it cannot serve any more. */
  @ApiProperty({ type: PrunedDto, nullable: true })
  pruned!: PrunedDto | null;
  createdAt!: Date;
}

export class ModelVersionPageDto {
  @ApiProperty({ type: [ModelVersionDto] })
  items!: ModelVersionDto[];
  page!: number;
  pageSize!: number;
  total!: number;
}
