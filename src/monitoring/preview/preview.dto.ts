import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { AsNumber } from '../../common/as-number.js';
import { MayBeAbsent } from '../../common/may-be-absent.js';
import { type VerdictName, verdicts } from '../../registry/bundle/scoring-model.js';

export class PreviewQuery {
  /** How many records to score. */
  @MayBeAbsent()
  @AsNumber()
  @IsInt()
  @Min(1)
  @Max(10_000)
  @ApiProperty({ required: false, default: 1000 })
  records: number = 1000;
}

class PreviewedVersionDto {
  version!: number;
  candidate!: string;
  learner!: string;
  /** Bytes of its bundle. */
  size!: number;
  /** Median time of scoring one row alone, milliseconds, measured just now in turns with the other version. */
  latencyMs!: number;
}

class RatiosDto {
  latency!: number;
  size!: number;
}

class ChangedShareDto {
  count!: number;
  /** Of all records. */
  @ApiProperty({ type: Number, nullable: true })
  share!: number | null;
  /** Wilson's, with 95 % coverage, as if no two records were alike. */
  @ApiProperty({ type: [Number], nullable: true })
  interval!: readonly [number, number] | null;
}

class FlipsDto {
  /** Another verdict, whichever. */
  changed!: ChangedShareDto;
  /** Benign for the champion, suspicious or malicious for the previewed version. */
  toThreat!: ChangedShareDto;
  /** The other way round. */
  toBenign!: ChangedShareDto;
}

class SliceFlipsDto {
  /** `day` of logged records, UTC; `source` or the contract's group column of test records. */
  by!: string;
  value!: string;
  records!: number;
  flips!: FlipsDto;
  meanChange!: number;
}

class ProbabilityChangeDto {
  @ApiProperty({ type: Number, nullable: true })
  mean!: number | null;
  @ApiProperty({ type: Number, nullable: true })
  meanAbsolute!: number | null;
  @ApiProperty({ type: Number, nullable: true })
  maxAbsolute!: number | null;
}

class VersionScoreDto {
  probability!: number;
  @ApiProperty({ enum: verdicts })
  verdict!: VerdictName;
}

/** Records by the previewed version's verdict. */
class VerdictCountsDto {
  benign!: number;
  suspicious!: number;
  malicious!: number;
}

/** Records by the champion's verdict, then by the previewed version's. */
class VerdictMatrixDto {
  benign!: VerdictCountsDto;
  suspicious!: VerdictCountsDto;
  malicious!: VerdictCountsDto;
}

class ChangedRecordDto {
  /** Of the logged verdict; null of a test record. */
  @ApiProperty({ type: String, nullable: true })
  id!: string | null;
  /** What the record says; of a test record its features. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'number' }, { type: 'string' }], nullable: true },
  })
  values!: Readonly<Record<string, number | string | null>>;
  champion!: VersionScoreDto;
  previewed!: VersionScoreDto;
}

/** What would change if a version took the champion's place. */
export class PromotionPreviewDto {
  detector!: string;
  champion!: PreviewedVersionDto;
  previewed!: PreviewedVersionDto;
  /** The previewed version's figures over the champion's. */
  ratios!: RatiosDto;
  /** `logged`: what was scored last. `test`: the test part of what is stored, where little was logged. */
  @ApiProperty({ enum: ['logged', 'test'] })
  source!: 'logged' | 'test';
  /** When the first and the last of logged records were scored. */
  @ApiProperty({ type: [Date], nullable: true })
  between!: readonly [Date, Date] | null;
  /** Of test records: whether neither version can have learned from them. */
  @ApiProperty({ type: Boolean, nullable: true })
  unseen!: boolean | null;
  /** Logged records that cannot be scored again as they were: of another contract, or of a request that is not logged whole. */
  leftOut!: number;
  records!: number;
  /** How many records the champion gives the outer verdict and the previewed version the inner one. */
  verdicts!: VerdictMatrixDto;
  flips!: FlipsDto;
  @ApiProperty({ type: [SliceFlipsDto] })
  slices!: readonly SliceFlipsDto[];
  /** Of the previewed version's probabilities minus the champion's. */
  probability!: ProbabilityChangeDto;
  /** The ten records whose probability changes most. */
  @ApiProperty({ type: [ChangedRecordDto] })
  changed!: readonly ChangedRecordDto[];
}
