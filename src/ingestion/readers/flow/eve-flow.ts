import type { Flow } from '../../../detector/flow/flow.js';
import { FlowFault, parseFlow } from '../../../detector/flow/parse-flow.js';
import { isoSeconds } from '../../../detector/flow/iso-time.js';

type Json = Readonly<Record<string, unknown>>;

/** Suricata's names of application protocols where Zeek's differ. */
const services: Readonly<Record<string, string | null>> = {
  failed: null,
  tls: 'ssl',
  http2: 'http',
  krb5: 'krb',
  'ftp-data': 'ftp-data',
  dcerpc: 'dce_rpc',
};

const [fin, syn, rst, psh] = [0x01, 0x02, 0x04, 0x08];

/** Bytes of Ethernet's header: Suricata counts frames, Zeek's IP bytes begin behind it. */
const frameHeader = 14;

/**
 * The flow of a `flow` event, in Zeek's terms. State and history are what TCP flags and packet counts tell: the
 * letters stand in the usual order, for the event does not keep the real one.
 * @throws FlowFault
 */
export function eveFlow(event: Json): Flow {
  const flow = object(event.flow, 'flow');
  const proto = typeof event.proto === 'string' ? event.proto.toLowerCase() : '';
  const [sent, received] = [count(flow.pkts_toserver), count(flow.pkts_toclient)];
  const tcp = proto === 'tcp' && isObject(event.tcp) ? event.tcp : null;
  const flags = tcp && { client: hex(tcp.tcp_flags_ts), server: hex(tcp.tcp_flags_tc) };
  const isIcmp = proto.includes('icmp');
  const seen = { sent, received, flags: flags && (flags.client | flags.server) !== 0 ? flags : null };
  const service = typeof event.app_proto === 'string' ? event.app_proto : null;
  const start = typeof flow.start === 'string' ? isoSeconds(flow.start) : NaN;
  return parseFlow([
    start || (flow.start ?? event.timestamp),
    uidOf(event),
    event.src_ip,
    isIcmp ? event.icmp_type : event.src_port,
    event.dest_ip,
    isIcmp ? event.icmp_code : event.dest_port,
    isIcmp ? 'icmp' : proto,
    service !== null && service in services ? services[service] : service,
    duration(flow, start),
    flow.bytes_toserver,
    flow.bytes_toclient,
    isIcmp ? 'OTH' : state(seen),
    null,
    history(seen),
    flow.pkts_toserver,
    ipBytes(flow.bytes_toserver, sent),
    flow.pkts_toclient,
    ipBytes(flow.bytes_toclient, received),
    null,
    null,
  ]);
}

interface Seen {
  readonly sent: number;
  readonly received: number;
  /** null where there are none to tell from. */
  readonly flags: { readonly client: number; readonly server: number } | null;
}

/** Zeek's state of a connection by the flags that each side has sent. */
function state({ sent, received, flags }: Seen): string {
  if (!flags) return received === 0 ? 'S0' : sent === 0 ? 'SHR' : 'SF';
  const { client, server } = flags;
  if (!(client & syn)) return server & syn ? (server & rst ? 'RSTRH' : 'SHR') : 'OTH';
  if (!(server & syn)) {
    if (server & rst) return 'REJ';
    if (client & rst) return 'RSTOS0';
    return client & fin ? 'SH' : 'S0';
  }
  if (client & rst) return 'RSTO';
  if (server & rst) return 'RSTR';
  if (client & fin) return server & fin ? 'SF' : 'S2';
  return server & fin ? 'S3' : 'S1';
}

/** Histories by what they are made from: there are few, and each is asked for many times. */
const histories: string[] = [];

function history({ sent, received, flags }: Seen): string {
  if (!flags) return `${sent > 0 ? 'D' : ''}${received > 0 ? 'd' : ''}`;
  const { client, server } = flags;
  const known = (client & 15) | ((server & 15) << 4) | (received > 1 ? 256 : 0);
  return (histories[known] ??= lettersOf(client, server, received > 1));
}

function lettersOf(client: number, server: number, isAcknowledged: boolean): string {
  const bothOpen = (client & syn) !== 0 && (server & syn) !== 0;
  return [
    client & syn && 'S',
    server & syn && 'h',
    bothOpen && 'A',
    client & psh && 'D',
    bothOpen && isAcknowledged && 'a',
    server & psh && 'd',
    client & fin && 'F',
    server & fin && 'f',
    client & rst && 'R',
    server & rst && 'r',
  ]
    .filter((letter) => typeof letter === 'string')
    .join('');
}

/** What the events of one flow share, as text. */
export function uidOf(event: Json): string | null {
  const id = event.flow_id;
  return typeof id === 'number' || typeof id === 'string' ? String(id) : null;
}

/** @param start seconds since the epoch, NaN where it is not known */
function duration({ end, age }: Json, start: number): number | null {
  if (typeof end === 'string') {
    const seconds = isoSeconds(end) - start;
    if (!Number.isNaN(seconds)) return Math.max(0, Math.round(seconds * 1e6) / 1e6);
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

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
