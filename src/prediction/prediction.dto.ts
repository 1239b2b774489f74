import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { MayBeAbsent } from '../common/may-be-absent.js';
import { type ListName, listNames, type MatchKind, matchKinds } from '../lists/list-entry.schema.js';
import { verdicts, type VerdictName } from '../registry/bundle/scoring-model.js';
import { contexts, type Context } from '../detector/kind.js';
import { type FindingKind, findingKinds } from '../detector/flow/host-finding.js';
import { type DecidedBy, deciders, type ServedBy, servers } from './verdict.js';

/** One feature that moved the score. */
export class ReasonDto {
  /** The feature, or the group of features; `list`, `finding` or the name of a rule where one of these decides. @example 'SSLfinal_State' */
  feature!: string;
  /** The feature's value, in its own unit; null where it has none, or none is known. */
  @ApiProperty({ oneOf: [{ type: 'number' }, { type: 'string' }], nullable: true, example: -1 })
  value!: number | string | null;
  /**
   * What it added to the score before calibration; above 0 speaks for a threat, and 0 moved nothing. In log-odds of the
   * learners gradient-boosting, text-boosting, ada-boost and logistic-regression, in probability (-1 to 1) of all others;
   * null where it decides by itself.
   * @example 0.21
   */
  contribution!: number | null;
  /** The same in words. @example 'no HTTPS, or an untrusted young certificate: speaks for a threat' */
  text!: string;
}

/** The version that scored. */
export class ScoredByDto {
  /** The detector. @example 'phishing-website' */
  detector!: string;
  /** Number of the version. */
  version!: number;
  /** When the version was made. */
  trainedAt!: Date;
  /** `challenger`: this is a canary's verdict. */
  @ApiProperty({ enum: servers })
  servedBy!: ServedBy;
}

/** An entry of the allow or the deny list. */
export class DecidingEntryDto {
  /** Id of the entry. */
  entry!: string;
  /** `allow` makes addresses and flows benign, `deny` malicious. */
  @ApiProperty({ enum: listNames })
  list!: ListName;
  /** What it covers: one address, a host, a registered domain, a suffix, a network, or flows. */
  @ApiProperty({ enum: matchKinds })
  match!: MatchKind;
  /** What the address is compared with, in canonical spelling. @example 'example.com' */
  value!: string;
  /** Why; empty where nothing was said. */
  note!: string;
  /** From then on it decides nothing; null for never. */
  expiresAt!: Date | null;
}

/** How unlike all that a version learned from a record is. */
export class NoveltyDto {
  /** An isolation forest's anomaly score, 0 to 1. @example 0.71 */
  score!: number;
  /** Share of what was learned from that is less unusual, 0 to 1. @example 0.9993 */
  quantile!: number;
  /** Whether nothing like it was seen; it moves neither probability nor verdict. */
  isNew!: boolean;
}

/** One of the addresses that an address leads through. */
export class ChainLinkDto {
  /** In canonical spelling. @example 'google.com/url?q=https://shop.example' */
  url!: string;
  /** How it leads on to the next: a service, or a parameter; null of the last. @example 'Google' */
  through!: string | null;
}

/** An item of several that cannot be scored; the others are. */
export class ItemFaultDto {
  /** Where in the body it stands. @example 'urls[1]' */
  path!: string;
  /** Why. @example 'mailto: names a mailbox; it is no address of a page' */
  error!: string;
}

/** The verdict on one item. */
export class VerdictDto {
  /** Names the verdict, for feedback. */
  id!: string;
  /** The verdict, whoever decided it. */
  @ApiProperty({ enum: verdicts })
  verdict!: VerdictName;
  /** What the model says by itself. */
  @ApiProperty({ enum: verdicts })
  modelVerdict!: VerdictName;
  /**
   * Who decided: the model, an entry of the allow or the deny list, a finding about the item's host, or a rule: what the
   * item is says more than how it is spelt (the own network, active content, links that only a service can read), or it
   * leads on to what is worse.
   */
  @ApiProperty({ enum: deciders })
  decidedBy!: DecidedBy;
  /** What else was known of the item: nothing (`alone`), the other items of the request, or the log before it. */
  @ApiProperty({ enum: contexts })
  context!: Context;
  /** Calibrated probability of threat, 0 to 1; 0, .5 or 1 where a rule decides without a model. @example 0.97 */
  probability!: number;
  /** What moved the score, the strongest first; empty where no reasons are asked for. */
  @ApiProperty({ type: [ReasonDto] })
  reasons!: ReasonDto[];
  /** How unlike all that was learned from the item is; of versions whose contract asks for it. */
  novelty?: NoveltyDto;
  /** The version that scored. */
  model!: ScoredByDto;
  /** The entry that decided the verdict, whatever the probability. */
  list?: DecidingEntryDto;
  /**
   * Of an address that leads on to others, as wrappers and pages with a redirect do: from the address itself to where it
   * ends. Wrappers are scored as what they wrap; lists are looked up for every link.
   */
  @ApiProperty({ type: [ChainLinkDto], required: false })
  chain?: ChainLinkDto[];
}

