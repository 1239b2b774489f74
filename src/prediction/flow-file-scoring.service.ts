import { Injectable } from '@nestjs/common';
import { nextTurn } from '../common/turns.js';
import { describeFinding, type HostFinding } from '../detector/flow/host-finding.js';
import { FlowItem } from '../detector/flow/record-fields.js';
import { WeakLabels } from '../detector/flow/weak-labels.js';
import type { ByteInput } from '../ingestion/readers/byte-source.js';
import { type FlowLog, openFlowLog, warningsOf } from '../ingestion/readers/flow/flow-log.js';
import type { MendedLine } from '../ingestion/readers/flow/flow-log-tally.js';
import type { FaultItem, FlowLogItem, UrlItem } from '../ingestion/readers/flow/flow-item.js';
import type { GunzipState } from '../ingestion/readers/flow/gunzip.js';
import { type VerdictName, verdicts } from '../registry/bundle/scoring-model.js';
import { type EventUrl, EventUrlsService, urlDetector } from './event-urls.service.js';
import type { Scorer } from './scorer.js';
import { ScoringService } from './scoring.service.js';
import type { Verdict } from './verdict.js';
import { chainMember, flowMembers, listMember } from './verdict-dtos.js';

type VerdictCounts = Record<VerdictName, number>;

/** The account of a log: `flows`, `urls` and the counts of `other` and `rejected` add up to `lines`. */
export interface FlowFileSummary {
  readonly format: string;
  /** That are not blank. */
  readonly lines: number;
  readonly flows: VerdictCounts;
  /** Addresses of EVE's http and tls events, scored by the detector `url`. */
  readonly urls: VerdictCounts & {
    /** No addresses in the end. */
    readonly rejected: number;
    /** That came while no model of the detector served, or with a key that is not for it. */
    readonly unscored: number;
  };
  readonly other: Readonly<Record<string, number>>;
  readonly rejected: {
    readonly count: number;
    /** The first of them. */
    readonly first: readonly Pick<FaultItem, 'line' | 'code' | 'problem'>[];
  };
  /** Lines of which something was not taken as it stands there. */
  readonly mended: {
    readonly count: number;
    /** The first of them. */ readonly first: readonly MendedLine[];
  };
  /** What there is to say of the log as a whole, such as that it holds no flow. */
  readonly warnings: readonly string[];
  readonly hosts: readonly (HostFinding & { readonly text: string })[];
}

export interface ScoredFlowFile {
  /** NDJSON: a line for each flow, address and rejected line. */
  readonly chunks: AsyncIterable<string>;
  /** Complete once the chunks have ended. */
  readonly summary: () => FlowFileSummary;
}

export interface FlowFileScoringOptions {
  /** Whether each flow comes with its reasons. */
  readonly explain?: boolean;
  /** Whether who asks may have verdicts on addresses; yes when absent. */
  readonly scoresUrls?: boolean;
  /** See `FlowLogOptions`. */
  readonly unpacked?: GunzipState;
}

/** Scores logs of flows in memory that does not grow with them. */
@Injectable()
export class FlowFileScoringService {
  constructor(
    private readonly scoring: ScoringService,
    private readonly urls: EventUrlsService,
  ) {}

  /**
   * @param open gives the log's bytes, packed or not; not called where there is no model for them
   * @throws ModelUnavailableError, RequestInvalidError, ReaderError before the first line
   */
  async score(
    detector: string,
    open: () => ByteInput,
    { explain = false, scoresUrls = true, unpacked }: FlowFileScoringOptions = {},
  ): Promise<ScoredFlowFile> {
    const scorer = this.scoring.openLog(detector, explain ? 'all' : 'none');
    const log = await openFlowLog(open(), { ...(unpacked && { unpacked }) });
    const scored = new LogScoring(scorer, scoresUrls ? this.urls : null);
    return { chunks: scored.lines(log), summary: () => scored.summary(log) };
  }
}

const noVerdicts = (): VerdictCounts => ({ benign: 0, suspicious: 0, malicious: 0 });

/** One log while it is scored. */
class LogScoring {
  private readonly flows = noVerdicts();
  private readonly urls = { ...noVerdicts(), rejected: 0, unscored: 0 };
  private readonly signatures = new WeakLabels();

  constructor(
    private readonly scorer: Scorer,
    /** Null where who asks may have no verdicts on addresses. */
    private readonly urlScoring: EventUrlsService | null,
  ) {}

  async *lines(log: FlowLog): AsyncGenerator<string, void, undefined> {
    for await (const items of log.batches()) {
      const flows = items.flatMap((item) => (item.kind === 'flow' ? [new FlowItem(item.flow)] : []));
      const scored = (await this.scorer.score(flows))[Symbol.iterator]();
      // The summary has them all; kept here they would be a second time.
      this.scorer.newFindings();
      const urls = await this.scoreUrls(items);
      let text = '';
      for (const item of items) {
        const row = item.kind === 'flow' ? this.flowRow(scored.next().value!) : this.otherRow(item, urls);
        if (row !== null) text += `${JSON.stringify({ line: item.line, ...row })}\n`;
      }
      if (text !== '') yield text;
      await nextTurn();
    }
  }

