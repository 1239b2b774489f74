import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { MayBeAbsent } from '../common/may-be-absent.js';
import { type Alias, aliases } from '../registry/deployment.schema.js';
import { ConfusionDto, IntervalsDto, MetricsDto, optionsByName } from '../registry/metrics.dto.js';
import { CardMoveDto } from '../registry/registry.dto.js';
import { CandidateDto, SearchReportDto } from '../runs/candidate.dto.js';
import { BandedCurvesDto, FeatureImportanceDto, GateReportDto } from '../runs/evaluation.dto.js';
import { type CardFormat, cardFormats } from './card-format.js';
import type {
  CardData,
  CardEvaluation,
  CardNovelty,
  CardThreshold,
  DataPart,
  IntendedUse,
  ModelDetails,
  ModelSelection,
  ServedModelCard,
} from './model-card.js';
import type { CardMetrics, CardOptions, PartRecord, SourceRecord } from './training-record.js';

export class CardQuery {
  /** How the card is written; without it the `Accept` header decides, and JSON where that does not. */
  @MayBeAbsent()
  @IsIn(cardFormats)
  @ApiProperty({ enum: cardFormats, required: false })
  format?: CardFormat;
}

const calibrations = ['none', 'platt', 'isotonic'] as const;
const thresholdPolicies = [
  'max-f1',
  'fixed',
  'target-precision',
  'target-false-positive-rate',
  'cost',
] as const satisfies readonly CardThreshold['policy']['policy'][];

/** A feature that the version takes. */
class CardFeatureDto {
  /** The feature. */
  name!: string;
  /** Its type in the contract. @example 'integer' */
  type!: string;
  /** What it says of a record. */
  meaning!: string;
}

/** Learner, options, run, code, bundle. */
class ModelDetailsDto implements ModelDetails {
  /** The detector. */
  detector!: string;
  /** Number of the version. */
  version!: number;
  /** The detector's title in the contract. */
  title!: string;
  /** The candidate that won the run. */
  candidate!: string;
  /** The learner of that candidate. */
  learner!: string;
  /** Options of the learner by name; null when only the contract's are known and say nothing. */
  @ApiProperty({ ...optionsByName(), nullable: true })
  options!: CardOptions | null;
  /** What it puts in the place of missing values. */
  imputer!: string | null;
  /** How it turns categories into numbers. */
  encoder!: string | null;
  /** How its scores are made probabilities. */
  @ApiProperty({ enum: calibrations })
  calibration!: ModelDetails['calibration'];
  /** When it was made, ISO 8601, UTC. */
  trainedAt!: string;
  /** Time of the winner's fit on the whole training part, milliseconds. */
  fitMs!: number | null;
  /** Id of the training run, or `import/<detector>/<sha256>`. */
  run!: string;
  /** Who started the run. */
  actor!: string | null;
  /** Seed of the run. */
  seed!: number | null;
  /** Version of the code that made it. */
  codeVersion!: string | null;
  /** Digest of its bundle. */
  sha256!: string;
  /** Size of its bundle, bytes. */
  size!: number;
  /** The features that it takes, in their order. */
  @ApiProperty({ type: [CardFeatureDto] })
  features!: readonly CardFeatureDto[];
}

/** What a probability is the probability of. */
class PositiveClassDto {
  /** Always the threat. */
  @ApiProperty({ type: String, enum: ['threat'] })
  name!: 'threat';
  /** The label's column in the data. */
  column!: string;
  /** Values of that column that mean a threat. */
  @ApiProperty({ type: [String] })
  values!: readonly string[];
}

/** What the version is for. */
class IntendedUseDto implements IntendedUse {
  /** What it is for, a sentence each. */
  @ApiProperty({ type: [String] })
  primaryUses!: readonly string[];
  /** What it is not for, a sentence each. */
  @ApiProperty({ type: [String] })
  outOfScopeUses!: readonly string[];
  /** What a probability is the probability of. */
  positiveClass!: PositiveClassDto;
}

