import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsString, MaxLength, MinDate, MinLength } from 'class-validator';
import { IsoDate } from '../common/iso-date.js';
import { MayBeAbsent } from '../common/may-be-absent.js';
import { PageQuery } from '../common/page.dto.js';
import { type ListName, listNames, type MatchKind, matchKinds } from './list-entry.schema.js';

export class AddListEntryDto {
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

export class ListEntryDto {
  /** @example '5f2b8c1e7a90d3f41c66be02' */
  _id!: string;
  @ApiProperty({ enum: listNames })
  list!: ListName;
  @ApiProperty({ enum: matchKinds })
  match!: MatchKind;
  /** In canonical spelling. @example 'example.com' */
  value!: string;
  note!: string;
  author!: string;
  createdAt!: Date;
  @ApiProperty({ type: Date, nullable: true })
  expiresAt!: Date | null;
  @ApiProperty({ type: Date, nullable: true })
  removedAt!: Date | null;
  @ApiProperty({ type: String, nullable: true })
  removedBy!: string | null;
  changedAt!: Date;
}

export class ListEntryPageDto {
  @ApiProperty({ type: [ListEntryDto] })
  items!: ListEntryDto[];
  page!: number;
  pageSize!: number;
  total!: number;
}

export class ListsQuery extends PageQuery {
  /** Only this list. */
  @MayBeAbsent()
  @IsIn(listNames)
  @ApiProperty({ enum: listNames, required: false })
  list?: ListName;
}
