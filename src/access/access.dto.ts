import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsString,
  Matches,
  MaxLength,
  MinDate,
} from 'class-validator';
import { IsoDate } from '../common/iso-date.js';
import { MayBeAbsent } from '../common/may-be-absent.js';
import { PageQuery } from '../common/page.dto.js';
import { PagedDto } from '../common/paged.dto.js';
import { type Role, roles } from './roles.js';

/** Names go into the ledger and into logs as they are. */
export const keyName = /^\w[\w .@-]{0,79}$/;
export const keyNameRule = 'must be 1 to 80 letters, digits, blanks and . @ _ -';

export class CreateKeyDto {
  /** What it is for; the actor of what is done with it. @example 'siem' */
  @IsString()
  @Matches(keyName, { message: `name ${keyNameRule}` })
  name!: string;

  /** What it may do; each role may do what those before it may. */
  @IsIn(roles)
  @ApiProperty({ enum: roles, example: 'scorer' })
  role!: Role;

  /** Detectors that it may use; all when absent. @example ['phishing-website'] */
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  detectors?: string[];

  /** End of its validity; none when absent. @example '2030-01-01T00:00:00Z' */
  @MayBeAbsent()
  @IsoDate()
  @MinDate(() => new Date(), { message: 'expiresAt must be in the future' })
  expiresAt?: Date;
}

/** An API key without its secret. */
export class ApiKeyDto {
  /** The public part of the key. @example '3f9c2a7b10de' */
  id!: string;
  /** What it is for; the actor of what is done with it. */
  name!: string;
  /** What it may do; each role may do what those before it may. */
  @ApiProperty({ enum: roles })
  role!: Role;
  /** Detectors that it may use; null for all. */
  @ApiProperty({ type: [String], nullable: true })
  detectors!: string[] | null;
  /** Who made it. @example 'cli root' */
  createdBy!: string;
  /** When it was made. */
  createdAt!: Date;
  /** When its validity ends; null for never. */
  expiresAt!: Date | null;
  /** When it was revoked; null where it was not. */
  revokedAt!: Date | null;
  /** When it was last used, to the minute; null until it is. */
  lastUsedAt!: Date | null;
}

export class CreatedKeyDto extends ApiKeyDto {
  /** The whole key, shown this once. */
  key!: string;
}

export class ApiKeyPageDto extends PagedDto {
  /** Keys, newest first. */
  @ApiProperty({ type: [ApiKeyDto] })
  items!: ApiKeyDto[];
}

export class AuditQuery extends PageQuery {
  /** Only what this actor did. @example 'key siem' */
  @MayBeAbsent()
  @IsString()
  @MaxLength(200)
  actor?: string;
}

/** One request that changed something, or refusals of one kind within a minute. */
export class AuditEventDto {
  /** A UUID. */
  id!: string;
  /** When the request was answered; of refusals, when the first of them was. */
  at!: Date;
  /** Who sent it; `nobody` without a valid key. @example 'key siem' */
  actor!: string;
  /** The id of the actor's key; null without one. */
  key!: string | null;
  /** The request's method. @example 'POST' */
  method!: string;
  /** The request's path without its query, at most 500 characters. */
  path!: string;
  /** The answer's HTTP status. */
  status!: number;
  /** The request's id; of the first one where the event counts several. */
  requestId!: string;
  /** Of refusals (401, 403): how many of one actor at one route there were within a minute. @example 1 */
  count?: number;
  /** Of refusals: when the last of them was. */
  lastAt?: Date;
}

export class AuditPageDto extends PagedDto {
  /** Events, newest first. */
  @ApiProperty({ type: [AuditEventDto] })
  items!: AuditEventDto[];
}