  summary(log: FlowLog): FlowFileSummary {
    const { format, tally } = log;
    const { counts, faults, events } = tally;
    const first = faults.map(({ line, code, problem }) => ({ line, code, problem }));
    const other = Object.fromEntries(events);
    // Damaged alerts are among the events.
    if (counts.alert > 0) other.alert = (other.alert ?? 0) + counts.alert;
    const hosts = this.scorer
      .allFindings()
      .map((finding) => ({ ...finding, text: describeFinding(finding) }));
    return {
      format,
      lines: tally.lines,
      flows: { ...this.flows },
      urls: { ...this.urls },
      other,
      rejected: { count: counts.fault, first },
      mended: { count: tally.mendedCount, first: tally.mended },
      warnings: warningsOf(log),
      hosts,
    };
  }

  private flowRow(verdict: Verdict): object {
    const { flow } = verdict.item as FlowItem;
    this.flows[verdict.verdict]++;
    const signature = this.signatures.take(flow.uid)?.signature;
    const { probability, modelVerdict, decidedBy, novelty, context, reasons } = verdict;
    return {
      flow,
      ...{ verdict: verdict.verdict, probability, modelVerdict, decidedBy },
      ...(novelty && { novelty }),
      context,
      ...listMember(verdict),
      ...flowMembers(verdict),
      ...(signature !== undefined && { signature }),
      ...(reasons.length > 0 && { reasons }),
    };
  }

  /** One result an address of the batch, in order; null where there are none to be had. */
  private async scoreUrls(items: readonly FlowLogItem[]): Promise<Iterator<EventUrl> | null> {
    const urls = items.flatMap((item) => (item.kind === 'url' ? [item.url] : []));
    const scored = this.urlScoring && (await this.urlScoring.score(urls, 'none'));
    return scored && scored[Symbol.iterator]();
  }

  private otherRow(
    item: Exclude<FlowLogItem, { kind: 'flow' }>,
    urls: Iterator<EventUrl> | null,
  ): object | null {
    if (item.kind === 'fault') return { code: item.code, error: item.problem };
    if (item.kind === 'url') return this.urlRow(item, (urls?.next().value as EventUrl | undefined) ?? null);
    if (item.kind === 'alert' && item.uid !== null) this.signatures.note(item.uid, item.alert);
    return null;
  }

  private urlRow({ url, event, uid }: UrlItem, scored: EventUrl | null): object {
    return { url, event, uid, ...this.shown(scored) };
  }

  private shown(scored: EventUrl | null): object {
    if (scored === null) {
      this.urls.unscored++;
      const isAllowed = this.urlScoring !== null;
      return { error: isAllowed ? `no model of the detector ${urlDetector} serves` : outOfScope };
    }
    if ('error' in scored) {
      this.urls.rejected++;
      return scored;
    }
    const { verdict, probability } = scored.verdict;
    this.urls[verdict]++;
    return { verdict, probability, ...chainMember(scored.verdict) };
  }
}

const outOfScope = `the key is not for the detector ${urlDetector}`;

/** How many of a log's lines the summary accounts for: all. */
export function accountedFor({ flows, urls, other, rejected }: FlowFileSummary): number {
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  return sum(flows) + sum({ ...urls }) + sum(other) + rejected.count;
}

/** Whether nothing in a log got a verdict. */
export function isNothingScored({ flows, urls }: FlowFileSummary): boolean {
  return verdicts.every((name) => flows[name] === 0 && urls[name] === 0);
}

/** The summary for a person. */
export function describeFlowFile(summary: FlowFileSummary): string {
  const { lines, flows, urls, rejected, warnings, hosts } = summary;
  const counts = (of: VerdictCounts): string => verdicts.map((name) => `${of[name]} ${name}`).join(', ');
  const other = Object.entries(summary.other).map(([event, count]) => `${event} ${count}`);
  return [
    `${lines} lines of ${summary.format}`,
    `flows: ${counts(flows)}`,
    `addresses: ${counts(urls)}, ${urls.rejected} rejected, ${urls.unscored} not scored`,
    ...(other.length > 0 ? [`other events: ${other.join(', ')}`] : []),
    `rejected lines: ${rejected.count}`,
    ...rejected.first.slice(0, 10).map(({ line, problem }) => `  line ${line}: ${problem}`),
    ...warnings.map((warning) => `warning: ${warning}`),
    ...hosts.map(({ text }) => text),
  ].join('\n');
}
