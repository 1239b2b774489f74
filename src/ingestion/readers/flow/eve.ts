import { isoSeconds } from '../../../detector/flow/iso-time.js';
import type { SignatureAlert } from '../../../detector/flow/weak-labels.js';
import { eveFlow, uidOf } from './eve-flow.js';
import { urlOfHttp, urlOfTls } from './eve-url.js';
import type { FlowLogItem } from './flow-item.js';

type Json = Readonly<Record<string, unknown>>;

/** Whether an object is an event of Suricata. */
export function isEveEvent(record: Json): boolean {
  return typeof record.event_type === 'string';
}

/**
 * What an event of Suricata's EVE log holds: a flow, an address that was asked for, an alert, or nothing to score.
 * https://docs.suricata.io/en/latest/output/eve/eve-json-format.html
 * @throws FlowFault for a flow event that is damaged
 */
export function eveItem(event: Json, line: number): FlowLogItem {
  const type = String(event.event_type);
  if (type === 'flow') return { kind: 'flow', line, flow: eveFlow(event) };
  if (type === 'alert' && typeof event.alert === 'object' && event.alert !== null) {
    return { kind: 'alert', line, uid: uidOf(event), alert: signatureAlert(event.alert as Json) };
  }
  const url = type === 'http' ? urlOfHttp(event) : type === 'tls' ? urlOfTls(event) : null;
  if (url === null) return { kind: 'other', line, event: type };
  return {
    kind: 'url',
    line,
    url,
    event: type === 'http' ? 'http' : 'tls',
    uid: uidOf(event),
    ts: typeof event.timestamp === 'string' ? isoSeconds(event.timestamp) || null : null,
    client: typeof event.src_ip === 'string' ? event.src_ip : null,
  };
}

function signatureAlert(alert: Json): SignatureAlert {
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
  return {
    signature: text(alert.signature) ?? 'unnamed',
    signatureId: number(alert.signature_id),
    category: text(alert.category),
    severity: number(alert.severity),
    action: text(alert.action),
  };
}
