import { ApiProperty, getSchemaPath, ApiExtraModels } from '@nestjs/swagger';
import type { ColumnDrift, DriftBand, DriftTable } from '../ml/drift.js';
import type { CheckStatus, ValidationCheck, ValidationReport } from './validation-report.js';

const statuses = ['passed', 'warned', 'failed'] as const satisfies readonly CheckStatus[];
const bands = ['stable', 'moderate', 'large'] as const satisfies readonly DriftBand[];

/** The value of a categorical column whose share of the rows changed most. */
export class MostMovedDto implements NonNullable<ColumnDrift['mostMoved']> {
  /** The value, or `other` or `missing`. */
  @ApiProperty({ oneOf: [{ type: 'number' }, { type: 'string', enum: ['other', 'missing'] }] })
  value!: number | 'other' | 'missing';
  /** Its share of the reference's rows, 0 to 1. */
  reference!: number;
  /** Its share of the current rows, 0 to 1. */
  current!: number;
}

/** How far the current rows of one column are from the reference's. */
export class ColumnDriftDto implements ColumnDrift {
  /** `psi` (population stability index) for categorical columns, `ks` (Kolmogorov-Smirnov) for numeric ones. */
  @ApiProperty({ enum: ['psi', 'ks'] })
  statTestName!: 'psi' | 'ks';
  /** Least `driftScore` that counts as drift. */
  threshold!: number;
  /** The index, or the greatest distance of the distributions; null when a side has no rows. */
  driftScore!: number | null;
  /** Of the chi-square or the Kolmogorov-Smirnov test, 0 to 1; null when a side has no rows. */
  pValue!: number | null;
  /** Whether score and p-value both say so. */
  driftDetected!: boolean;
  /** The score in words. */
  @ApiProperty({ enum: bands })
  band!: DriftBand;
  /** Where the mean went, when by a tenth of the reference's standard deviation or more. */
  @ApiProperty({ enum: ['up', 'down', 'none'] })
  direction!: 'up' | 'down' | 'none';
  /** Of categorical columns: the value whose share of the rows changed most. */
  mostMoved?: MostMovedDto;
}

/** Current rows against a reference, column by column. */
@ApiExtraModels(ColumnDriftDto)
export class DriftTableDto implements DriftTable {
  /** Columns compared. */
  numberOfColumns!: number;
  /** Columns that have drifted. */
  numberOfDriftedColumns!: number;
  /** Of the columns, 0 to 1. */
  shareOfDriftedColumns!: number;
  /** Whether so many columns have drifted that the data set has. */
  datasetDrift!: boolean;
  /** Each column by its name. */
  @ApiProperty({ type: 'object', additionalProperties: { $ref: getSchemaPath(ColumnDriftDto) } })
  driftByColumns!: Readonly<Record<string, ColumnDriftDto>>;
  /** Of the labels; null unless both sides have some. */
  label!: ColumnDriftDto | null;
  /** Rows of the reference. */
  referenceRows!: number;
  /** Rows that are compared with it. */
  currentRows!: number;
  /** False where a side has too few rows: scores are given, but nothing counts as drift. */
  enough!: boolean;
}

/** One expectation of the contract with what was found. */
export class ValidationCheckDto implements ValidationCheck {
  /** Which expectation. @example 'label-set' */
  name!: string;
  /** A failed check stops the run, a warning is kept. */
  @ApiProperty({ enum: statuses })
  status!: CheckStatus;
  /** What was found, in a sentence. */
  message!: string;
  /** The column that it is about; absent for checks of the whole snapshot. */
  column?: string;
  /** The figure that was found, in the check's own unit. */
  observed?: number;
  /** The contract's bound for it, in the same unit. */
  limit?: number;
}

/** What validation found in a snapshot. */
export class ValidationReportDto implements ValidationReport {
  /** The detector whose records they are. */
  detector!: string;
  /** Of the snapshot, sha256: equal data, equal fingerprint. */
  fingerprint!: string;
  /** The worst of the checks. */
  @ApiProperty({ enum: statuses })
  status!: CheckStatus;
  /** Rows of the snapshot. */
  rows!: number;
  /** Rows of it that are labelled as threats. */
  threats!: number;
  /** Rows whose feature vector and label occurred before. */
  duplicates!: number;
  /** Every check, passed or not. */
  @ApiProperty({ type: [ValidationCheckDto] })
  checks!: readonly ValidationCheckDto[];
  /** Against the champion's reference; null while there is no champion. */
  drift!: DriftTableDto | null;
}
