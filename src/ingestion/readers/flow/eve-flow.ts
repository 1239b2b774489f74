import type { Flow } from '../../../detector/flow/flow.js';
import { FlowFault, parseFlow, parseNamedFlow } from '../../../detector/flow/parse-flow.js';
import { isoSeconds } from '../../../detector/flow/iso-time.js';
import { historyOf, stateOf } from './flags.js';
import { isObject, type Json } from './json-object.js';
import type { OneWayItem } from './one-way.js';

/** Suricata's names of application protocols where Zeek's differ. */
const services: Readonly<Record<string, string | null>> = {
  failed: null,
  tls: 'ssl',
  http2: 'http',
  krb5: 'krb',
  'ftp-data': 'ftp-data',
  dcerpc: 'dce_rpc',
};

/** Bytes of Ethernet's header: Suricata counts frames, Zeek's IP bytes begin behind it. */
const frameHeader = 14;

/**
 * The flow of a `flow` event, in Zeek's terms. State and history are what TCP flags and packet counts tell.
 * @param mended gets a sentence for each value that was not taken as it stands
 * @throws FlowFault
 */
export function eveFlow(event: Json, mended: string[] = []): Flow {
  const flow = object(event.flow, 'flow');
  const proto = typeof event.proto === 'string' ? event.proto.toLowerCase() : '';
  const [sent, received] = [count(flow.pkts_toserver), count(flow.pkts_toclient)];
  const tcp = proto === 'tcp' && isObject(event.tcp) ? event.tcp : null;
  const flags = tcp && { client: hex(tcp.tcp_flags_ts), server: hex(tcp.tcp_flags_tc) };
  const isIcmp = proto.includes('icmp');
  const seen = { sent, received, flags: flags && (flags.client | flags.server) !== 0 ? flags : null };
  const start = typeof flow.start === 'string' ? isoSeconds(flow.start) : NaN;
  const values = [
    start || (flow.start ?? event.timestamp),
    uidOf(event),
    event.src_ip,
    isIcmp ? event.icmp_type : event.src_port,
    event.dest_ip,
    isIcmp ? event.icmp_code : event.dest_port,
    isIcmp ? 'icmp' : proto,
    serviceOf(event),
    duration(flow, start, mended),
    flow.bytes_toserver,
    flow.bytes_toclient,
    isIcmp ? 'OTH' : stateOf(seen),
    null,
    historyOf(seen),
    flow.pkts_toserver,
    ipBytes(flow.bytes_toserver, sent),
    flow.pkts_toclient,
    ipBytes(flow.bytes_toclient, received),
    null,
    null,
  ];
  return parseFlow(values, undefined, mended);
}

/**
 * What a `netflow` event holds: Suricata writes one for each direction of a flow, the client's first.
 * @throws FlowFault
 */
export function eveOneWay(event: Json, line: number, mended: string[] = []): OneWayItem {
  const sent = object(event.netflow, 'netflow');
  const start = typeof sent.start === 'string' ? isoSeconds(sent.start) : NaN;
  const isIcmp = typeof event.proto === 'string' && event.proto.toLowerCase().includes('icmp');
  const values = {
    ts: start || (sent.start ?? event.timestamp),
    uid: uidOf(event),
    id_orig_h: event.src_ip,
    id_orig_p: isIcmp ? event.icmp_type : event.src_port,
    id_resp_h: event.dest_ip,
    id_resp_p: isIcmp ? event.icmp_code : event.dest_port,
    proto: event.proto,
    service: serviceOf(event),
    duration: duration(sent, start, mended),
    orig_bytes: sent.bytes,
    orig_pkts: sent.pkts,
    orig_ip_bytes: ipBytes(sent.bytes, count(sent.pkts)),
  };
  const flow = parseNamedFlow(values, undefined, mended);
  const flags = isObject(event.tcp) ? hex(event.tcp.tcp_flags) : null;
  return { kind: 'one-way', line, flow, flags };
}

function serviceOf({ app_proto: name }: Json): string | null {
  if (typeof name !== 'string') return null;
  return Object.hasOwn(services, name) ? services[name] : name;
}

/** What the events of one flow share, as text. */
export function uidOf(event: Json): string | null {
  const id = event.flow_id;
  return typeof id === 'number' || typeof id === 'string' ? String(id) : null;
}

/** @param start seconds since the epoch, NaN where it is not known */
function duration({ end, age }: Json, start: number, mended: string[]): number | null {
  if (typeof end === 'string') {
    const seconds = isoSeconds(end) - start;
    if (seconds >= 0) return Math.round(seconds * 1e6) / 1e6;
    if (seconds < 0) mended.push('duration is left out: the end lies before the start');
    if (seconds < 0) return null;
  }
  return typeof age === 'number' ? age : null;
}

function ipBytes(frames: unknown, packets: number): number | null {
  return typeof frames === 'number' ? Math.max(0, frames - packets * frameHeader) : null;
}

function hex(value: unknown): number {
  return typeof value === 'string' ? parseInt(value, 16) || 0 : 0;
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function object(value: unknown, name: string): Json {
  if (isObject(value)) return value;
  throw new FlowFault('MISSING_FIELD', `${name} is missing`);
}
