import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import type { ColumnDrift, DriftBand } from '../../ml/drift.js';

/** The value of a categorical column whose share of the rows changed most. */
class MovedValueDto {
  /** The value as the model takes it; `missing` is none, `other` any that the reference does not list. */
  @ApiProperty({ oneOf: [{ type: 'number' }, { type: 'string', enum: ['other', 'missing'] }] })
  value!: number | 'other' | 'missing';
  /** Share of the rows that the champion was trained on, 0 to 1. */
  reference!: number;
  /** Share of the compared rows, 0 to 1. */
  current!: number;
}

/** Drift of one column, in Evidently's words. */
export class ColumnDriftDto {
  /** Population stability index, or Kolmogorov and Smirnov's test. */
  @ApiProperty({ enum: ['psi', 'ks'] })
  statTestName!: ColumnDrift['statTestName'];
  /** The least `driftScore` that counts as drift. */
  threshold!: number;
  /** PSI, or D of the Kolmogorov-Smirnov test, 0 to 1; null where a side has no rows. */
  @ApiProperty({ type: Number, nullable: true })
  driftScore!: number | null;
  /** Of the chi-square or the Kolmogorov-Smirnov test; null where a side has no rows. */
  @ApiProperty({ type: Number, nullable: true })
  pValue!: number | null;
  /** Whether score and p-value both say so. */
  driftDetected!: boolean;
  /** What is usually called a score of this size. */
  @ApiProperty({ enum: ['stable', 'moderate', 'large'] })
  band!: DriftBand;
  /** Where the mean went, when by a tenth of the reference's standard deviation or more. */
  @ApiProperty({ enum: ['up', 'down', 'none'] })
  direction!: ColumnDrift['direction'];
  /** Of categorical columns. */
  @ApiProperty({ type: MovedValueDto, required: false })
  mostMoved?: MovedValueDto;
}

/** Compared rows against those that the champion was trained on, in Evidently's words. */
@ApiExtraModels(ColumnDriftDto)
export class DriftDto {
  /** Version of the champion. */
  version!: number;
  /** Logged items that cannot be featurized as they were when they were scored. */
  leftOut!: number;
  /** Features that are compared. */
  numberOfColumns!: number;
  /** Features that have drifted. */
  numberOfDriftedColumns!: number;
  /** Share of the features that have drifted, 0 to 1. */
  shareOfDriftedColumns!: number;
  /** Whether half of the features or more have drifted. */
  datasetDrift!: boolean;
  /** By the name of the feature. */
  @ApiProperty({ type: 'object', additionalProperties: { $ref: getSchemaPath(ColumnDriftDto) } })
  driftByColumns!: Readonly<Record<string, ColumnDriftDto>>;
  /** Of the labels, not counted among the columns; null unless both sides have labels. */
  @ApiProperty({ type: ColumnDriftDto, nullable: true })
  label!: ColumnDriftDto | null;
  /** Rows that the champion was trained on. */
  referenceRows!: number;
  /** Rows that are compared. */
  currentRows!: number;
  /** False when a side has fewer than 100 rows: scores are reported, but nothing is called drift. */
  enough!: boolean;
}
