import { endOf, type Flow } from './flow.js';
import { hashText, joinKeys, type Key, keyOf, withNumber } from './flow-hash.js';
import { isFailed } from './flow-outcome.js';
import { type PairBehaviour, PairHistory } from './pair-history.js';
import { receivedBytes, sentBytes } from './payload.js';
import { SlotCache } from './slot-cache.js';
import {
  emptyBehaviour,
  type SourceBehaviour,
  type SourceEntry,
  SourceHistory,
  type SourceWindow,
} from './source-history.js';

/** Seconds. */
export const shortWindow = 60;
export const longWindow = 600;

export interface FlowWindowOptions {
  /** Sources remembered at a time; a power of two, like `pairs`. */
  readonly hosts?: number;
  /** Flows remembered of each. */
  readonly flowsAHost?: number;
  /** Pairs of a source and a port of a host remembered at a time. */
  readonly pairs?: number;
}

/** What the source of a flow has been doing, the flow included. */
export interface WindowFacts {
  readonly short: SourceBehaviour;
  readonly long: SourceBehaviour;
  readonly pair: PairBehaviour;
}

/**
 * The sliding windows over a stream of flows: of each source the last flows, of each source and port of a host the
 * rhythm. Memory is bounded by the options (40 MB with the defaults) however many hosts and flows come by; what was
 * not heard of lately is forgotten.
 *
 * Flows are taken as they come, about in the order in which they were over. Within a window order does not matter to
 * the counts; a flow that comes later than that is compared with the flows that were over around its own time. Only
 * the gaps of a pair take what is late for a small or large gap.
 */
export class FlowWindow {
  private readonly sources: SlotCache;
  private readonly pairs: SlotCache;
  private readonly sourceHistory: SourceHistory;
  private readonly pairHistory: PairHistory;
  private readonly entry: SourceEntry = {
    at: 0,
    host: 0,
    service: 0,
    port: 0,
    failed: false,
    sent: 0,
    received: 0,
  };
  private readonly short: SourceWindow = { seconds: shortWindow, behaviour: emptyBehaviour() };
  private readonly long: SourceWindow = { seconds: longWindow, behaviour: emptyBehaviour() };
  private readonly facts: WindowFacts = {
    short: this.short.behaviour,
    long: this.long.behaviour,
    pair: { flows: 0, gapMean: 0, gapVariation: 0, sizeVariation: 0 },
  };

  constructor({ hosts = 8192, flowsAHost = 100, pairs = 65_536 }: FlowWindowOptions = {}) {
    this.sources = new SlotCache(hosts);
    this.pairs = new SlotCache(pairs);
    this.sourceHistory = new SourceHistory(hosts, flowsAHost);
    this.pairHistory = new PairHistory(pairs);
  }

  /**
   * Takes in a flow and says what its source has been doing.
   * @returns facts that hold until the next flow; null for a flow without a time or without both hosts, which cannot
   * be put in a context
   */
  observe(flow: Flow): WindowFacts | null {
    const at = endOf(flow);
    if (Number.isNaN(at) || flow.id_orig_h === null || flow.id_resp_h === null) return null;
    const [source, target] = [keyOf(flow.id_orig_h), keyOf(flow.id_resp_h)];
    this.describe(flow, at, target.low);
    this.observeSource(source);
    const service = (this.entry.port << 8) ^ hashText(flow.proto);
    this.observePair(withNumber(joinKeys(source, target), service), flow.ts ?? at);
    return this.facts;
  }

  private describe(flow: Flow, at: number, host: number): void {
    const { entry } = this;
    entry.at = at;
    entry.host = host;
    entry.service = flow.service === null ? 0 : hashText(flow.service);
    entry.port = flow.id_resp_p ?? -1;
    entry.failed = isFailed(flow);
    entry.sent = sentBytes(flow) || 0;
    entry.received = receivedBytes(flow) || 0;
  }

  private observeSource({ high, low }: Key): void {
    const { entry, sourceHistory } = this;
    const slot = this.sources.claim(high, low);
    if (this.sources.wasNew) sourceHistory.forget(slot);
    sourceHistory.observe(slot, entry, this.short, this.long);
  }

  private observePair({ high, low }: Key, startedAt: number): void {
    const { entry, pairHistory } = this;
    const slot = this.pairs.claim(high, low);
    if (this.pairs.wasNew) pairHistory.forget(slot);
    pairHistory.add(slot, startedAt, entry.sent);
    pairHistory.read(slot, this.facts.pair);
  }
}
