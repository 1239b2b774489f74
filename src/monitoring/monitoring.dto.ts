import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { IsoDate } from '../common/iso-date.js';
import { MayBeAbsent } from '../common/may-be-absent.js';
import { DriftDto } from './drift/drift.dto.js';
import { type WatchStatus, watchStatuses } from './watch/watch.schema.js';

type Interval = readonly [number, number];
const interval: ApiPropertyOptions = { type: [Number], nullable: true, minItems: 2, maxItems: 2 };

export class MonitoringQuery {
  /** Beginning of the window; a day ago when absent. @example '2030-01-01T00:00:00Z' */
  @MayBeAbsent()
  @IsoDate()
  since?: Date;
}

/** A share with Wilson's 95 % interval; null of nothing. */
export class RateDto {
  @ApiProperty({ type: Number, nullable: true })
  value!: number | null;
  @ApiProperty(interval)
  interval!: Interval | null;
  count!: number;
  of!: number;
}

/** Of the model's own verdicts with feedback; suspicious and malicious count as called a threat. */
export class FeedbackReportDto {
  /** Threats that were called so. */
  tp!: number;
  /** Benign, and called a threat. */
  fp!: number;
  tn!: number;
  fn!: number;
  precision!: RateDto;
  /** Of what people gave feedback on, which is no random sample. */
  recall!: RateDto;
}

export class VersionReportDto {
  version!: number;
  predictions!: number;
  /** How many of them as a canary. */
  asChallenger!: number;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'number' },
    example: { benign: 0.6, suspicious: 0.1, malicious: 0.3 },
  })
  verdictShares!: Readonly<Record<string, number>>;
  /** Verdicts that lists or findings decided otherwise than the model. */
  overruled!: RateDto;
  /** The model by itself calls suspicious or malicious. */
  threatRate!: RateDto;
  meanProbability!: number;
  feedback!: FeedbackReportDto;
}

/** How two versions by themselves agree on the same items. */
export class ShadowReportDto {
  /** That scored for the verdict. */
  version!: number;
  /** That scored in the shadow. */
  shadow!: number;
  compared!: number;
  agreement!: RateDto;
  /** Benign to the version, a threat to the shadow. */
  benignToThreat!: number;
  /** A threat to the version, benign to the shadow. */
  threatToBenign!: number;
}

export class CanaryReportDto {
  version!: number;
  /** Its first and its last verdict in the window. */
  from!: Date;
  to!: Date;
  /** Null when it is no canary any more. */
  @ApiProperty({ type: Number, nullable: true })
  configuredShare!: number | null;
  /** Of all verdicts between the two. */
  servedShare!: RateDto;
}

export class WatchCheckDto {
  @ApiProperty({ enum: ['threat-rate', 'flip-rate', 'precision'] })
  name!: string;
  /** Of the promoted version. */
  @ApiProperty({ type: Number, nullable: true })
  value!: number | null;
  /** Of the version before. */
  @ApiProperty({ type: Number, nullable: true })
  reference!: number | null;
  /** Of the difference, or of the flip rate itself. */
  @ApiProperty(interval)
  interval!: Interval | null;
  limit!: number;
  /** Whether the interval lies beyond the limit. */
  left!: boolean;
}

/** So many of so many. */
export class ProportionDto {
  /** Those that are meant. */
  successes!: number;
  /** All that were looked at. */
  trials!: number;
}

/** What the version before did, lists and findings aside. */
export class WatchBaselineDto {
  /** Threats among its verdicts, in a window before the promotion that is as long as the watch. */
  threats!: ProportionDto;
  /** Threats by feedback among what it called a threat, in the 30 days before the promotion. */
  precision!: ProportionDto;
}

/** What the promoted version has done so far, lists and findings aside. */
export class WatchSeenDto extends WatchBaselineDto {
  /** Items that the version before scored as well, and how many are threats to it. */
  previousThreats!: ProportionDto;
  /** Of those, benign to the version before and a threat to the promoted one. */
  benignToThreat!: number;
  /** Of those, a threat to the version before and benign to the promoted one. */
  threatToBenign!: number;
  /** Items that could not be scored again as they were. */
  @ApiProperty({ type: Number, required: false })
  leftOut?: number;
}

/** The watch over a promotion. */
export class WatchDto {
  /** The promotion's, in the ledger: `<detector>/<move>`. */
  id!: string;
  /** The promoted version. */
  version!: number;
  /** The version before. */
  previous!: number;
  promotedAt!: Date;
  until!: Date;
  /** `inconclusive`: the time was up before there were predictions enough. `failed`: going back was refused. */
  @ApiProperty({ enum: watchStatuses })
  status!: WatchStatus;
  /** Why it ended; empty while it goes on. */
  reason!: string;
  baseline!: WatchBaselineDto;
  seen!: WatchSeenDto;
  /** Predictions from before this moment are counted in `seen`. */
  countedUntil!: Date;
  @ApiProperty({ type: [WatchCheckDto] })
  checks!: readonly WatchCheckDto[];
}

/** How the log of the process that answers has fared since its start. */
export class LogStateDto {
  enabled!: boolean;
  /** Predictions that are not written yet. */
  waiting!: number;
  written!: number;
  /** Lost, because the database was away for too long or did not take them. */
  dropped!: number;
  /** Writes that failed; what they held was kept to be written again, as long as there was room. */
  failedWrites!: number;
}

export class MonitoringDto {
  detector!: string;
  since!: Date;
  until!: Date;
  @ApiProperty({ type: Number, nullable: true })
  champion!: number | null;
  predictions!: number;
  /** The newest first. */
  @ApiProperty({ type: [VersionReportDto] })
  versions!: readonly VersionReportDto[];
  @ApiProperty({ type: [ShadowReportDto] })
  shadows!: readonly ShadowReportDto[];
  @ApiProperty({ type: CanaryReportDto, nullable: true })
  canary!: CanaryReportDto | null;
  /** Of the latest logged items, whatever the window; null without a champion. */
  @ApiProperty({ type: DriftDto, nullable: true })
  drift!: DriftDto | null;
  /** Over the last promotion that was watched. */
  @ApiProperty({ type: WatchDto, nullable: true })
  watch!: WatchDto | null;
  log!: LogStateDto;
}
