import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, IsNumber, IsString, MaxLength, Min, ValidateIf } from 'class-validator';
import { IsoDate } from '../common/iso-date.js';
import { MayBeAbsent, MayBeAbsentOrNull } from '../common/may-be-absent.js';
import { PageQuery } from '../common/page.dto.js';
import { PagedDto } from '../common/paged.dto.js';
import { type ChallengerMode, challengerModes, type TrialMode, trialModes } from './challenger-mode.js';
import { type Alias, aliases, type DeploymentKind, deploymentKinds } from './deployment.schema.js';
import type { MovePreview } from './moves.js';

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
  /** The detector. @example 'phishing-website' */
  detector!: string;
  /** Number of the version that serves; null while none does. */
  champion!: number | null;
  /** Number of the version that waits or is tried; null where there is none. */
  challenger!: number | null;
  /** How the challenger is tried. */
  @ApiProperty({ enum: challengerModes })
  challengerMode!: ChallengerMode;
  /** Share of the traffic that a canary scores, 0 to 1; 0 in the other modes. */
  canaryShare!: number;
  /** Highest version number given out. */
  lastVersion!: number;
}

/** What a move of an alias says wherever it is shown. */
class MoveOfAliasDto {
  /** The alias that is moved. */
  @ApiProperty({ enum: aliases })
  alias!: Alias;
  /** How it came to be moved; `force` is a run that promotes whatever comes out. */
  @ApiProperty({ enum: deploymentKinds })
  kind!: DeploymentKind;
  /** Number of the version that the alias pointed to; null where it pointed to none. */
  from!: number | null;
  /** Number of the version that it points to then; null where there is no challenger any more. */
  to!: number | null;
  /** How a challenger is tried. */
  @ApiProperty({ enum: challengerModes, required: false })
  mode?: ChallengerMode;
  /** Share of the traffic that a canary scores, above 0 and at most 1. */
  share?: number;
}

/** One entry of the ledger as a model card has it. */
export class CardMoveDto extends MoveOfAliasDto {
  /** Number of the move, counted from 1 for each detector without a gap. */
  move!: number;
  /** Who moved it. */
  actor!: string;
  /** Why; empty where nothing was said. */
  reason!: string;
  /** When. */
  at!: Date;
}

/** One entry of the ledger. */
export class DeploymentDto extends CardMoveDto {
  /** `<detector>/<move>` */
  id!: string;
  /** The detector whose alias it is. */
  detector!: string;
}

export class DeploymentPageDto extends PagedDto {
  /** Moves, newest first. */
  @ApiProperty({ type: [DeploymentDto] })
  items!: DeploymentDto[];
}

/** What was looked at before a move. */
class MoveCheckDto {
  /** Which check. @example 'loads' */
  name!: string;
  /** Whether the version passed it. */
  passed!: boolean;
  /** What was found, in a sentence. */
  message!: string;
}

/** What a move would do. */
export class MovePreviewDto extends MoveOfAliasDto implements MovePreview {
  /** Always true: nothing was changed. */
  @ApiProperty({ type: Boolean, enum: [true] })
  dryRun!: true;
  /** The detector whose alias it is. */
  detector!: string;
  /** Whether the version can be loaded and gives the probabilities that it gave when it was made. */
  @ApiProperty({ type: [MoveCheckDto] })
  checks!: readonly MoveCheckDto[];
}

/** What served at a moment. */
export class ServedDto {
  /** The detector. */
  detector!: string;
  /** The moment. */
  at!: Date;
  /** Number of the version; null when nothing served. */
  version!: number | null;
  /** The move by which it came to serve; null when nothing served. */
  deployment!: DeploymentDto | null;
}
