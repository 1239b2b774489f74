import type { Flow } from './flow.js';
import type { FindingKind, HostFinding } from './host-finding.js';

/** Distinct ports or hosts that are distinguished; behind it they are only known to be more. */
const distinctKept = 1024;
/** Of the flows that prove a finding, so many of the first and so many of the latest. */
const [firstKept, latestKept] = [20, 20];

/** What one host did of one kind to one target. */
export class HostTally {
  readonly host: string;
  private readonly target: string;
  private readonly port: number | null;
  private readonly proto: string;
  private readonly distinct = new Set<number>();
  private readonly first: string[] = [];
  private readonly latest: string[] = [];
  private from = Infinity;
  private to = -Infinity;
  private flows = 0;
  private against = 0;
  /** Seconds from one flow to the next, where they are regular. */
  interval: number | null = null;
  /** The size and the share of flows that speak for it from which on it is a finding. */
  least = Infinity;
  leastShare = 0;
  /** The size at which it was reported last; 0 before. */
  reportedAt = 0;

  /** @param flow its first, between two hosts */
  constructor(
    readonly kind: FindingKind,
    flow: Flow,
  ) {
    this.host = ownCopy(flow.id_orig_h ?? '');
    this.target = ownCopy(flow.id_resp_h ?? '');
    this.port = flow.id_resp_p;
    this.proto = flow.proto;
  }

  /** Whether a flow at `at` comes too late for it. Once reported, it lasts as long as there is no such gap. */
  isOver(at: number, seconds: number): boolean {
    return at - (this.reportedAt > 0 ? this.to : this.from) > seconds;
  }

  /** Whether nothing was added to it for so long before `other` began. */
  isStale(other: HostTally, seconds: number): boolean {
    return other.from - this.to > seconds;
  }

  /** Takes in a flow that speaks for it. @param value what is counted distinct */
  add(flow: Flow, at: number, value = 0): void {
    this.flows++;
    if (this.distinct.size < distinctKept) this.distinct.add(value);
    this.from = Math.min(this.from, at);
    this.to = Math.max(this.to, at);
    if (flow.uid !== null) this.keep(flow.uid);
  }

  addAgainst(): void {
    this.against++;
  }

  /** Distinct ports or hosts of a scan, else flows. */
  get size(): number {
    return this.isScan ? this.distinct.size : this.flows;
  }

  /** Share of the flows that speak for it. */
  get shareFor(): number {
    return this.flows / (this.flows + this.against);
  }

  get isFound(): boolean {
    return this.size >= this.least && this.shareFor >= this.leastShare;
  }

  finding(): HostFinding {
    return { ...this.summary(), uids: [...this.first, ...this.latest] };
  }

  /** The finding without the flows that prove it. */
  summary(): Omit<HostFinding, 'uids'> {
    return {
      kind: this.kind,
      host: this.host,
      target: this.kind === 'horizontal-scan' ? null : this.target,
      port: this.kind === 'vertical-scan' ? null : this.port,
      proto: this.proto,
      count: this.size,
      atLeast: this.isScan && this.distinct.size === distinctKept,
      from: this.from,
      to: this.to,
      interval: this.interval,
    };
  }

  private get isScan(): boolean {
    return this.kind === 'horizontal-scan' || this.kind === 'vertical-scan';
  }

  private keep(uid: string): void {
    const kept = this.first.length < firstKept ? this.first : this.latest;
    if (kept.length === latestKept && kept === this.latest) kept.shift();
    kept.push(ownCopy(uid));
  }
}

/** The text without the chunk of a log that it is a slice of, which it would else keep in memory. */
function ownCopy(text: string): string {
  return Buffer.from(text).toString();
}
