import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsString,
  MaxLength,
  MinDate,
  MinLength,
} from 'class-validator';
import { IsoDate } from '../common/iso-date.js';
import { MayBeAbsent } from '../common/may-be-absent.js';
import { PageQuery } from '../common/page.dto.js';
import { PagedDto } from '../common/paged.dto.js';
import { type ExportFormat, exportFormats } from './list-export.js';
import type { ListFileFormat } from './list-file.js';
import { type ListName, listNames, type MatchKind, matchKinds } from './list-entry.schema.js';

/** Values or ids of one request. */
const mostAtOnce = 10_000;

export class AddListEntryDto {
  /**
   * `allow` makes addresses and flows benign, `deny` malicious; `suppress` keeps alerts back until `expiresAt`; `brand`
   * has a name of your own.
   */
  @IsIn(listNames)
  @ApiProperty({ enum: listNames, example: 'allow' })
  list!: ListName;

  /**
   * What the value is; read from it when absent. `url` is one address, `host` one host, `domain` all hosts below a
   * registered domain, `suffix` all below any name, `network` a block of IP addresses. Of flows, `pair` is all from one
   * host to another (`10.0.0.5 > 203.0.113.9`), `service` all to a port (`10.0.0.5:53/udp`, `53/udp`), `finding` a kind
   * of finding. `brand` is a name of your own.
   */
  @MayBeAbsent()
  @IsIn(matchKinds)
  @ApiProperty({ enum: matchKinds, required: false, example: 'domain' })
  match?: MatchKind;

  /** In any spelling; a remark behind a `#` becomes the note. @example 'example.com' */
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

  /** Whether an entry of one address covers it with its parameters in any order. */
  @MayBeAbsent()
  @IsBoolean()
  anyOrder?: boolean;

  /** Narrows an entry of hosts to one kind of finding (`beacon`; `scan` for all scans). */
  @MayBeAbsent()
  @IsString()
  @MaxLength(50)
  finding?: string;

  /** Registered domains of a brand, such as `example.com`. */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(1000)
  @IsString({ each: true })
  @MaxLength(253, { each: true })
  @ApiProperty({ type: [String], required: false })
  domains?: string[];
}

/** A decision on addresses or flows. */
export class ListEntryDto {
  /** A digest of what it covers. @example '5f2b8c1e7a90d3f41c66be02' */
  id!: string;
  /** `allow` makes addresses and flows benign, `deny` malicious, `suppress` keeps alerts back, `brand` has own names. */
  @ApiProperty({ enum: listNames })
  list!: ListName;
  /** What it covers: one address, a host, a registered domain, a suffix, a network, flows, findings, or a name. */
  @ApiProperty({ enum: matchKinds })
  match!: MatchKind;
  /** What addresses and flows are compared with, in canonical spelling. @example 'example.com' */
  value!: string;
  /** Whether the parameters of an address may come in any order. */
  anyOrder!: boolean;
  /** The kind of finding that it is about; null for all that its hosts do. */
  finding!: string | null;
  /** Registered domains of a brand. */
  @ApiProperty({ type: [String] })
  domains!: readonly string[];
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

  /** Only entries of this kind. */
  @MayBeAbsent()
  @IsIn(matchKinds)
  @ApiProperty({ enum: matchKinds, required: false })
  match?: MatchKind;
}

const switches = ['on', 'off'] as const;
type Switch = (typeof switches)[number];
const faultPolicies = ['refuse', 'skip'] as const;

/** What all entries of a file have in common; what a line says itself goes before it. */
export class ImportQuery {
  /** The list of lines that name none. */
  @MayBeAbsent()
  @IsIn(listNames)
  @ApiProperty({ enum: listNames, required: false })
  list?: ListName;

  /** What the values are; read from each when absent. */
  @MayBeAbsent()
  @IsIn(matchKinds)
  @ApiProperty({ enum: matchKinds, required: false })
  match?: MatchKind;

  /** Why; what stands behind a line's `#` when absent. */
  @MayBeAbsent()
  @IsString()
  @MaxLength(500)
  note?: string;

  /** From then on they decide nothing; never when absent. @example '2030-01-01T00:00:00Z' */
  @MayBeAbsent()
  @IsoDate()
  expiresAt?: Date;

  /** Whether entries of the other list give way. */
  @MayBeAbsent()
  @IsIn(switches)
  @ApiProperty({ enum: switches, required: false, default: 'off' })
  replace?: Switch;

