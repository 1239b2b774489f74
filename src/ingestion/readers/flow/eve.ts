import { isoSeconds } from '../../../detector/flow/iso-time.js';
import type { SignatureAlert } from '../../../detector/flow/weak-labels.js';
import { greetedAddress, requestedAddress } from './asked-address.js';
import { eveFlow, eveOneWay, uidOf } from './eve-flow.js';
import { isObject, type Json } from './json-object.js';
import type { LineItem } from './one-way.js';

/** Whether an object is an event of Suricata. */
export function isEveEvent(record: Json): boolean {
  return typeof record.event_type === 'string';
}

/**
 * What an event of Suricata's EVE log holds: a flow, an address that was asked for, an alert, or nothing to score.
 * https://docs.suricata.io/en/latest/output/eve/eve-json-format.html
 * @throws FlowFault for a flow event that is damaged
 */
export function eveItem(event: Json, line: number, mended?: string[]): LineItem {
  const type = String(event.event_type);
  if (type === 'flow') return { kind: 'flow', line, flow: eveFlow(event, mended) };
  if (type === 'netflow') return eveOneWay(event, line, mended);
  if (type === 'alert' && isObject(event.alert)) {
    return { kind: 'alert', line, uid: uidOf(event), alert: signatureAlert(event.alert) };
  }
  const url = type === 'http' ? urlOfHttp(event) : type === 'tls' ? urlOfTls(event) : null;
  if (url === null) return { kind: 'other', line, event: type };
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return {
    kind: 'url',
    line,
    url,
    event: type === 'http' ? 'http' : 'tls',
    uid: uidOf(event),
    ts: typeof event.timestamp === 'string' ? isoSeconds(event.timestamp) || null : null,
    client: text(event.src_ip),
    server: text(event.dest_ip),
  };
}

function urlOfHttp({ http, dest_port, dest_ip }: Json): string | null {
  if (!isObject(http)) return null;
  const { hostname, url, http_port: named, http_method: method } = http;
  const port = typeof named === 'number' ? named : dest_port;
  return requestedAddress({ host: hostname, target: url, method, port, server: dest_ip });
}

function urlOfTls({ tls, dest_port }: Json): string | null {
  return isObject(tls) ? greetedAddress(tls.sni, dest_port) : null;
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
