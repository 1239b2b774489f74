import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsInt, IsNumber, IsString, Matches, MaxLength, Min } from 'class-validator';
import { AsNumber } from '../common/as-number.js';
import { IsoDate } from '../common/iso-date.js';
import { MayBeAbsent } from '../common/may-be-absent.js';
import { PageQuery } from '../common/page.dto.js';
import { PagedDto } from '../common/paged.dto.js';
import type { Intervals } from '../ml/bootstrap.js';
import { type MetricName, metricNames, type Metrics } from '../ml/metrics.js';
import { type Alias, aliases } from './deployment.schema.js';
import { IntervalsDto, MetricsDto, ThresholdsDto } from './metrics.dto.js';
import type { Description, Imported, Lineage, Pruned, Tag } from './model-version.schema.js';
import type { VersionFilter } from './version-filter.js';

/** Which versions are listed. Limits of a metric come with its name: `metric=rocAuc&min=0.98`. */
export class VersionsQuery extends PageQuery implements VersionFilter {
  /** Metric of the test part that `min` and `max` are of. */
  @MayBeAbsent()
  @IsIn(metricNames)
  @ApiProperty({ enum: metricNames, required: false })
  metric?: MetricName;

  /** Least value of the metric. */
  @MayBeAbsent()
  @AsNumber()
  @IsNumber()
  min?: number;

  /** Greatest value of the metric. */
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

  /** Only versions of this candidate. */
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
  /** The tag's value. @example 'fraud' */
  @IsString()
  @MaxLength(1000)
  value!: string;
}

export class DescriptionTextDto {
  /** The version in words. @example 'Trained after the March feed was cleaned.' */
  @IsString()
  @MaxLength(5000)
  description!: string;
}

/** A word on a version. */
export class TagDto implements Tag {
  /** What the tag is of. @example 'team' */
  key!: string;
  /** What it says. */
  value!: string;
  /** Who wrote it. */
  by!: string;
  /** When. */
  at!: Date;
}

/** What someone has written on a version. */
export class DescriptionDto implements Description {
  /** The words. */
  text!: string;
  /** Who wrote them. */
  by!: string;
  /** When. */
  at!: Date;
}

/** Why there is nothing left of a version but its row. */
export class PrunedDto implements Pruned {
  /** When its bundle and model card were deleted. */
  at!: Date;
  /** Who deleted them. */
  by!: string;
  /** Why. */
  reason!: string;
}

/** A feature that a version takes. */
export class FeatureTypeDto {
  /** The feature. */
  name!: string;
  /** Its type in the contract. @example 'integer' */
  type!: string;
}

/** How a bundle came here that was made elsewhere. */
export class ImportedDto implements Imported {
  /** Where it comes from, in the importer's words. */
  source!: string;
  /** Its number there; null where the importer did not say. */
  version!: number | null;
  /** Digest of the bundle. */
  sha256!: string;
  /** Who imported it. */
  by!: string;
}

/** Where a version came from. What an imported bundle does not say is null. */
export class LineageDto implements Lineage {
  /** Id of the training run that made it, or `import/<detector>/<sha256>`. */
  run!: string;
  /** Of the snapshot that it was made from, sha256. */
  fingerprint!: string | null;
  /** Rows that it was made from and measured on. */
  rows!: number;
  /** Digest of the dataset contract. */
  contractSha256!: string;
  /** Version of the code that made it. */
  codeVersion!: string | null;
  /** Seed of the run. */
  seed!: number | null;
  /** Of an imported one: where it comes from. */
  imported?: ImportedDto;
}

/** One version of a detector's model. */
export class ModelVersionDto {
  /** The detector. */
  detector!: string;
  /** Its number, counted from 1 for each detector. */
  version!: number;
  /** Aliases that point to it. */
  @ApiProperty({ enum: aliases, isArray: true })
  aliases!: Alias[];
  /** The candidate that won the run. */
  candidate!: string;
  /** The learner of that candidate. */
  learner!: string;
  /** Digest of its bundle. */
  sha256!: string;
  /** Size of its bundle, bytes. */
  size!: number;
  /** On the test part; the threat is the positive class. */
  @ApiProperty({ type: MetricsDto })
  metrics!: Metrics;
  /** 95 % bootstrap intervals of the metrics, by group. */
  @ApiProperty({ type: IntervalsDto })
  intervals!: Intervals;
  /** Probabilities from which its verdicts are given. */
  thresholds!: ThresholdsDto;
  /** The features that it takes, in their order. */
  @ApiProperty({ type: [FeatureTypeDto] })
  signature!: FeatureTypeDto[];
  /** Run, data, contract, code and seed; of an imported one where it comes from. */
  lineage!: LineageDto;
  /** What people have tagged it with. */
  @ApiProperty({ type: [TagDto] })
  tags!: TagDto[];
  /** What someone has written on it; null where nobody has. */
  description!: DescriptionDto | null;
  /** Of a version whose bundle and model card are deleted: it cannot serve any more. */
  pruned!: PrunedDto | null;
  /** When it was made. */
  createdAt!: Date;
}

export class ModelVersionPageDto extends PagedDto {
  /** Versions, newest first. */
  @ApiProperty({ type: [ModelVersionDto] })
  items!: ModelVersionDto[];
}
