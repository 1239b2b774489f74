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

/** A share with its interval. */
export class RateDto {
  /** The share, 0 to 1; null of nothing. */
  value!: number | null;
  /** Wilson's 95 % interval, `[low, high]`; null of nothing. */
  @ApiProperty(interval)
  interval!: Interval | null;
  /** How many of them are meant. */
  count!: number;
  /** How many there are. */
  of!: number;
}

/** Of the model's own verdicts with feedback; suspicious and malicious count as called a threat. */
export class FeedbackReportDto {
  /** Threats that were called so, items. */
  tp!: number;
  /** Benign items that were called a threat. */
  fp!: number;
  /** Benign items that were called so. */
  tn!: number;
  /** Threats that were called benign, items. */
  fn!: number;
  /** Threats among what was called a threat. */
  precision!: RateDto;
  /** Threats that were called so among the threats that people gave feedback on, which are no random sample. */
  recall!: RateDto;
}

/** What one version scored in a window. */
export class VersionReportDto {
  /** Number of the version. */
  version!: number;
  /** Items that it scored. */
  predictions!: number;
  /** How many of them as a canary. */
  asChallenger!: number;
  /** Share of each verdict, 0 to 1, by the verdict's name. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'number' },
    example: { benign: 0.6, suspicious: 0.1, malicious: 0.3 },
  })
  verdictShares!: Readonly<Record<string, number>>;
  /** Verdicts that lists or findings decided otherwise than the model. */
  overruled!: RateDto;
  /** Items that the model by itself calls suspicious or malicious. */
  threatRate!: RateDto;
  /** Mean of the calibrated probabilities of threat, 0 to 1. */
  meanProbability!: number;
  /** How right it was where people gave feedback. */
  feedback!: FeedbackReportDto;
}

/** How two versions by themselves agree on the same items. */
export class ShadowReportDto {
  /** Number of the version that scored for the verdict. */
  version!: number;
  /** Number of the version that scored in the shadow. */
  shadow!: number;
  /** Items that both scored. */
  compared!: number;
  /** Items that both call a threat, or neither does. */
  agreement!: RateDto;
  /** Items that are benign to the version and a threat to the shadow. */
  benignToThreat!: number;
  /** Items that are a threat to the version and benign to the shadow. */
  threatToBenign!: number;
}

/** What a canary scored in a window. */
export class CanaryReportDto {
  /** Number of its version. */
  version!: number;
  /** When it gave its first verdict in the window. */
  from!: Date;
  /** When it gave its last verdict in the window. */
  to!: Date;
  /** Share of the traffic that it is to score, 0 to 1; null when it is no canary any more. */
  configuredShare!: number | null;
  /** Its verdicts among all between the two. */
  servedShare!: RateDto;
}

/** One comparison of a promoted version with the version before. */
export class WatchCheckDto {
  /** What is compared. */
  @ApiProperty({ enum: ['threat-rate', 'flip-rate', 'precision'] })
  name!: string;
  /** The promoted version's share, 0 to 1; null while nothing is known. */
  value!: number | null;
  /** The share of the version before, 0 to 1; null while nothing is known, and of the flip rate. */
  reference!: number | null;
  /** Interval of the difference, or of the flip rate itself, `[low, high]`; null while nothing is known. */
  @ApiProperty(interval)
  interval!: Interval | null;
  /** How far the difference, or the flip rate itself, may go, 0 to 1. */
  limit!: number;
  /** Whether the interval lies beyond the limit, and there are predictions enough to say so. */
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
  /** When it was promoted. */
  promotedAt!: Date;
  /** When the watch is over. */
  until!: Date;
  /** `inconclusive`: the time was up before there were predictions enough. `failed`: going back was refused. */
  @ApiProperty({ enum: watchStatuses })
  status!: WatchStatus;
  /** Why it ended; empty while it goes on. */
  reason!: string;
  /** What the version before did, lists and findings aside. */
  baseline!: WatchBaselineDto;
  /** What the promoted version has done so far, lists and findings aside. */
  seen!: WatchSeenDto;
  /** Predictions from before this moment are counted in `seen`. */
  countedUntil!: Date;
  /** What was compared when the watch last looked; empty until it has. */
  @ApiProperty({ type: [WatchCheckDto] })
  checks!: readonly WatchCheckDto[];
}

/** How the log of the process that answers has fared since its start. */
export class LogStateDto {
  /** Whether predictions are logged. */
  enabled!: boolean;
  /** Predictions that are not written yet. */
  waiting!: number;
  /** Predictions that were written. */
  written!: number;
  /** Predictions that were lost, because the database was away for too long or did not take them. */
  dropped!: number;
  /** Writes that failed; what they held was kept to be written again, as long as there was room. */
  failedWrites!: number;
}

export class MonitoringDto {
  /** The detector. @example 'phishing-website' */
  detector!: string;
  /** Beginning of the window. */
  since!: Date;
  /** End of the window. */
  until!: Date;
  /** Number of the champion's version; null while there is none. */
  champion!: number | null;
  /** Items that were scored and logged in the window. */
  predictions!: number;
  /** What each version scored, the newest version first. */
  @ApiProperty({ type: [VersionReportDto] })
  versions!: readonly VersionReportDto[];
  /** How versions in the shadow agree with those that scored for the verdict. */
  @ApiProperty({ type: [ShadowReportDto] })
  shadows!: readonly ShadowReportDto[];
  /** What the last canary scored; null where none did. */
  canary!: CanaryReportDto | null;
  /** Of the latest logged items, whatever the window; null without a champion. */
  drift!: DriftDto | null;
  /** The watch over the last promotion that was watched; null where none was. */
  watch!: WatchDto | null;
  /** How the log of the process that answers has fared since its start. */
  log!: LogStateDto;
}
