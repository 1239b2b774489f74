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

/** One of the two versions. */
class PreviewedVersionDto {
  /** Number of the version. */
  version!: number;
  /** The contract's candidate that it came from. */
  candidate!: string;
  /** The learner of that candidate. */
  learner!: string;
  /** Size of its bundle, bytes. */
  size!: number;
  /** Median time of scoring one row alone, milliseconds, measured just now in turns with the other version. */
  latencyMs!: number;
}

/** The previewed version's figures over the champion's. */
class RatiosDto {
  /** Ratio of the median times of scoring one row alone. */
  latency!: number;
  /** Ratio of the bundles' sizes. */
  size!: number;
}

/** Records that change. */
class ChangedShareDto {
  /** How many records change. */
  count!: number;
  /** Their share of all records, 0 to 1; null where there are no records. */
  share!: number | null;
  /** Wilson's 95 % interval of the share, `[low, high]`, as if no two records were alike; null where there are none. */
  @ApiProperty({ type: [Number], nullable: true })
  interval!: readonly [number, number] | null;
}

/** Records that get another verdict. */
class FlipsDto {
  /** Another verdict, whichever. */
  changed!: ChangedShareDto;
  /** Benign for the champion, suspicious or malicious for the previewed version. */
  toThreat!: ChangedShareDto;
  /** The other way round. */
  toBenign!: ChangedShareDto;
}

/** How the records change that have something in common. */
class SliceFlipsDto {
  /** What they have in common: `day` of logged records, UTC; `source` or the contract's group column of test records. */
  by!: string;
  /** The day, the source or the group. */
  value!: string;
  /** How many records they are. */
  records!: number;
  /** Those that get another verdict. */
  flips!: FlipsDto;
  /** Mean of the previewed version's probabilities minus the champion's, -1 to 1. */
  meanChange!: number;
}

/** The previewed version's probabilities minus the champion's; null where there are no records. */
class ProbabilityChangeDto {
  /** Their mean, -1 to 1. */
  mean!: number | null;
  /** Mean of their sizes, 0 to 1. */
  meanAbsolute!: number | null;
  /** The greatest of their sizes, 0 to 1. */
  maxAbsolute!: number | null;
}

/** What one version says of a record. */
class VersionScoreDto {
  /** Calibrated probability of threat, 0 to 1. */
  probability!: number;
  /** Its verdict by itself. */
  @ApiProperty({ enum: verdicts })
  verdict!: VerdictName;
}

/** Records by the previewed version's verdict. */
class VerdictCountsDto {
  /** Records that it calls benign. */
  benign!: number;
  /** Records that it calls suspicious. */
  suspicious!: number;
  /** Records that it calls malicious. */
  malicious!: number;
}

/** Records by the champion's verdict, then by the previewed version's. */
class VerdictMatrixDto {
  /** Of the records that the champion calls benign. */
  benign!: VerdictCountsDto;
  /** Of the records that the champion calls suspicious. */
  suspicious!: VerdictCountsDto;
  /** Of the records that the champion calls malicious. */
  malicious!: VerdictCountsDto;
}

/** A record whose probability changes much. */
class ChangedRecordDto {
  /** Id of the logged verdict; null of a test record. */
  id!: string | null;
  /** What the record says; of a test record its features. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'number' }, { type: 'string' }], nullable: true },
  })
  values!: Readonly<Record<string, number | string | null>>;
  /** What the champion says of it. */
  champion!: VersionScoreDto;
  /** What the previewed version says of it. */
  previewed!: VersionScoreDto;
}

/** What would change if a version took the champion's place. */
export class PromotionPreviewDto {
  /** The detector. @example 'phishing-website' */
  detector!: string;
  /** The version that serves. */
  champion!: PreviewedVersionDto;
  /** The version that might take its place. */
  previewed!: PreviewedVersionDto;
  /** The previewed version's figures over the champion's. */
  ratios!: RatiosDto;
  /** `logged`: what was scored last. `test`: the test part of what is stored, where little was logged. */
  @ApiProperty({ enum: ['logged', 'test'] })
  source!: 'logged' | 'test';
  /** When the first and the last of logged records were scored; null of test records. */
  @ApiProperty({ type: [Date], nullable: true })
  between!: readonly [Date, Date] | null;
  /** Of test records: whether neither version can have learned from them; null of logged records. */
  unseen!: boolean | null;
  /** Logged records that cannot be scored again as they were: of another contract, or of a request that is not logged whole. */
  leftOut!: number;
  /** Records that both versions scored. */
  records!: number;
  /** How many records the champion gives the outer verdict and the previewed version the inner one. */
  verdicts!: VerdictMatrixDto;
  /** Records that get another verdict. */
  flips!: FlipsDto;
  /** The same by day, source or group. */
  @ApiProperty({ type: [SliceFlipsDto] })
  slices!: readonly SliceFlipsDto[];
  /** Of the previewed version's probabilities minus the champion's. */
  probability!: ProbabilityChangeDto;
  /** The ten records whose probability changes most. */
  @ApiProperty({ type: [ChangedRecordDto] })
  changed!: readonly ChangedRecordDto[];
}
