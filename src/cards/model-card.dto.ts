import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { MayBeAbsent } from '../common/may-be-absent.js';
import { type CardFormat, cardFormats } from './card-format.js';

export class CardQuery {
  /** How the card is written; without it the `Accept` header decides, and JSON where that does not. */
  @MayBeAbsent()
  @IsIn(cardFormats)
  @ApiProperty({ enum: cardFormats, required: false })
  format?: CardFormat;
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
