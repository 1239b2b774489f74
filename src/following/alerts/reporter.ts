import type { Flow } from '../../detector/flow/flow.js';
import { WeakLabels } from '../../detector/flow/weak-labels.js';
import type { FlowLogItem } from '../../ingestion/readers/flow/flow-item.js';
import { type VerdictName, verdicts } from '../../registry/bundle/scoring-model.js';
import type { FlowJudge } from '../flow-judge.js';
import { type Alert, flowAlert, hostAlert, urlAlert } from './alert.js';

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
  private readonly signatures = new WeakLabels();
  private readonly isReported: ReadonlySet<VerdictName>;

  constructor(
    private readonly judge: FlowJudge,
    private readonly options: ReporterOptions,
  ) {
    this.isReported = new Set(verdicts.slice(verdicts.indexOf(options.least)));
  }

  /** Takes in what was reported before, as the context of what comes. */
  async recall(items: readonly FlowLogItem[]): Promise<void> {
    await this.judge.score(flowsOf(items));
    this.judge.findings();
  }

  async report(items: readonly FlowLogItem[]): Promise<Alert[]> {
    for (const item of items) {
      if (item.kind === 'alert' && item.uid !== null) this.signatures.note(item.uid, item.alert);
    }
    const urls = await this.reportUrls(items);
    const flows = flowsOf(items);
    if (flows.length === 0) return urls;
    return [...urls, ...(await this.reportFlows(flows)), ...this.reportHosts()];
  }

  private async reportUrls(items: readonly FlowLogItem[]): Promise<Alert[]> {
    const alerts: Alert[] = [];
    for (const item of items) {
      const judged = item.kind === 'url' ? await this.judge.scoreUrl(item) : null;
      if (judged === null) continue;
      this.urls[judged.verdict]++;
      if (this.isReported.has(judged.verdict)) alerts.push(urlAlert(judged));
    }
    return alerts;
  }

  private async reportFlows(flows: readonly Flow[]): Promise<Alert[]> {
    const alerts: Alert[] = [];
    for (const judged of await this.judge.score(flows)) {
      this.flows[judged.verdict]++;
      const signature = this.signatures.take(judged.flow.uid);
      if (!this.isReported.has(judged.verdict)) continue;
      alerts.push(flowAlert({ ...judged, detector: this.options.detector, signature }));
    }
    return alerts;
  }

  private reportHosts(): Alert[] {
    return this.judge.findings().map((finding) => hostAlert(this.options.detector, finding));
  }
}

function flowsOf(items: readonly FlowLogItem[]): Flow[] {
  return items.flatMap((item) => (item.kind === 'flow' ? [item.flow] : []));
}
