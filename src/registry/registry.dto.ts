import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDate, IsInt, IsOptional, IsString, MaxLength, Min } from 'class-validator';
import { PageQuery } from '../common/page.js';
import { type Alias, aliases, type DeploymentKind, deploymentKinds } from './deployment.schema.js';

export class DeploymentsQuery extends PageQuery {
  /** Only moves made by this moment; the first champion entry is then what served. */
  @IsOptional()
  @Type(() => Date)
  @IsDate()
  at?: Date;
}

class MoveDto {
  /** The champion you saw, null for none; the move is refused with 409 when it is another one by now. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @ApiProperty({ type: Number, nullable: true, required: false })
  expectedChampion?: number | null;

  /** Why, for the ledger. @example 'fewer false alarms' */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  reason?: string;
}

export class PromoteDto extends MoveDto {
  /** Version to make the champion. @example 1 */
  @IsInt()
  @Min(1)
  version!: number;
}

export class RollbackDto extends MoveDto {
  /** Version to go back to; without it the one that served before the champion. @example 1 */
  @IsOptional()
  @IsInt()
  @Min(1)
  version?: number;
}

/** A registered model: one a detector. */
export class RegisteredModelDto {
  /** @example 'phishing-website' */
  detector!: string;
  @ApiProperty({ type: Number, nullable: true })
  champion!: number | null;
  @ApiProperty({ type: Number, nullable: true })
  challenger!: number | null;
  /** Highest version number given out. */
  lastVersion!: number;
}

export class ModelVersionDto {
  detector!: string;
  version!: number;
  /** Aliases that point to it. */
  @ApiProperty({ enum: aliases, isArray: true })
  aliases!: Alias[];
  candidate!: string;
  learner!: string;
  /** Digest of its bundle. */
  sha256!: string;
  /** Bytes of its bundle. */
  size!: number;
  /** On the test part; the threat is the positive class. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  metrics!: object;
  /** 95 % bootstrap intervals by group. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  intervals!: object;
  @ApiProperty({ type: 'object', additionalProperties: true })
  thresholds!: object;
  @ApiProperty({ type: 'array', items: { type: 'object' } })
  signature!: object[];
  @ApiProperty({ type: 'object', additionalProperties: true })
  lineage!: object;
  createdAt!: Date;
}

export class ModelVersionPageDto {
  @ApiProperty({ type: [ModelVersionDto] })
  items!: ModelVersionDto[];
  page!: number;
  pageSize!: number;
  total!: number;
}

/** One entry of the ledger. */
export class DeploymentDto {
  detector!: string;
  move!: number;
  @ApiProperty({ enum: aliases })
  alias!: Alias;
  @ApiProperty({ enum: deploymentKinds })
  kind!: DeploymentKind;
  @ApiProperty({ type: Number, nullable: true })
  from!: number | null;
  to!: number;
  actor!: string;
  reason!: string;
  at!: Date;
}

export class DeploymentPageDto {
  @ApiProperty({ type: [DeploymentDto] })
  items!: DeploymentDto[];
  page!: number;
  pageSize!: number;
  total!: number;
}
