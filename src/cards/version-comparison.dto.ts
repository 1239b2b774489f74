import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsInt, Min } from 'class-validator';

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

/** Versions side by side; every list has one entry a version. */
export class VersionComparisonDto {
  detector!: string;
  /** Candidate, data, contract, code, seed, thresholds, size and curves of each. */
  @ApiProperty({ type: 'array', items: { type: 'object' } })
  versions!: readonly object[];
  /** Whether all were measured on the same test rows. */
  sameTestRows!: boolean;
  /** Values, 95 % intervals, and differences from the first version. */
  @ApiProperty({ type: 'array', items: { type: 'object' } })
  metrics!: readonly object[];
  /** Options of the learners, and whether they differ. */
  @ApiProperty({ type: 'array', items: { type: 'object' } })
  options!: readonly object[];
}

/** What is no whole number becomes NaN, which the checks refuse. */
function numbersOf(text: string): number[] {
  return text.split(',').map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : NaN));
}
