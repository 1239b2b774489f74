import type { Flow } from '../../detector/flow/flow.js';
import { WeakLabels } from '../../detector/flow/weak-labels.js';
import type { FlowLogItem } from '../../ingestion/readers/flow/flow-item.js';
import { type VerdictName, verdicts } from '../../registry/bundle/scoring-model.js';
import type { UrlItem } from '../../ingestion/readers/flow/flow-item.js';
import type { LogScorer, LogVerdict } from '../log-scorer.js';
import { type Alert, flowAlert, hostAlert, type UrlAlert, urlAlert } from './alert.js';

export interface ReporterOptions {
  readonly detector: string;
  /** The mildest verdict that is reported. Findings about hosts are reported always. */
  readonly least: VerdictName;
}

/** Makes alerts of what a log holds. */
export class Reporter {
  /** Flows and addresses by verdict, reported or not. */
  readonly flows: Record<VerdictName, number> = { benign: 0, suspicious: 0, malicious: 0 };
  readonly urls: Record<VerdictName, number> = { benign: 0, suspicious: 0, malicious: 0 };
  /** Alerts that the lists kept back. */
  suppressed = 0;
  private readonly signatures = new WeakLabels();
  private readonly isReported: ReadonlySet<VerdictName>;

  constructor(
    private readonly scorer: LogScorer,
    private readonly options: ReporterOptions,
  ) {
    this.isReported = new Set(verdicts.slice(verdicts.indexOf(options.least)));
  }

  /** Takes in what was reported before, as the context of what comes. */
  async recall(items: readonly FlowLogItem[]): Promise<void> {
    await this.scorer.score(flowsOf(items));
    this.scorer.newFindings();
  }

  async report(items: readonly FlowLogItem[]): Promise<Alert[]> {
    for (const item of items) {
      if (item.kind === 'alert' && item.uid !== null) this.signatures.note(item.uid, item.alert);
    }
    const urls = await this.reportUrls(items);
    const flows = flowsOf(items);
    const alerts =
      flows.length === 0 ? urls : [...urls, ...(await this.reportFlows(flows)), ...this.reportHosts()];
    const sent = alerts.filter((alert) => !this.scorer.isSuppressed(alert));
    this.suppressed += alerts.length - sent.length;
    return sent;
  }

  private async reportUrls(items: readonly FlowLogItem[]): Promise<Alert[]> {
    const asked = items.filter((item): item is UrlItem => item.kind === 'url');
    if (asked.length === 0) return [];
    const alerts: Alert[] = [];
    for (const [i, verdict] of (await this.scorer.scoreUrls(asked.map(({ url }) => url))).entries()) {
      if (verdict === null) continue;
      this.urls[verdict.verdict]++;
      if (this.isReported.has(verdict.verdict))
        alerts.push(urlAlert({ ...ofVerdict(verdict), asked: asked[i] }));
    }
    return alerts;
  }

  private async reportFlows(flows: readonly Flow[]): Promise<Alert[]> {
    const alerts: Alert[] = [];
    for (const [i, verdict] of (await this.scorer.score(flows)).entries()) {
      const flow = flows[i];
      this.flows[verdict.verdict]++;
      const signature = this.signatures.take(flow.uid);
      if (!this.isReported.has(verdict.verdict)) continue;
      const { novelty } = verdict;
      alerts.push(
        flowAlert({ ...ofVerdict(verdict), flow, novelty, detector: this.options.detector, signature }),
      );
    }
    return alerts;
  }

  private reportHosts(): Alert[] {
    return this.scorer.newFindings().map((finding) => hostAlert(this.options.detector, finding));
  }
}

function ofVerdict({
  verdict,
  probability,
  reasons,
  version,
}: LogVerdict): Pick<UrlAlert, 'verdict' | 'probability' | 'reasons' | 'version'> {
  return { verdict, probability, reasons: reasons.map(({ text }) => text), version: version.version };
}

function flowsOf(items: readonly FlowLogItem[]): Flow[] {
  return items.flatMap((item) => (item.kind === 'flow' ? [item.flow] : []));
}
