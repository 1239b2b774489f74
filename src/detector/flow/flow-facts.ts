import { type AddressClass, addressClass } from './address-class.js';
import type { Flow } from './flow.js';
import { isFailed } from './flow-outcome.js';
import type { WindowFacts } from './flow-window.js';
import { receivedBytes, sentBytes } from './payload.js';
import { type PortClass, portClass } from './port-class.js';

/** What is worked out of a flow once, for many features. */
export interface FlowFacts {
  readonly flow: Flow;
  /** null when the flow is scored alone. */
  readonly window: WindowFacts | null;
  readonly failed: boolean;
  readonly portClass: PortClass;
  readonly origClass: AddressClass;
  readonly respClass: AddressClass;
  /** Payload bytes; NaN where unknown. */
  readonly sent: number;
  readonly received: number;
  /** How often each ASCII letter stands in the history; null without one. Good until the next flow. */
  readonly letters: Uint8Array | null;
}

/** For all flows: facts are used up before those of the next are asked for. */
const letterCounts = new Uint8Array(128);

export function flowFacts(flow: Flow, window: WindowFacts | null): FlowFacts {
  return {
    flow,
    window,
    failed: isFailed(flow),
    portClass: flow.proto === 'icmp' ? 'other' : portClass(flow.id_resp_p),
    origClass: addressClass(flow.id_orig_h ?? ''),
    respClass: addressClass(flow.id_resp_h ?? ''),
    sent: sentBytes(flow),
    received: receivedBytes(flow),
    letters: flow.history === null ? null : countLetters(flow.history),
  };
}

function countLetters(history: string): Uint8Array {
  letterCounts.fill(0);
  for (let i = 0; i < history.length; i++) letterCounts[history.charCodeAt(i) & 127]++;
  return letterCounts;
}
