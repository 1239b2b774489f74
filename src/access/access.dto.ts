import { ApiProperty, OmitType } from '@nestjs/swagger';
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
import { type Role, roles } from './roles.js';

/** Names go into the ledger and into logs as they are. */
export const keyName = /^\w[\w .@-]{0,79}$/;
export const keyNameRule = 'must be 1 to 80 letters, digits, blanks and . @ _ -';

export class CreateKeyDto {
  /** What it is for; the actor of what is done with it. @example 'siem' */
  @IsString()
  @Matches(keyName, { message: `name ${keyNameRule}` })
  name!: string;

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

export class CreatedKeyDto {
  /** The public part of the key. @example '3f9c2a7b10de' */
  _id!: string;
  name!: string;
  @ApiProperty({ enum: roles })
  role!: Role;
  @ApiProperty({ type: [String], nullable: true })
  detectors!: string[] | null;
  createdBy!: string;
  createdAt!: Date;
  @ApiProperty({ type: Date, nullable: true })
  expiresAt!: Date | null;
  @ApiProperty({ type: Date, nullable: true })
  revokedAt!: Date | null;
  @ApiProperty({ type: Date, nullable: true })
  lastUsedAt!: Date | null;
  /** The whole key, shown this once. */
  key!: string;
}

export class ApiKeyDto extends OmitType(CreatedKeyDto, ['key']) {}

export class ApiKeyPageDto {
  @ApiProperty({ type: [ApiKeyDto] })
  items!: ApiKeyDto[];
  page!: number;
  pageSize!: number;
  total!: number;
}

export class AuditQuery extends PageQuery {
  /** Only what this actor did. @example 'key siem' */
  @MayBeAbsent()
  @IsString()
  @MaxLength(200)
  actor?: string;
}

export class AuditEventDto {
  at!: Date;
  actor!: string;
  /** The id of the actor's key. */
  @ApiProperty({ type: String, nullable: true })
  key!: string | null;
  method!: string;
  path!: string;
  status!: number;
  /** Of the first one where the event counts several. */
  requestId!: string;
  /** Of refusals (401, 403): how many of one actor at one route there were within a minute. @example 1 */
  count?: number;
  /** Of refusals: when the last of them was. */
  lastAt?: Date;
}

export class AuditPageDto {
  @ApiProperty({ type: [AuditEventDto] })
  items!: AuditEventDto[];
  page!: number;
  pageSize!: number;
  total!: number;
}
