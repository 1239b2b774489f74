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

/** Feedback that speaks against an entry. */
export class ListConflictExampleDto {
  /** Id of the verdict. */
  prediction!: string;
  /** The address, in canonical spelling. @example 'login.example.com/verify' */
  url!: string;
  /** What the address turned out to be: 1 a threat, 0 benign. */
  @ApiProperty({ enum: [0, 1] })
  label!: 0 | 1;
  /** When the feedback was given. */
  at!: Date;
  /** Who gave it. */
  by!: string;
  /** What was said with it; null where nothing was. */
  note!: string | null;
}

/** An entry that feedback speaks against. */
export class ListConflictDto {
  /** The entry. */
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
  /** Beginning of the time that is looked at. */
  since!: Date;
  /** Predictions of addresses with feedback in that time. */
  examined!: number;
  /** Entries that feedback speaks against, the one with most against it first. */
  @ApiProperty({ type: [ListConflictDto] })
  conflicts!: readonly ListConflictDto[];
}
