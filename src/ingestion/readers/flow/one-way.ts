import { endOf, type Flow } from '../../../detector/flow/flow.js';
import { ack, historyOf, stateOf } from './flags.js';
import type { FlowItem, FlowLogItem } from './flow-item.js';

/** What one end of a connection sent to the other, as exporters log it that count each direction by itself. */
export interface OneWayItem {
  readonly kind: 'one-way';
  readonly line: number;
  /** With what was sent as the originator's, and nothing as the responder's. */
  readonly flow: Flow;
  /** All TCP flags of its packets; null where the log does not say. */
  readonly flags: number | null;
  readonly mended?: readonly string[];
}

/** What a line holds before directions are joined. */
export type LineItem = FlowLogItem | OneWayItem;

/** Directions that wait for their other half. */
const mostWaiting = 10_000;
/** Seconds of the log for which they do, and within which two belong to one connection. */
const patience = 120;

/**
 * Joins the two directions of connections. The one to a well-known port is the originator's, else the one that began
 * first, else the one that stands first. One whose other half does not come within two minutes of the log, or within
 * 10,000 such lines, is a flow that nobody answered.
 */
export class OneWayJoiner {
  private readonly waiting = new Map<string, OneWayItem>();

  /** The items that this one completes: one a line. */
  add(item: OneWayItem): FlowLogItem[] {
    const { id_orig_h, id_orig_p, id_resp_h, id_resp_p, proto } = item.flow;
    const isIcmp = proto === 'icmp';
    const [from, to] = [end(id_orig_h, isIcmp ? null : id_orig_p), end(id_resp_h, isIcmp ? null : id_resp_p)];
    const back = this.waiting.get(`${proto} ${to} ${from}`);
    if (back && touch(back.flow, item.flow)) {
      this.waiting.delete(`${proto} ${to} ${from}`);
      return [{ kind: 'other', line: back.line, event: 'joined direction' }, joined(back, item)];
    }
    const key = `${proto} ${from} ${to}`;
    const before = this.waiting.get(key);
    this.waiting.delete(key);
    this.waiting.set(key, item);
    return [...(before ? [unanswered(before)] : []), ...this.release(endOf(item.flow))];
  }

  end(): FlowLogItem[] {
    const left = [...this.waiting.values()].map(unanswered);
    this.waiting.clear();
    return left;
  }

  private release(now: number): FlowLogItem[] {
    const items: FlowLogItem[] = [];
    for (const [key, item] of this.waiting) {
      if (this.waiting.size <= mostWaiting && !(endOf(item.flow) < now - patience)) break;
      this.waiting.delete(key);
      items.push(unanswered(item));
    }
    return items;
  }
}

function end(host: string | null, port: number | null): string {
  return `${host} ${port}`;
}

function touch(a: Flow, b: Flow): boolean {
  return a.ts! <= endOf(b) + patience && b.ts! <= endOf(a) + patience;
}

function joined(first: OneWayItem, second: OneWayItem): FlowItem {
  const [to, back] = isOriginator(first, second) ? [first, second] : [second, first];
  const ts = Math.min(to.flow.ts!, back.flow.ts!);
  const duration = Math.max(endOf(to.flow), endOf(back.flow)) - ts;
  const mended = [...(to.mended ?? []), ...(back.mended ?? [])];
  const flow: Flow = {
    ...to.flow,
    ts,
    duration: Math.round(duration * 1e6) / 1e6,
    resp_bytes: back.flow.orig_bytes,
    resp_pkts: back.flow.orig_pkts,
    resp_ip_bytes: back.flow.orig_ip_bytes,
    label: to.flow.label ?? back.flow.label,
    ...outcome(to, back.flow.orig_pkts, back.flags),
  };
  return { kind: 'flow', line: second.line, flow, ...(mended.length > 0 && { mended }) };
}

function unanswered(item: OneWayItem): FlowItem {
  const { line, mended } = item;
  const flow = { ...item.flow, resp_bytes: 0, resp_pkts: 0, resp_ip_bytes: 0, ...outcome(item, 0, 0) };
  return { kind: 'flow', line, flow, ...(mended && { mended }) };
}

/** @param first stands before `second` in the log */
function isOriginator({ flow: first }: OneWayItem, { flow: second }: OneWayItem): boolean {
  if (isToService(first) !== isToService(second)) return isToService(first);
  return first.ts! <= second.ts!;
}

function isToService({ id_orig_p, id_resp_p }: Flow): boolean {
  return id_orig_p !== null && id_resp_p !== null && id_resp_p < 1024 && id_orig_p >= 1024;
}

/** @param received packets that came back, whose flags were `server` */
function outcome(
  { flow: { proto, orig_pkts, conn_state }, flags: client }: OneWayItem,
  received: number | null,
  server: number | null,
): Pick<Flow, 'conn_state' | 'history'> {
  // The log's own word, such as that a firewall let nothing through.
  if (conn_state !== null) return { conn_state, history: null };
  if (proto === 'icmp') return { conn_state: 'OTH', history: null };
  if (proto === 'tcp' && (client === null || server === null))
    return { conn_state: received === 0 ? 'S0' : null, history: null };
  const flags = proto === 'tcp' && client !== null && server !== null ? { client, server } : null;
  const seen = { sent: orig_pkts ?? 1, received: received ?? 1, flags };
  const history = historyOf(seen);
  // Who acknowledges was answered: the log saw one direction only.
  const isAnswered = flags !== null && received === 0 && (flags.client & ack) !== 0;
  return { conn_state: stateOf(seen), history: isAnswered ? history.replace(/^S/, 'SA') : history };
}
