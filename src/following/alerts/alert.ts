import { createHash } from 'node:crypto';
import { endOf, type Flow } from '../../detector/flow/flow.js';
import { describeFinding, type HostFinding } from '../../detector/flow/host-finding.js';
import type { SignatureAlert } from '../../detector/flow/weak-labels.js';
import type { UrlItem } from '../../ingestion/readers/flow/flow-item.js';
import { urlDetector } from '../../prediction/event-urls.service.js';
import type { Novelty } from '../../registry/bundle/novelty.js';
import type { VerdictName } from '../../registry/bundle/scoring-model.js';

interface AnyAlert {
  /** The same for the same cause, so that a receiver can drop what it gets twice. */
  readonly id: string;
  readonly detector: string;
  /** When it happened, seconds since the epoch; null where the log does not say. */
  readonly at: number | null;
  /** What it is about, as a sentence. */
  readonly text: string;
}

/** A flow that is reported. */
export interface FlowAlert extends AnyAlert {
  readonly kind: 'flow';
  readonly flow: Flow;
  readonly verdict: VerdictName;
  readonly probability: number;
  /** How unlike all that was learned from it is; null where the model does not know. */
  readonly novelty: Novelty | null;
  readonly reasons: readonly string[];
  /** Version of the model. */
  readonly version: number;
  /** What a sensor's signature said of the flow. */
  readonly signature: SignatureAlert | null;
}

/** What the flows of one host add up to. */
export interface HostAlert extends AnyAlert {
  readonly kind: 'host';
  readonly finding: HostFinding;
}

/** An address that was asked for and is reported. */
export interface UrlAlert extends AnyAlert {
  readonly kind: 'url';
  readonly asked: UrlItem;
  readonly verdict: VerdictName;
  readonly probability: number;
  readonly reasons: readonly string[];
  /** Version of the model. */
  readonly version: number;
}

export type Alert = FlowAlert | UrlAlert | HostAlert;

export function flowAlert(alert: Omit<FlowAlert, 'id' | 'kind' | 'at' | 'text'>): FlowAlert {
  const { flow, detector, verdict, reasons } = alert;
  const at = endOf(flow);
  const from = `${flow.id_orig_h ?? 'unknown'} to ${flow.id_resp_h ?? 'unknown'}`;
  return {
    ...alert,
    kind: 'flow',
    // All that the log says of it: two flows without a uid differ somewhere.
    id: digest([detector, 'flow', ...(Object.values(flow) as unknown[])]),
    at: Number.isNaN(at) ? null : at,
    text: [`${verdict} flow from ${from}`, ...reasons.slice(0, 1)].join(': '),
  };
}

export function urlAlert(alert: Omit<UrlAlert, 'id' | 'kind' | 'detector' | 'at' | 'text'>): UrlAlert {
  const { url, ts, uid, client } = alert.asked;
  const about = `${alert.verdict} address asked for by ${client ?? 'unknown'}: ${url}`;
  return {
    ...alert,
    kind: 'url',
    detector: urlDetector,
    id: digest([urlDetector, url, ts, uid, client]),
    at: ts,
    text: [about, ...alert.reasons.slice(0, 1)].join(': '),
  };
}

/** A finding that has grown is reported again, and is another alert. */
export function hostAlert(detector: string, finding: HostFinding): HostAlert {
  const { kind, host, target, port, proto, from, count } = finding;
  return {
    kind: 'host',
    id: digest([detector, kind, host, target, port, proto, from, count]),
    detector,
    at: finding.to,
    text: describeFinding(finding),
    finding,
  };
}

/** What kind of alert it is, in one word. */
export function classOf(alert: Alert): string {
  return alert.kind === 'host' ? alert.finding.kind : `${alert.verdict}-${alert.kind}`;
}

export function isoTime(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString();
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