const verdictOrFault = (type: abstract new () => object): { oneOf: { $ref: string }[] } => ({
  oneOf: [{ $ref: getSchemaPath(type) }, { $ref: getSchemaPath(ItemFaultDto) }],
});

@ApiExtraModels(ItemFaultDto)
export class VerdictsDto {
  /** One verdict a record, in order; of an address that cannot be read, why. */
  @ApiProperty({ type: 'array', items: verdictOrFault(VerdictDto) })
  verdicts!: (VerdictDto | ItemFaultDto)[];
}

export class UrlVerdictDto extends VerdictDto {
  /** Seconds for which a caller may keep the verdict: an entry of a list or another version may change it then. @example 300 */
  cacheFor!: number;
}

@ApiExtraModels(UrlVerdictDto, ItemFaultDto)
export class UrlVerdictsDto {
  /** One verdict a URL, in order; of one that cannot be read, why. Where none can be read the request is refused. */
  @ApiProperty({ type: 'array', items: verdictOrFault(UrlVerdictDto) })
  verdicts!: (UrlVerdictDto | ItemFaultDto)[];
}

/** One thing that speaks for a finding or against it. */
export class ScorePartDto {
  /** What it is about. @example 'breadth' */
  part!: string;
  /** What it adds to the score; below 0 it speaks against. @example 1.6 */
  points!: number;
  /** In words. @example '482 ports within 24 h not opened' */
  text!: string;
}

/** What flows of one host add up to. */
export class FindingDto {
  /** What the host does. */
  @ApiProperty({ enum: findingKinds })
  kind!: FindingKind;
  /** The host that does it. @example '192.168.1.7' */
  host!: string;
  /** The host at the other end; null where there are many. */
  target!: string | null;
  /** The port at the other end; null where there are many. */
  port!: number | null;
  /** The protocol of the flows. @example 'tcp' */
  proto!: string;
  /** Ports of a vertical scan or of many hosts, hosts of a horizontal scan, attempts of a beacon, else flows. */
  count!: number;
  /** Whether there were more than could be counted. */
  atLeast!: boolean;
  /** Flows that were counted. */
  flows!: number;
  /** Packets that the host sent in them, as far as they say. */
  packets!: number;
  /** Bytes of payload that the host sent in them, as far as they say. */
  bytes!: number;
  /** Seconds since the epoch, of the first of its flows. */
  from!: number;
  /** Seconds since the epoch, of the last of its flows. */
  to!: number;
  /** Seconds from one attempt to the next, of beacons; null of other findings. */
  interval!: number | null;
  /** The sum of the parts: from 1 on it is a finding. @example 2.4 */
  score!: number;
  /** What speaks for the finding and against it. */
  @ApiProperty({ type: [ScorePartDto] })
  parts!: readonly ScorePartDto[];
  /** The finding in words. @example '192.168.1.7 scans ports (vertical: 40 ports of 192.168.1.1 in 12 s)' */
  text!: string;
}

export class HostFindingDto extends FindingDto {
  /** Some of the flows that prove it: the first and the latest. */
  @ApiProperty({ type: [String] })
  uids!: readonly string[];
}

export class FlowVerdictDto extends VerdictDto {
  /** The flow's own name, as it came; null where it has none. */
  uid!: string | null;
  /** What was not taken as it came, such as the zone of an address, a sentence each; absent where all was. */
  @ApiProperty({ type: [String], required: false })
  mended?: readonly string[];
  /** What the flow's source was found to do with it; the verdict is at least suspicious then. */
  @ApiProperty({ type: [FindingDto], required: false })
  findings?: FindingDto[];
}

@ApiExtraModels(HostFindingDto)
export class LoneFlowVerdictDto extends FlowVerdictDto {
  /** What the flows of the request add up to. */
  @ApiProperty({ type: [HostFindingDto] })
  hosts!: HostFindingDto[];
}

export class FlowVerdictsDto {
  /** One verdict a flow, in order. */
  @ApiProperty({ type: [FlowVerdictDto] })
  verdicts!: FlowVerdictDto[];
  /** What the flows of the request add up to. */
  @ApiProperty({ type: [HostFindingDto] })
  hosts!: HostFindingDto[];
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
