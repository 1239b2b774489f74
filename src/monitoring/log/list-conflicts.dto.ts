import { ApiProperty } from '@nestjs/swagger';
import { IsoDate } from '../../common/iso-date.js';
import { MayBeAbsent } from '../../common/may-be-absent.js';
import { ListEntryDto } from '../../lists/lists.dto.js';

export class ListConflictsQuery {
  /** Predictions from then on; of the last 90 days when absent. @example '2030-01-01T00:00:00Z' */
  @MayBeAbsent()
  @IsoDate()
  since?: Date;
}

export class ListConflictExampleDto {
  /** Id of the verdict. */
  prediction!: string;
  /** @example 'login.example.com/verify' */
  url!: string;
  @ApiProperty({ enum: [0, 1], description: '1 threat, 0 benign' })
  label!: 0 | 1;
  at!: Date;
  by!: string;
  @ApiProperty({ type: String, nullable: true })
  note!: string | null;
}

export class ListConflictDto {
  entry!: ListEntryDto;
  /** Predictions with feedback that speaks against the entry. */
  against!: number;
  /** Those with feedback that bears it out. */
  bornOut!: number;
  /** The newest against it, at most three. */
  @ApiProperty({ type: [ListConflictExampleDto] })
  examples!: readonly ListConflictExampleDto[];
}

export class ListConflictsDto {
  since!: Date;
  /** Predictions of addresses with feedback in that time. */
  examined!: number;
  @ApiProperty({ type: [ListConflictDto] })
  conflicts!: readonly ListConflictDto[];
}
