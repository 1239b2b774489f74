import { ApiProperty } from '@nestjs/swagger';
import { type TrialStatus, trialStatuses } from '../training/stages/search.js';

const jsonObject = { type: 'object', additionalProperties: true } as const;

/** One fold of a cross-validation. */
export class FoldDto {
  /** At a threshold of 0.5. */
  @ApiProperty(jsonObject)
  metrics!: object;
  fitMs!: number;
}

export class RocPointDto {
  /** Null in the first point: above every probability. */
  @ApiProperty({ type: Number, nullable: true })
  threshold!: number | null;
  falsePositiveRate!: number;
  truePositiveRate!: number;
}

export class PrecisionRecallPointDto {
  threshold!: number;
  precision!: number;
  recall!: number;
}

export class CurvesDto {
  @ApiProperty({ type: [RocPointDto] })
  roc!: readonly RocPointDto[];
  @ApiProperty({ type: [PrecisionRecallPointDto] })
  precisionRecall!: readonly PrecisionRecallPointDto[];
}

/** One set of options that a search tried. */
export class TrialDto {
  /** 0 are the contract's plain options. */
  trial!: number;
  /** What the search may change. */
  @ApiProperty(jsonObject)
  options!: object;
  /** `finished` on all folds; `dropped` for better ones; `failed` to fit; `stopped` when the time was up. */
  @ApiProperty({ enum: trialStatuses })
  status!: TrialStatus;
  /** The last rung it was measured on, from 0. */
  rung!: number;
  /** Share of a fold's training rows that it was fitted on there. */
  share!: number;
  /** Folds that it was measured on there. */
  folds!: number;
  /** Mean of the contract's selection metric over these folds. */
  @ApiProperty({ type: Number, nullable: true })
  score!: number | null;
  /** Mean over these folds. */
  @ApiProperty({ type: Number, nullable: true })
  fitMs!: number | null;
  @ApiProperty({ type: String, nullable: true })
  error!: string | null;
}

/** How one candidate did in cross-validation. */
export class CandidateDto {
  name!: string;
  learner!: string;
  imputer!: string;
  encoder!: string;
  /** Of its best trial, with the learner's defaults filled in. */
  @ApiProperty(jsonObject)
  options!: object;
  @ApiProperty({ type: [FoldDto] })
  folds!: readonly FoldDto[];
  /** Of each metric over the folds, at a threshold of 0.5. */
  @ApiProperty(jsonObject)
  mean!: object;
  /** Of each metric over the folds. */
  @ApiProperty(jsonObject)
  std!: object;
  /** Of the out-of-fold predictions, at most 100 points each. */
  @ApiProperty({ type: CurvesDto })
  curves!: CurvesDto;
  /** How many sets of options were tried, the plain ones among them. */
  tried!: number;
  /** The best of them, at most a hundred, in the order in which they were drawn. */
  @ApiProperty({ type: [TrialDto] })
  trials!: readonly TrialDto[];
  /** Whether the model was made with it. */
  selected!: boolean;
}
