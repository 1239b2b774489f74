import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, IsNumber, IsString, MaxLength, Min, ValidateIf } from 'class-validator';
import { IsoDate } from '../common/iso-date.js';
import { MayBeAbsent, MayBeAbsentOrNull } from '../common/may-be-absent.js';
import { PageQuery } from '../common/page.js';
import { type CardFormat, cardFormats } from '../cards/card-format.js';
import { type ChallengerMode, challengerModes, type TrialMode, trialModes } from './challenger-mode.js';
import { type Alias, aliases, type DeploymentKind, deploymentKinds } from './deployment.schema.js';

export class DeploymentsQuery extends PageQuery {
  /** Only moves made by this moment; the first champion entry is then what served. */
  @MayBeAbsent()
  @IsoDate()
  at?: Date;
}

export class ServedQuery {
  /** The moment; now when absent. */
  @MayBeAbsent()
  @IsoDate()
  at?: Date;
}

export class CardQuery {
  /** How the card is written; without it the `Accept` header decides, and JSON where that does not. */
  @MayBeAbsent()
  @IsIn(cardFormats)
  @ApiProperty({ enum: cardFormats, required: false })
  format?: CardFormat;
}

class MoveDto {
  /** The champion you saw, null for none; the move is refused with 409 when it is another one by now. */
  @MayBeAbsentOrNull()
  @IsInt()
  @Min(1)
  @ApiProperty({ type: Number, nullable: true, required: false })
  expectedChampion?: number | null;

  /** Why, for the ledger. @example 'fewer false alarms' */
  @MayBeAbsent()
  @IsString()
  @MaxLength(500)
  reason?: string;

  /** Answers what would happen, and changes nothing. */
  @MayBeAbsent()
  @IsBoolean()
  dryRun?: boolean;
}

export class PromoteDto extends MoveDto {
  /** Version to make the champion. @example 1 */
  @IsInt()
  @Min(1)
  version!: number;
}

export class RollbackDto extends MoveDto {
  /** Version to go back to; without it the one that served before the champion. @example 1 */
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  version?: number;

  /** Goes back to the version that served at this moment; not beside `version`. */
  @MayBeAbsent()
  @IsoDate()
  servedAt?: Date;
}

export class ChallengeDto extends MoveDto {
  /** Version to try beside the champion; null ends the trial of the present one. */
  @ValidateIf(({ version }: ChallengeDto) => version !== null)
  @IsInt()
  @Min(1)
  @ApiProperty({ type: Number, nullable: true })
  version!: number | null;

  /** Scores behind the champion's answers, or answers a share of the traffic itself. Needed with a version. */
  @ValidateIf(({ version, mode }: ChallengeDto) => version !== null || mode !== undefined)
  @IsIn(trialModes)
  @ApiProperty({ enum: trialModes, required: false })
  mode?: TrialMode;

  /** Share of the traffic that a canary answers, above 0 and at most 1. */
  @MayBeAbsent()
  @IsNumber()
  share?: number;
}

/** A registered model: one a detector. */
export class RegisteredModelDto {
  /** @example 'phishing-website' */
  detector!: string;
  @ApiProperty({ type: Number, nullable: true })
  champion!: number | null;
  @ApiProperty({ type: Number, nullable: true })
  challenger!: number | null;
  @ApiProperty({ enum: challengerModes })
  challengerMode!: ChallengerMode;
  /** Share of the traffic that a canary answers; 0 in the other modes. */
  canaryShare!: number;
  /** Highest version number given out. */
  lastVersion!: number;
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
  /** Null where there is no challenger any more. */
  @ApiProperty({ type: Number, nullable: true })
  to!: number | null;
  /** How a challenger is tried. */
  @ApiProperty({ enum: challengerModes, required: false })
  mode?: ChallengerMode;
  /** Share of the traffic that a canary answers. */
  share?: number;
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

class CheckDto {
  /** @example 'loads' */
  name!: string;
  passed!: boolean;
  message!: string;
}

/** What a move would do. */
export class MovePreviewDto {
  dryRun!: true;
  detector!: string;
  @ApiProperty({ enum: aliases })
  alias!: Alias;
  @ApiProperty({ enum: deploymentKinds })
  kind!: DeploymentKind;
  @ApiProperty({ type: Number, nullable: true })
  from!: number | null;
  @ApiProperty({ type: Number, nullable: true })
  to!: number | null;
  @ApiProperty({ enum: challengerModes, required: false })
  mode?: ChallengerMode;
  share?: number;
  /** Whether the version can be loaded and gives the probabilities that it gave when it was made. */
  @ApiProperty({ type: [CheckDto] })
  checks!: readonly CheckDto[];
}

/** What served at a moment. */
export class ServedDto {
  detector!: string;
  at!: Date;
  /** Null when nothing served. */
  @ApiProperty({ type: Number, nullable: true })
  version!: number | null;
  /** The move by which it came to serve. */
  @ApiProperty({ type: DeploymentDto, nullable: true })
  deployment!: DeploymentDto | null;
}

/** What a model version is, what it was made from and what to expect of it. Parts that are not known are null. */
export class ModelCardDto {
  /** Of the card's form. @example 1 */
  schemaVersion!: number;
  /** Learner, options, run, code, bundle. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  modelDetails!: object;
  @ApiProperty({ type: 'object', additionalProperties: true })
  intendedUse!: object;
  /** Source, licence, fingerprint; rows, threats and groups of each part. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  data!: object;
  /** The rule, and each candidate with its options, fold scores and fit times. */
  @ApiProperty({ type: 'object', nullable: true, additionalProperties: true })
  modelSelection!: object | null;
  /** Metrics of the test and the validation part with 95 % intervals, curves, importance. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  evaluation!: object;
  /** How each verdict's threshold was chosen, and the confusion at it. */
  @ApiProperty({ type: 'array', items: { type: 'object' } })
  thresholds!: object[];
  @ApiProperty({ type: 'object', nullable: true, additionalProperties: true })
  gate!: object | null;
  caveatsAndRecommendations!: string[];
  /** The aliases that point to it now, and the moves of an alias to it or away from it, newest first. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  deployments!: object;
}