  /** Whether nothing is stored where a line has a fault, or the other lines are. */
  @MayBeAbsent()
  @IsIn(faultPolicies)
  @ApiProperty({ enum: faultPolicies, required: false, default: 'refuse' })
  faults?: (typeof faultPolicies)[number];

  /** Says what each line becomes and stores nothing. */
  @MayBeAbsent()
  @IsIn(switches)
  @ApiProperty({ enum: switches, required: false, default: 'off' })
  dryRun?: Switch;
}

/** What an entry would be. */
export class PlannedEntryDto {
  /** The list that it is for. */
  @ApiProperty({ enum: listNames })
  list!: ListName;
  /** What it covers. */
  @ApiProperty({ enum: matchKinds })
  match!: MatchKind;
  /** In canonical spelling. @example 'ads.example' */
  value!: string;
  /** Why. */
  note!: string;
}

/** What a line comes to. */
export class ReadListLineDto {
  /** Counted from 1. */
  line!: number;
  /** As it came. @example '0.0.0.0 ads.example' */
  text!: string;
  /** What it becomes; several of a range of addresses. */
  @ApiProperty({ type: [PlannedEntryDto] })
  entries!: readonly PlannedEntryDto[];
  /** Why it stands for nothing; null where it does. */
  leftOut!: string | null;
  /** What is wrong with it; null where nothing is. */
  fault!: string | null;
}

export class ListFaultDto {
  /** Counted from 1; absent of an entry that someone else put on the other list meanwhile. */
  line?: number;
  /** What is wrong. */
  message!: string;
}

const fileFormats = ['lines', 'csv', 'misp', 'json'] as const satisfies ListFileFormat[];

/** What came of a file. */
export class ListImportDto {
  /** What the file was read as. */
  @ApiProperty({ enum: fileFormats })
  format!: ListFileFormat;
  /** Whether nothing was stored, and this is what would be. */
  dryRun!: boolean;
  /** Lines, or elements of JSON. */
  lines!: number;
  /** Entries that were not on their lists as they are now. */
  stored!: number;
  /** Entries that were on their lists already, or come twice. */
  known!: number;
  /** Lines that stand for nothing: blank ones, remarks. */
  leftOut!: number;
  /** Lines with a fault; none of their entries is stored. */
  faulty!: number;
  /** The first hundred faults. */
  @ApiProperty({ type: [ListFaultDto] })
  faults!: readonly ListFaultDto[];
  /** What each line comes to; of a dry run. */
  @ApiProperty({ type: [ReadListLineDto], required: false })
  becomes?: readonly ReadListLineDto[];
}

export class RemoveListEntriesDto {
  /** Ids of entries. */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(mostAtOnce)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  @ApiProperty({ type: [String], required: false })
  ids?: string[];

  /** What entries cover, in any spelling. */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(mostAtOnce)
  @IsString({ each: true })
  @MaxLength(8192, { each: true })
  @ApiProperty({ type: [String], required: false })
  values?: string[];

  /** Only entries of this list. */
  @MayBeAbsent()
  @IsIn(listNames)
  @ApiProperty({ enum: listNames, required: false })
  list?: ListName;

  /** What the values are; read from each when absent. */
  @MayBeAbsent()
  @IsIn(matchKinds)
  @ApiProperty({ enum: matchKinds, required: false })
  match?: MatchKind;
}

export class RemovedEntriesDto {
  /** Entries that were on a list and are no longer. */
  removed!: number;
  /** Ids and values for which nothing is on a list. */
  @ApiProperty({ type: [String] })
  unknown!: readonly string[];
}

export class ExportQuery {
  /** Only this list. */
  @MayBeAbsent()
  @IsIn(listNames)
  @ApiProperty({ enum: listNames, required: false })
  list?: ListName;

  /** `csv` keeps all; `plain`, `hosts`, `adblock` and `misp` what they have words for. */
  @MayBeAbsent()
  @IsIn(exportFormats)
  @ApiProperty({ enum: exportFormats, required: false, default: 'csv' })
  format?: ExportFormat;
}

/** Entries in the form of a MISP warning list. */
export class WarningListDto {
  /** Of the whole list. @example 'Netwarden' */
  name!: string;
  /** The day of the export, as `yyyymmdd`. @example 20260301 */
  version!: number;
  /** What the list holds. */
  description!: string;
  /** MISP's kinds of attributes that it is compared with. */
  @ApiProperty({ type: [String] })
  matching_attributes!: string[];
  /** How MISP compares: `string`, for equal texts. */
  type!: string;
  /** The values of the entries. */
  @ApiProperty({ type: [String] })
  list!: string[];
}