/** Where the data comes from. */
class DataSourceDto {
  /** Name of the data set. */
  name!: string;
  /** Who made it. */
  authors?: string;
  /** Where it can be cited. */
  doi?: string;
  /** Under which licence it comes. */
  licence?: string;
  /** File of this project that an empty database is filled with. */
  bundled?: string;
  /** File of this project with a model bundle that serves until there is a better one. */
  baseline?: string;
}

/** One part of the data. */
class DataPartDto implements DataPart {
  /** Its rows. */
  rows!: number;
  /** Rows of it that are threats. */
  threats!: number;
  /** Its distinct groups; null where they were not counted. */
  groups!: number | null;
}

/** Rows that came from one source of labels. */
class SourceDto implements SourceRecord {
  /** The file, or what else they were pushed as. @example 'hannousse-2021.csv' */
  name!: string;
  /** Under which they may be used; null where nobody said. @example 'CC BY 4.0' */
  licence!: string | null;
  /** Its rows. */
  rows!: number;
  /** Rows of it that are threats. */
  threats!: number;
}

/** How the data is split by time. */
class TimeSplitDto {
  /** The column that has the time. */
  column!: string;
  /** The moment, ISO 8601, that all training rows are before. */
  testFrom!: string | null;
}

/** Source, licence, fingerprint; rows, threats and groups of each part. */
class CardDataDto implements CardData {
  /** Where the data comes from. */
  source!: DataSourceDto;
  /** Of the snapshot, sha256: equal data, equal fingerprint. */
  fingerprint!: string | null;
  /** Digest of the dataset contract. */
  contractSha256!: string;
  /** Rows of both parts. */
  rows!: number;
  /** Rows of both parts that are threats. */
  threats!: number;
  /** Rows whose feature vector and label occurred before. */
  duplicates!: number | null;
  /** The part that it was fitted on. */
  train!: DataPartDto;
  /** The part that it was measured on. */
  test!: DataPartDto;
  /** Folds of the cross-validation on the training part. */
  folds!: number;
  /** What keeps rows together on one side of every split: `features`, features, or a column. */
  @ApiProperty({
    oneOf: [
      { type: 'string', enum: ['features'] },
      { type: 'array', items: { type: 'string' } },
      { type: 'object', additionalProperties: { type: 'string' } },
    ],
  })
  group!: CardData['group'];
  /** Where the split is by time: the column and the moment. */
  time!: TimeSplitDto | null;
  /** Rows of each source of labels, with its licence; absent where they are not known. */
  @ApiProperty({ type: [SourceDto], required: false })
  sources?: CardData['sources'];
  /** What validation warned of, a sentence each. */
  @ApiProperty({ type: [String] })
  warnings!: readonly string[];
}

/** The rule, and each candidate with its options, fold scores and fit times. */
class ModelSelectionDto implements ModelSelection {
  /** The metric that decided. */
  metric!: string;
  /** The rule in words. */
  rule!: string;
  /** Every candidate that was tried. */
  @ApiProperty({ type: [CandidateDto] })
  candidates!: ModelSelection['candidates'];
  /** What the search of options took; null where none was made. */
  @ApiProperty({ type: SearchReportDto, nullable: true })
  search!: ModelSelection['search'];
}

/** Metrics on one part, at the threshold of `suspicious`. */
class CardPartDto implements PartRecord {
  /** The metrics. */
  @ApiProperty({ type: MetricsDto })
  metrics!: CardMetrics;
  /** Their 95 % bootstrap intervals by group; null where they are not known. */
  @ApiProperty({ type: IntervalsDto, nullable: true })
  intervals!: PartRecord['intervals'];
}

/** Metrics of the test and the validation part with 95 % intervals, curves, importance. */
class CardEvaluationDto implements CardEvaluation {
  /** On rows that chose nothing. */
  test!: CardPartDto;
  /** On out-of-fold predictions of the training part, where calibration and thresholds were chosen. */
  validation!: CardPartDto;
  /** Of the test part; null where the version came without. */
  @ApiProperty({ type: BandedCurvesDto, nullable: true })
  curves!: CardEvaluation['curves'];
  /** Of each feature on the test part, greatest first; null where it was not measured. */
  @ApiProperty({ type: [FeatureImportanceDto], nullable: true })
  importance!: readonly FeatureImportanceDto[] | null;
}

