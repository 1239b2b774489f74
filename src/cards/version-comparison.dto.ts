import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsInt, Min } from 'class-validator';
import { type MetricName, metricNames } from '../ml/metrics.js';
import type { Interval } from '../ml/resampling.js';
import { intervalOrNull, optionValue, ThresholdsDto } from '../registry/metrics.dto.js';
import { BandedCurvesDto } from '../runs/evaluation.dto.js';
import type {
  ComparedMetric,
  ComparedOption,
  ComparedVersion,
  VersionComparison,
} from './version-comparison.js';

export class CompareQuery {
  /** Two to ten numbers, separated by commas; differences are taken from the first. */
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? numbersOf(value) : value))
  @ArrayMinSize(2)
  @ArrayMaxSize(10)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(1, { each: true })
  @ApiProperty({ type: String, example: '1,2' })
  versions!: number[];
}

/** A version in a comparison. */
class ComparedVersionDto implements ComparedVersion {
  /** Its number. */
  version!: number;
  /** The candidate that won its run. */
  candidate!: string;
  /** The learner of that candidate. */
  learner!: string;
  /** When it was made. */
  createdAt!: Date;
  /** Of the snapshot, sha256; null where it is not known. */
  fingerprint!: string | null;
  /** Rows that it was made from and measured on. */
  rows!: number;
  /** Digest of the dataset contract. */
  contractSha256!: string;
  /** Version of the code that made it; null where it is not known. */
  codeVersion!: string | null;
  /** Seed of its run; null where it is not known. */
  seed!: number | null;
  /** Probabilities from which its verdicts are given. */
  thresholds!: ThresholdsDto;
  /** Size of its bundle, bytes. */
  size!: number;
  /** Digest of its bundle. */
  sha256!: string;
  /** Of the test part; null where the version came without. */
  @ApiProperty({ type: BandedCurvesDto, nullable: true })
  curves!: ComparedVersion['curves'];
}

/** One metric of the test part. */
class ComparedMetricDto implements ComparedMetric {
  /** The metric. */
  @ApiProperty({ enum: metricNames })
  metric!: MetricName;
  /** Whether less of it is better. */
  lowerIsBetter!: boolean;
  /** Its value, one entry a version; null where it has none. */
  @ApiProperty({ type: 'array', items: { type: 'number', nullable: true } })
  values!: readonly (number | null)[];
  /** 95 % intervals, one entry a version; null where one is not known. */
  @ApiProperty({ type: 'array', items: { ...intervalOrNull } })
  intervals!: readonly (Interval | null)[];
  /** Value minus that of the first version, one entry a version. */
  @ApiProperty({ type: 'array', items: { type: 'number', nullable: true } })
  differences!: readonly (number | null)[];
}

/** One option of the learners. */
class ComparedOptionDto implements ComparedOption {
  /** Its name. */
  option!: string;
  /** Its value, one entry a version; null where the version's learner has no such option. */
  @ApiProperty({ type: 'array', items: optionValue() })
  values!: ComparedOption['values'];
  /** Whether the values differ. */
  differs!: boolean;
}

/** Versions side by side; every list has one entry a version. */
export class VersionComparisonDto implements VersionComparison {
  /** The detector. */
  detector!: string;
  /** Candidate, data, contract, code, seed, thresholds, size and curves of each. */
  @ApiProperty({ type: [ComparedVersionDto] })
  versions!: readonly ComparedVersionDto[];
  /** Whether all were measured on the same test rows: where not, differences are also those of the rows. */
  sameTestRows!: boolean;
  /** Values, 95 % intervals, and differences from the first version. */
  @ApiProperty({ type: [ComparedMetricDto] })
  metrics!: readonly ComparedMetricDto[];
  /** Options of the learners, and whether they differ. */
  @ApiProperty({ type: [ComparedOptionDto] })
  options!: readonly ComparedOptionDto[];
}

/** What is no whole number becomes NaN, which the checks refuse. */
function numbersOf(text: string): number[] {
  return text.split(',').map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : NaN));
}
