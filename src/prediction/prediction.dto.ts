import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { MayBeAbsent } from '../common/may-be-absent.js';
import { type ListName, listNames, type MatchKind, matchKinds } from '../lists/list-entry.schema.js';
import { verdicts, type VerdictName } from '../registry/bundle/scoring-model.js';
import { type ServedBy, servers } from './scored.js';

/** One feature that moved the score. */
export class ReasonDto {
  /** @example 'SSLfinal_State' */
  feature!: string;
  @ApiProperty({ oneOf: [{ type: 'number' }, { type: 'string' }], nullable: true, example: -1 })
  value!: number | string | null;
  /** What it added to the uncalibrated score, in the learner's unit; above 0 speaks for a threat. Null: it decides by itself; 0: it moved nothing. @example 0.21 */
  @ApiProperty({ type: Number, nullable: true })
  contribution!: number | null;
  /** @example 'no HTTPS, or an untrusted young certificate: speaks for a threat' */
  text!: string;
}

export class ScoredByDto {
  detector!: string;
  version!: number;
  trainedAt!: Date;
  /** `challenger`: this is a canary's answer. */
  @ApiProperty({ enum: servers })
  servedBy!: ServedBy;
}

/** An entry of the allow or the deny list. */
export class DecidingEntryDto {
  entry!: string;
  @ApiProperty({ enum: listNames })
  list!: ListName;
  @ApiProperty({ enum: matchKinds })
  match!: MatchKind;
  value!: string;
  note!: string;
  @ApiProperty({ type: Date, nullable: true })
  expiresAt!: Date | null;
}

/** How unlike all that a version learned from a record is. */
export class NoveltyDto {
  /** An isolation forest's anomaly score, 0 to 1. @example 0.71 */
  score!: number;
  /** Share of what was learned from that is less unusual. @example 0.9993 */
  quantile!: number;
  /** Whether nothing like it was seen; it moves neither probability nor verdict. */
  isNew!: boolean;
}

/** What a version says of one record. */
export class VerdictDto {
  id!: string;
  @ApiProperty({ enum: verdicts })
  verdict!: VerdictName;
  /** Calibrated probability of threat. @example 0.97 */
  probability!: number;
  /** The strongest first. */
  @ApiProperty({ type: [ReasonDto] })
  reasons!: ReasonDto[];
  /** Of versions whose contract asks for it. */
  @ApiProperty({ type: NoveltyDto, required: false })
  novelty?: NoveltyDto;
  model!: ScoredByDto;
  /** The entry that decided the verdict, whatever the probability. */
  @ApiProperty({ type: DecidingEntryDto, required: false })
  list?: DecidingEntryDto;
}

export class VerdictsDto {
  /** One verdict a record, in order. */
  @ApiProperty({ type: [VerdictDto] })
  verdicts!: VerdictDto[];
}

const switches = ['on', 'off'] as const;

export class ScoreQuery {
  /** Whether each verdict comes with its reasons; they cost more than the verdict. */
  @MayBeAbsent()
  @IsIn(switches)
  @ApiProperty({ enum: switches, required: false, default: 'on' })
  explain?: (typeof switches)[number];
}

export const outputFormats = ['csv', 'ndjson'] as const;
export type OutputFormat = (typeof outputFormats)[number];

export const cellStyles = ['defused', 'raw'] as const;
export type CellStyle = (typeof cellStyles)[number];

export class FileQuery {
  /** How the rows come back: as they came when absent (JSON as NDJSON). */
  @MayBeAbsent()
  @IsIn(outputFormats)
  @ApiProperty({ enum: outputFormats, required: false })
  format?: OutputFormat;

  /**
   * What becomes of cells of CSV that a spreadsheet would execute: a text that begins with = + - @, a tab or a carriage
   * return gets an apostrophe before it (`defused`), or comes back as it came (`raw`, for machines). Numbers stay.
   */
  @MayBeAbsent()
  @IsIn(cellStyles)
  @ApiProperty({ enum: cellStyles, required: false, default: 'defused' })
  cells?: CellStyle;
}