/** How a threshold is chosen. */
class ThresholdPolicyDto {
  /** The rule. */
  @ApiProperty({ enum: thresholdPolicies })
  policy!: CardThreshold['policy']['policy'];
  /** The probability, precision or rate that it aims at, 0 to 1. */
  value?: number;
  /** Cost of a benign row that is flagged, in the contract's own unit. */
  falsePositive?: number;
  /** Cost of a threat that is not flagged, in the same unit. */
  falseNegative?: number;
}

/** How a verdict's threshold was chosen, and the confusion at it. */
class CardThresholdDto implements CardThreshold {
  /** The verdict that is given from it on. */
  @ApiProperty({ enum: ['suspicious', 'malicious'] })
  verdict!: CardThreshold['verdict'];
  /** Probability of threat, 0 to 1. */
  threshold!: number;
  /** How it is chosen. */
  @ApiProperty({ type: ThresholdPolicyDto })
  policy!: CardThreshold['policy'];
  /** What the policy looks at, at the threshold that it chose. */
  achieved!: number | null;
  /** Whether the policy's aim was reached. */
  reached!: boolean | null;
  /** On the test part, rows from this threshold on counted as flagged. */
  confusion!: ConfusionDto | null;
}

/** A share of the training rows and the anomaly score that it is at or below. */
class NoveltyQuantileDto {
  /** Share of the rows, 0 to 1. */
  level!: number;
  /** Their highest anomaly score, 0 to 1. */
  score!: number;
}

/** How the version says how unlike its training part a record is. */
class CardNoveltyDto implements CardNovelty {
  /** What was fitted. */
  @ApiProperty({ type: String, enum: ['isolation-forest'] })
  learner!: 'isolation-forest';
  /** Rows of the training part that it was fitted on. */
  rows!: number;
  /** Anomaly score above which a record is new, 0 to 1. */
  newAbove!: number;
  /** Some of the distribution of the training rows' scores. */
  @ApiProperty({ type: [NoveltyQuantileDto] })
  quantiles!: readonly NoveltyQuantileDto[];
}

/** Where the version has served. */
class CardDeploymentsDto {
  /** Aliases that point to it now. */
  @ApiProperty({ enum: aliases, isArray: true })
  aliases!: readonly Alias[];
  /** Moves of an alias to it or away from it, newest first. */
  @ApiProperty({ type: [CardMoveDto] })
  moves!: readonly CardMoveDto[];
}

/** What a model version is, what it was made from and what to expect of it. Parts that are not known are null. */
export class ModelCardDto implements ServedModelCard {
  /** Of the card's form. */
  @ApiProperty({ type: Number, enum: [1] })
  schemaVersion!: 1;
  /** Learner, options, run, code, bundle. */
  modelDetails!: ModelDetailsDto;
  /** What it is for and what it is not. */
  intendedUse!: IntendedUseDto;
  /** Source, licence, fingerprint; rows, threats and groups of each part. */
  data!: CardDataDto;
  /** The rule, and each candidate with its options, fold scores and fit times. */
  modelSelection!: ModelSelectionDto | null;
  /** Metrics of the test and the validation part with 95 % intervals, curves, importance. */
  evaluation!: CardEvaluationDto;
  /** How each verdict's threshold was chosen, and the confusion at it. */
  @ApiProperty({ type: [CardThresholdDto] })
  thresholds!: readonly CardThresholdDto[];
  /** Every check of the gate with its figures. */
  @ApiProperty({ type: GateReportDto, nullable: true })
  gate!: ServedModelCard['gate'];
  /** Of versions that say how unlike the training part a record is. */
  novelty?: CardNoveltyDto;
  /** What to beware of, a sentence each. */
  @ApiProperty({ type: [String] })
  caveatsAndRecommendations!: readonly string[];
  /** The aliases that point to it now, and the moves of an alias to it or away from it, newest first. */
  deployments!: CardDeploymentsDto;
}
