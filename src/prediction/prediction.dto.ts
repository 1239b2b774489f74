import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { verdicts, type VerdictName } from '../registry/bundle/scoring-model.js';

/** One feature that moved the score. */
export class ReasonDto {
  /** @example 'SSLfinal_State' */
  feature!: string;
  @ApiProperty({ oneOf: [{ type: 'number' }, { type: 'string' }], nullable: true, example: -1 })
  value!: number | string | null;
  /** What it added to the uncalibrated score, in the learner's unit; above 0 speaks for a threat. @example 0.21 */
  contribution!: number;
  /** @example 'no HTTPS, or an untrusted young certificate: speaks for a threat' */
  text!: string;
}

export class ScoredByDto {
  detector!: string;
  version!: number;
  trainedAt!: Date;
}

/** What the champion says of one record. */
export class VerdictDto {
  id!: string;
  @ApiProperty({ enum: verdicts })
  verdict!: VerdictName;
  /** Calibrated probability of threat. @example 0.97 */
  probability!: number;
  /** The strongest first. */
  @ApiProperty({ type: [ReasonDto] })
  reasons!: ReasonDto[];
  model!: ScoredByDto;
}

export class VerdictsDto {
  /** One verdict a record, in order. */
  @ApiProperty({ type: [VerdictDto] })
  verdicts!: VerdictDto[];
}

export const outputFormats = ['csv', 'ndjson'] as const;
export type OutputFormat = (typeof outputFormats)[number];

export class FileQuery {
  /** How the rows come back: as they came when absent (JSON as NDJSON). */
  @IsOptional()
  @IsIn(outputFormats)
  @ApiProperty({ enum: outputFormats, required: false })
  format?: OutputFormat;
}
