import { type CountBudget, DistinctCount } from './distinct-count.js';
import type { Flow } from './flow.js';
import { type FindingKind, type HostFinding, type ScorePart, scoreOf } from './host-finding.js';
import { sentBytes } from './payload.js';

/** Of the flows that prove a finding, so many of the first and so many of the latest. */
const [firstKept, latestKept] = [20, 20];

/** The score from which on it is a finding, and below which it no longer is one. */
const [found, withdrawn] = [1, 0.5];

/** Seconds after which a finding that has grown is reported again, and each time later; and of quiet, after which it is over. */
const [growsFor, quietAfter] = [3600, 300];

/** What a tally is about. */
export interface TallySubject {
  readonly kind: FindingKind;
  readonly host: string;
  /** null where there are many. */
  readonly target: string | null;
  readonly port: number | null;
  readonly proto: string;
}

/** What one host did of one kind, to one target or many. */
export class HostTally {
  private readonly subject: TallySubject;
  /** Of scans: their doors. */
  private readonly distinct: DistinctCount | null;
  private readonly first: string[] = [];
  private readonly latest: string[] = [];
  private from = Infinity;
  private to = -Infinity;
  private flows = 0;
  private packets = 0;
  private bytes = 0;
  private parts: readonly ScorePart[] = [];
  private score = 0;
  private isOne = false;
  private reportedAt = NaN;
  private reportedFlows = 0;
  private reports = 0;
  /** Seconds from one attempt to the next, where they are regular. */
  interval: number | null = null;
  /** Where not each flow is one. */
  attempts: number | null = null;

  /** @param budget of scans, for their distinct doors */
  constructor(subject: TallySubject, budget: CountBudget | null) {
    const { host, target } = subject;
    this.subject = { ...subject, host: ownCopy(host), target: target === null ? null : ownCopy(target) };
    this.distinct = budget && new DistinctCount(budget);
  }

  get host(): string {
    return this.subject.host;
  }

  get firstAt(): number {
    return this.from;
  }

  get lastAt(): number {
    return this.to;
  }

  get isFound(): boolean {
    return this.isOne;
  }

  /** Whether it was ever reported. */
  get isReported(): boolean {
    return this.reportedFlows > 0;
  }

  /** Whether flows have come since it was reported. */
  get hasGrown(): boolean {
    return this.flows !== this.reportedFlows;
  }

  /**
   * Takes in a flow that came before it was made.
   * @param since when the first of them came
   * @param value what is counted distinct
   */
  include(since: number, value: number): void {
    const before = this.distinct?.count;
    this.distinct?.add(value);
    // The flow for which it is made will be added yet.
    if (this.distinct?.count !== before) this.addAmounts(since, 1, 0, 0);
  }

  /** Takes in a flow that speaks for it. @param value what is counted distinct */
  add(flow: Flow, at: number, value = 0): void {
    this.addAmounts(flow.ts ?? at, 1, flow.orig_pkts ?? 0, sentBytes(flow) || 0);
    this.to = Math.max(this.to, at);
    this.distinct?.add(value);
    if (flow.uid !== null) this.keep(flow.uid);
  }

  addAmounts(at: number, flows: number, packets: number, bytes: number): void {
    this.flows += flows;
    this.packets += packets;
    this.bytes += bytes;
    this.from = Math.min(this.from, at);
    this.to = Math.max(this.to, at);
  }

  /** Sets what there is for it and against it. */
  weigh(parts: readonly ScorePart[]): void {
    this.parts = parts;
    this.score = scoreOf(parts);
    this.isOne = this.score >= (this.isOne ? withdrawn : found);
  }

  /** The parts with the most that a window ever showed: what was done stays done when the window has gone on. */
  broadest(parts: readonly ScorePart[]): ScorePart[] {
    const most = this.parts.find(({ part }) => part === 'breadth');
    const now = parts.find(({ part }) => part === 'breadth');
    if (!most || (now && now.points >= most.points)) return [...parts];
    return [most, ...parts.filter((part) => part !== now)];
  }

  /**
   * Whether it is to be reported: when it is found, later as it goes on, and once it is quiet, with all that came.
   * @param at the log's own time
   */
  isDue(at: number, isEnd: boolean): boolean {
    if (!this.isOne) return false;
    if (!this.isReported) return true;
    if (!this.hasGrown) return false;
    if (isEnd || at > this.reportedAt + Math.max(growsFor, 3 * (this.reportedAt - this.from))) return true;
    return this.reports < 3 && at - this.to > quietAfter;
  }

  noteReported(at: number): void {
    this.reportedAt = at;
    this.reports++;
    this.reportedFlows = this.flows;
  }

  finding(): HostFinding {
    return { ...this.summary(), uids: [...this.first, ...this.latest] };
  }

  /** The finding without the flows that prove it. */
  summary(): Omit<HostFinding, 'uids'> {
    return {
      ...this.subject,
      count: this.distinct?.count ?? this.attempts ?? this.flows,
      atLeast: this.distinct?.isFull ?? false,
      flows: this.flows,
      packets: this.packets,
      bytes: this.bytes,
      from: this.from,
      to: this.to,
      interval: this.interval,
      score: this.score,
      parts: this.parts,
    };
  }

  /** Gives back its room: nothing will be added. */
  end(): void {
    this.distinct?.end();
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
