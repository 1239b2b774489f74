import { Injectable } from '@nestjs/common';
import { nextTurn } from '../common/turns.js';
import { describeFinding, type HostFinding } from '../detector/flow/host-finding.js';
import { WeakLabels } from '../detector/flow/weak-labels.js';
import type { ByteInput } from '../ingestion/readers/byte-source.js';
import { type FlowLog, openFlowLog } from '../ingestion/readers/flow/flow-log.js';
import type { FaultItem, FlowLogItem, UrlItem } from '../ingestion/readers/flow/flow-item.js';
import type { GunzipState } from '../ingestion/readers/flow/gunzip.js';
import { type VerdictName, verdicts } from '../registry/bundle/scoring-model.js';
import { EventUrlsService, type UrlAnswer, urlDetector } from './event-urls.service.js';
import type { FlowScorer, FlowVerdict } from './flow-scorer.js';
import { FlowScoringService } from './flow-scoring.service.js';

type VerdictCounts = Record<VerdictName, number>;

/** The account of a log: `flows`, `urls` and the counts of `other` and `rejected` add up to `lines`. */
export interface FlowFileSummary {
  readonly format: string;
  /** That are not blank. */
  readonly lines: number;
  readonly flows: VerdictCounts;
  /** Addresses of EVE's http and tls events, judged by the detector `url`. */
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
    private readonly flows: FlowScoringService,
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
    const scorer = await this.flows.open(detector, { explain: explain ? 'benign' : 'none' });
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
    private readonly scorer: FlowScorer,
    /** Null where who asks may have no verdicts on addresses. */
    private readonly urlScoring: EventUrlsService | null,
  ) {}

  async *lines(log: FlowLog): AsyncGenerator<string, void, undefined> {
    for await (const items of log.batches()) {
      const flows = items.flatMap((item) => (item.kind === 'flow' ? [item.flow] : []));
      const scored = (await this.scorer.score(flows))[Symbol.iterator]();
      // The summary has them all; kept here they would be a second time.
      this.scorer.findings();
      let text = '';
      for (const item of items) {
        const row = item.kind === 'flow' ? this.flowRow(scored.next().value!) : await this.otherRow(item);
        if (row !== null) text += `${JSON.stringify({ line: item.line, ...row })}\n`;
      }
      if (text !== '') yield text;
      await nextTurn();
    }
  }

  summary({ format, tally, warnings }: FlowLog): FlowFileSummary {
    const { counts, faults, events } = tally;
    const first = faults.map(({ line, code, problem }) => ({ line, code, problem }));
    const other = Object.fromEntries(events);
    // Damaged alerts are among the events.
    if (counts.alert > 0) other.alert = (other.alert ?? 0) + counts.alert;
    const hosts = this.scorer.hosts().map((finding) => ({ ...finding, text: describeFinding(finding) }));
    return {
      format,
      lines: tally.lines,
      flows: { ...this.flows },
      urls: { ...this.urls },
      other,
      rejected: { count: counts.fault, first },
      warnings,
      hosts,
    };
  }

  private flowRow({ flow, verdict, probability, novelty, context, reasons }: FlowVerdict): object {
    this.flows[verdict]++;
    const signature = this.signatures.take(flow.uid)?.signature;
    return {
      flow,
      verdict,
      probability,
      ...(novelty && { novelty }),
      context,
      ...(signature !== undefined && { signature }),
      ...(reasons.length > 0 && { reasons }),
    };
  }

  private async otherRow(item: Exclude<FlowLogItem, { kind: 'flow' }>): Promise<object | null> {
    if (item.kind === 'fault') return { code: item.code, error: item.problem };
    if (item.kind === 'url') return this.urlRow(item);
    if (item.kind === 'alert' && item.uid !== null) this.signatures.note(item.uid, item.alert);
    return null;
  }

  private async urlRow({ url, event, uid }: UrlItem): Promise<object> {
    return { url, event, uid, ...this.shown(this.urlScoring && (await this.urlScoring.score(url))) };
  }

  private shown(answer: UrlAnswer | null): object {
    if (answer === null) {
      this.urls.unscored++;
      const isAllowed = this.urlScoring !== null;
      return { error: isAllowed ? `no model of the detector ${urlDetector} serves` : outOfScope };
    }
    if ('error' in answer) {
      this.urls.rejected++;
      return answer;
    }
    this.urls[answer.verdict]++;
    return { verdict: answer.verdict, probability: answer.probability };
  }
}

const outOfScope = `the key is not for the detector ${urlDetector}`;

/** How many of a log's lines the summary accounts for: all. */
export function accountedFor({ flows, urls, other, rejected }: FlowFileSummary): number {
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  return sum(flows) + sum({ ...urls }) + sum(other) + rejected.count;
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
