import type { Rule } from '../kind.js';
import { contactOf } from './contact.js';
import type { Flow } from './flow.js';
import type { WindowFacts } from './flow-window.js';

/** What was seen of a flow where it is too little to call it a threat; null where there is more. */
export function tooLittle(flow: Flow, window: WindowFacts | null): string | null {
  const { history, orig_pkts, resp_pkts, conn_state, proto } = flow;
  if (orig_pkts === 0 && resp_pkts === 0) return 'no packet of it was counted';
  if (proto !== 'tcp') return null;
  if (history !== null && /^\^?[Cc]+$/.test(history)) return 'nothing but packets with a wrong checksum';
  if (history !== null && /^\^?[FfRrAaHh]+$/.test(history)) return 'nothing but the end or the answers of it';
  if (conn_state === 'OTH' && !flow.orig_bytes && !flow.resp_bytes)
    return 'neither its beginning nor anything that was said in it';
  const isAlone = window === null || window.long.failed <= 1;
  if (isAlone && conn_state !== 'REJ' && contactOf(flow) === 'knock')
    return 'one attempt to connect, and no answer';
  return null;
}

/** Makes flows benign of which too little was seen, whatever a model that knows others makes of them. */
export function ruleOf(flow: Flow, window: WindowFacts | null): Rule | null {
  const seen = tooLittle(flow, window);
  if (seen === null) return null;
  return { verdict: 'benign', feature: 'seen', texts: [`too little was seen: ${seen}`], probability: null };
}
