import { parseNamedFlow } from '../../../detector/flow/parse-flow.js';
import { isoSeconds } from '../../../detector/flow/iso-time.js';
import { withoutHeaders } from '../../../detector/flow/payload.js';
import { greetedAddress, requestedAddress } from './asked-address.js';
import { eveItem } from './eve.js';
import type { FlowLogItem } from './flow-item.js';
import { isObject, type Json, valueAt } from './json-object.js';

/** Whether a record names two hosts as the Elastic Common Schema does. */
export function isEcs(record: Json): boolean {
  return valueAt(record, 'source.ip') !== undefined && valueAt(record, 'destination.ip') !== undefined;
}

/**
 * What a document of the Elastic Common Schema holds, be it made of Zeek's logs, of Suricata's events or by another
 * sensor of flows.
 * https://www.elastic.co/guide/en/ecs/8.17/ecs-field-reference.html
 * @throws FlowFault for a flow that is damaged
 */
export function ecsItem(record: Json, line: number, mended?: string[]): FlowLogItem {
  const at = (path: string): unknown => valueAt(record, path);
  const event = at('suricata.eve.event_type') ?? at('event.dataset');
  const name = typeof event === 'string' ? event.replace(/^(?:zeek|suricata)\./, '') : 'event';
  if (name === 'flow') return { kind: 'flow', line, flow: eveFlowOf(at, line, mended) };
  if (name === 'http' || name === 'tls' || name === 'ssl') return requestOf(at, name, line);
  if (name === 'alert' || at('event.kind') === 'alert') return alertOf(at, line);
  const isFlow = name === 'connection' || (at('zeek') === undefined && at('suricata') === undefined);
  if (!isFlow) return { kind: 'other', line, event: name };
  return { kind: 'flow', line, flow: flowOf(at, mended) };
}

type At = (path: string) => unknown;

/** A connection of Zeek, whose IP bytes are ECS's bytes, or a flow of any other sensor. */
function flowOf(at: At, mended?: string[]): ReturnType<typeof parseNamedFlow> {
  const proto = at('network.transport') ?? at('network.iana_number') ?? at('network.protocol');
  const nanoseconds = at('event.duration');
  const [sent, received] = [counts(at, 'source'), counts(at, 'destination')];
  const isIcmp = typeof proto === 'string' && proto.includes('icmp');
  const values = {
    ts: at('event.start') ?? at('@timestamp'),
    uid: text(at('zeek.session_id')) ?? text(at('event.id')),
    id_orig_h: at('source.ip'),
    id_orig_p: (isIcmp ? at('zeek.connection.icmp.type') : undefined) ?? at('source.port'),
    id_resp_h: at('destination.ip'),
    id_resp_p: (isIcmp ? at('zeek.connection.icmp.code') : undefined) ?? at('destination.port'),
    proto,
    service: at('network.protocol') ?? at('network.application'),
    duration: nanoseconds === undefined ? durationOf(at) : Number(nanoseconds) / 1e9,
    orig_bytes: withoutHeaders(String(proto), sent.bytes, sent.packets),
    resp_bytes: withoutHeaders(String(proto), received.bytes, received.packets),
    conn_state: at('zeek.connection.state'),
    missed_bytes: at('zeek.connection.missed_bytes'),
    history: at('zeek.connection.history'),
    orig_pkts: sent.packets,
    orig_ip_bytes: sent.bytes,
    resp_pkts: received.packets,
    resp_ip_bytes: received.bytes,
  };
  return parseNamedFlow(values, undefined, mended);
}

function counts(at: At, end: 'source' | 'destination'): { bytes: number | null; packets: number | null } {
  const number = (value: unknown): number | null => (value === undefined ? null : Number(value));
  return { bytes: number(at(`${end}.bytes`)), packets: number(at(`${end}.packets`)) };
}

function durationOf(at: At): number | null {
  const [start, end] = [at('event.start'), at('event.end')].map((time) => isoSeconds(String(time)));
  return Number.isNaN(end - start) ? null : end - start;
}

/** The event of Suricata that a shipper took apart, put together again. */
function eveFlowOf(at: At, line: number, mended?: string[]): ReturnType<typeof parseNamedFlow> {
  const eve = at('suricata.eve');
  const known = isObject(eve) ? eve : {};
  const event = {
    ...known,
    event_type: 'flow',
    timestamp: at('@timestamp'),
    flow_id: at('suricata.eve.flow_id'),
    src_ip: at('source.ip'),
    src_port: at('source.port'),
    dest_ip: at('destination.ip'),
    dest_port: at('destination.port'),
    proto: at('network.transport'),
    app_proto: at('network.protocol'),
    tcp: {
      tcp_flags_ts: at('suricata.eve.tcp.tcp_flags_ts'),
      tcp_flags_tc: at('suricata.eve.tcp.tcp_flags_tc'),
    },
    flow: {
      start: at('event.start') ?? at('suricata.eve.flow.start'),
      end: at('event.end') ?? at('suricata.eve.flow.end'),
      age: at('suricata.eve.flow.age'),
      bytes_toserver: at('source.bytes') ?? at('suricata.eve.flow.bytes_toserver'),
      bytes_toclient: at('destination.bytes') ?? at('suricata.eve.flow.bytes_toclient'),
      pkts_toserver: at('source.packets') ?? at('suricata.eve.flow.pkts_toserver'),
      pkts_toclient: at('destination.packets') ?? at('suricata.eve.flow.pkts_toclient'),
    },
  };
  const item = eveItem(event, line, mended);
  if (item.kind !== 'flow') throw new Error('a flow event is a flow');
  return item.flow;
}

function requestOf(at: At, name: 'http' | 'tls' | 'ssl', line: number): FlowLogItem {
  const event = name === 'http' ? 'http' : 'tls';
  const [server, port] = [at('destination.ip'), at('destination.port')];
  const host = at('url.domain') ?? at('destination.domain') ?? at('suricata.eve.http.hostname');
  const target = at('url.full') ?? at('url.original') ?? at('url.path') ?? at('suricata.eve.http.url');
  const greeted =
    at('tls.client.server_name') ?? at('zeek.ssl.server.name') ?? at('suricata.eve.tls.sni') ?? host;
  const url =
    event === 'http'
      ? requestedAddress({ host, target, method: at('http.request.method'), port, server })
      : greetedAddress(greeted, port);
  if (url === null) return { kind: 'other', line, event };
  const time = at('@timestamp');
  return {
    kind: 'url',
    line,
    url,
    event,
    uid: uidOf(at),
    ts: typeof time === 'string' ? isoSeconds(time) || null : null,
    client: text(at('source.ip')),
    server: text(server),
  };
}

function alertOf(at: At, line: number): FlowLogItem {
  const number = (value: unknown): number | null => (value === undefined ? null : Number(value));
  const alert = {
    signature: text(at('rule.name')) ?? text(at('suricata.eve.alert.signature')) ?? 'unnamed',
    signatureId: number(at('rule.id') ?? at('suricata.eve.alert.signature_id')),
    category: text(at('rule.category') ?? at('suricata.eve.alert.category')),
    severity: number(at('suricata.eve.alert.severity') ?? at('event.severity')),
    action: text(at('suricata.eve.alert.action')),
  };
  return { kind: 'alert', line, uid: uidOf(at), alert };
}

function uidOf(at: At): string | null {
  const id = at('zeek.session_id') ?? at('suricata.eve.flow_id');
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
