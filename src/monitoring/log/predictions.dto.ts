import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength } from 'class-validator';
import { MayBeAbsent } from '../../common/may-be-absent.js';
import { type Context, contexts } from '../../detector/kind.js';
import { ChainLinkDto } from '../../prediction/prediction.dto.js';
import { type DecidedBy, deciders, type ServedBy, servers } from '../../prediction/verdict.js';
import { type VerdictName, verdicts } from '../../registry/bundle/scoring-model.js';

export const feedbackLabels = ['threat', 'benign'] as const;
export type FeedbackLabel = (typeof feedbackLabels)[number];
export const longestNote = 1000;

export class GiveFeedbackDto {
  /** What the record turned out to be. */
  @IsIn(feedbackLabels)
  @ApiProperty({ enum: feedbackLabels })
  label!: FeedbackLabel;

  @MayBeAbsent()
  @IsString()
  @MaxLength(longestNote)
  note?: string;
}

/** The request body as the document shows it. */
export const feedbackBody = {
  type: 'object',
  required: ['label'],
  properties: {
    label: {
      type: 'string',
      enum: [...feedbackLabels],
      example: 'benign',
      description: 'What it turned out to be.',
    },
    note: {
      type: 'string',
      maxLength: longestNote,
      example: 'a partner of ours',
      description: 'Why you know.',
    },
  },
};

/** What a person knows of a scored item. */
export class FeedbackDto {
  /** What the item turned out to be. */
  @ApiProperty({ enum: feedbackLabels })
  label!: FeedbackLabel;
  /** When it was given. */
  at!: Date;
  /** Who gave it. @example 'key analyst' */
  by!: string;
  /** What was said with it; null where nothing was. */
  note!: string | null;
}

/** What a challenger in the shadow said of an item. */
export class ShadowVerdictDto {
  /** Number of the challenger's version. */
  version!: number;
  /** Calibrated probability of threat, 0 to 1. */
  probability!: number;
  /** Its verdict by itself. */
  @ApiProperty({ enum: verdicts })
  verdict!: VerdictName;
}

/** An item that was scored, its verdict, and what became known of it. */
export class PredictionDto {
  /** The verdict's id. */
  id!: string;
  /** The detector that scored. @example 'phishing-website' */
  detector!: string;
  /** When it was scored. */
  at!: Date;
  /** Number of the version that scored. */
  version!: number;
  /** `challenger`: scored by a canary. */
  @ApiProperty({ enum: servers })
  servedBy!: ServedBy;
  /** Calibrated probability of threat, 0 to 1. */
  probability!: number;
  /** The verdict that was given. */
  @ApiProperty({ enum: verdicts })
  verdict!: VerdictName;
  /** What the model said by itself. */
  @ApiProperty({ enum: verdicts })
  modelVerdict!: VerdictName;
  /** Who decided: the model, an entry of the allow or the deny list, a finding about the item's host, or a rule. */
  @ApiProperty({ enum: deciders })
  decidedBy!: DecidedBy;
  /** Id of the list entry that decided; null where none did. */
  entry!: string | null;
  /** What else was known of the item: nothing (`alone`) or the other items of its request. */
  @ApiProperty({ enum: contexts })
  context!: Context;
  /** The item, by the names of its columns. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'number' }, { type: 'string' }], nullable: true },
  })
  record!: Record<string, number | string | null>;
  /** Of an address that leads on to others: from the address itself to where it ends. */
  @ApiProperty({ type: [ChainLinkDto], required: false })
  chain?: ChainLinkDto[];
  /** What the challenger in the shadow said by itself; null where none kept up. */
  shadow!: ShadowVerdictDto | null;
  /** What it turned out to be; null until someone says so. */
  feedback!: FeedbackDto | null;
  /** Feedback that was replaced, the latest last. */
  @ApiProperty({ type: [FeedbackDto] })
  earlierFeedback!: FeedbackDto[];
}
