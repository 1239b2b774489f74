import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsString, MaxLength, MinDate, MinLength } from 'class-validator';
import { IsoDate } from '../common/iso-date.js';
import { MayBeAbsent } from '../common/may-be-absent.js';
import { PageQuery } from '../common/page.dto.js';
import { PagedDto } from '../common/paged.dto.js';
import { type ListName, listNames, type MatchKind, matchKinds } from './list-entry.schema.js';

export class AddListEntryDto {
  /** `allow` makes addresses benign, `deny` malicious. */
  @IsIn(listNames)
  @ApiProperty({ enum: listNames, example: 'allow' })
  list!: ListName;

  /** `url` is one address, `host` one host, `domain` all hosts below a registered domain, `suffix` all below any name. */
  @IsIn(matchKinds)
  @ApiProperty({ enum: matchKinds, example: 'domain' })
  match!: MatchKind;

  /** In any spelling. @example 'example.com' */
  @IsString()
  @MinLength(1)
  @MaxLength(8192)
  value!: string;

  /** Why. @example 'our own intranet' */
  @MayBeAbsent()
  @IsString()
  @MaxLength(500)
  note?: string;

  /** From then on it decides nothing; never when absent. @example '2030-01-01T00:00:00Z' */
  @MayBeAbsent()
  @IsoDate()
  @MinDate(() => new Date(), { message: 'expiresAt must be in the future' })
  expiresAt?: Date;

  /** Whether an entry of the other list gives way to this one. */
  @MayBeAbsent()
  @IsBoolean()
  replace?: boolean;
}

/** A decision on addresses. */
export class ListEntryDto {
  /** A digest of match and value. @example '5f2b8c1e7a90d3f41c66be02' */
  id!: string;
  /** `allow` makes addresses benign, `deny` malicious. */
  @ApiProperty({ enum: listNames })
  list!: ListName;
  /** `url` is one address, `host` one host, `domain` all hosts below a registered domain, `suffix` all below any name. */
  @ApiProperty({ enum: matchKinds })
  match!: MatchKind;
  /** What addresses are compared with, in canonical spelling. @example 'example.com' */
  value!: string;
  /** Why; empty where nothing was said. */
  note!: string;
  /** Who put it on the list. */
  author!: string;
  /** When it was put on the list. */
  createdAt!: Date;
  /** From then on it decides nothing; null for never. */
  expiresAt!: Date | null;
  /** When it was taken from the list; null while it is on it. */
  removedAt!: Date | null;
  /** Who took it from the list; null while it is on it. */
  removedBy!: string | null;
  /** When it was last changed, by the database's clock. */
  changedAt!: Date;
}

export class ListEntryPageDto extends PagedDto {
  /** Entries, newest first. */
  @ApiProperty({ type: [ListEntryDto] })
  items!: ListEntryDto[];
}

export class ListsQuery extends PageQuery {
  /** Only this list. */
  @MayBeAbsent()
  @IsIn(listNames)
  @ApiProperty({ enum: listNames, required: false })
  list?: ListName;
}
