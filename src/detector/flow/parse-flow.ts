import { isIPv6 } from 'node:net';
import { type Flow, type FlowField, flowFields } from './flow.js';
import { isoSeconds } from './iso-time.js';

/** A record that is no flow. The message is for whoever sent it. */
export class FlowFault extends Error {
  constructor(
    readonly code: 'MISSING_FIELD' | 'BAD_VALUE',
    message: string,
  ) {
    super(message);
  }
}

/** What any log of connections says of each. */
export const alwaysThere: readonly FlowField[] = ['ts', 'id_orig_h', 'id_resp_h', 'proto'];

/**
 * Seconds since the epoch are below it until the year 5138, milliseconds above it since 1973; a thousand times more of
 * them are micro-, and again nanoseconds.
 */
const millisecondsFrom = 1e11;

/** The protocols that logs give by IANA's number, or by another name than Zeek does: both versions of ICMP are one. */
const protocolNames: ReadonlyMap<string, string> = new Map([
  ['1', 'icmp'],
  ['2', 'igmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['41', 'ipv6'],
  ['47', 'gre'],
  ['50', 'esp'],
  ['51', 'ah'],
  ['58', 'icmp'],
  ['132', 'sctp'],
  ['icmp4', 'icmp'],
  ['icmp6', 'icmp'],
  ['icmpv6', 'icmp'],
  ['ipv6-icmp', 'icmp'],
]);

/**
 * A flow from what a log holds of it: numbers, or texts as they stand there.
 * @param values one a field of `flowFields`; undefined, null, '', '-' and '(empty)' are unset
 * @param required what may not be unset
 * @param mended gets a sentence for each value that was not taken as it stands
 * @throws FlowFault naming the field
 */
export function parseFlow(
  values: readonly unknown[],
  required: readonly FlowField[] = alwaysThere,
  mended: string[] = [],
): Flow {
  const flow: Flow = {
    ts: time(values[0]),
    uid: text(values[1], 'uid'),
    id_orig_h: address(values[2], 'id_orig_h', mended),
    id_orig_p: port(values[3], 'id_orig_p'),
    id_resp_h: address(values[4], 'id_resp_h', mended),
    id_resp_p: port(values[5], 'id_resp_p'),
    proto: protocol(values[6]) ?? missing('proto'),
    service: lower(values[7], 'service'),
    duration: amount(values[8], 'duration'),
    orig_bytes: amount(values[9], 'orig_bytes'),
    resp_bytes: amount(values[10], 'resp_bytes'),
    conn_state: text(values[11], 'conn_state'),
    missed_bytes: amount(values[12], 'missed_bytes'),
    history: text(values[13], 'history'),
    orig_pkts: amount(values[14], 'orig_pkts'),
    orig_ip_bytes: amount(values[15], 'orig_ip_bytes'),
    resp_pkts: amount(values[16], 'resp_pkts'),
    resp_ip_bytes: amount(values[17], 'resp_ip_bytes'),
    label: lower(values[18], 'label'),
    detailed_label: text(values[19], 'detailed_label'),
    local_orig: truth(values[20], 'local_orig'),
    local_resp: truth(values[21], 'local_resp'),
  };
  for (const field of required) if (flow[field] === null) missing(field);
  return flow;
}

/** The same from values by the names of their fields. @throws FlowFault */
export function parseNamedFlow(
  values: Readonly<Partial<Record<FlowField, unknown>>>,
  required?: readonly FlowField[],
  mended?: string[],
): Flow {
  return parseFlow(
    flowFields.map((field) => values[field]),
    required,
    mended,
  );
}

type RecordedField = Exclude<FlowField, 'local_orig' | 'local_resp'>;

const readers: Readonly<Record<RecordedField, (value: unknown, field: FlowField) => string | number | null>> =
  {
    ts: time,
    uid: text,
    id_orig_h: (value, field) => address(value, field, []),
    id_orig_p: port,
    id_resp_h: (value, field) => address(value, field, []),
    id_resp_p: port,
    proto: protocol,
    service: lower,
    duration: amount,
    orig_bytes: amount,
    resp_bytes: amount,
    conn_state: text,
    missed_bytes: amount,
    history: text,
    orig_pkts: amount,
    orig_ip_bytes: amount,
    resp_pkts: amount,
    resp_ip_bytes: amount,
    label: lower,
    detailed_label: text,
  };

/** One field of a flow, where it comes by itself. @throws FlowFault for what `parseFlow` would not take */
export function parseFlowField(field: RecordedField, value: unknown): string | number | null {
  return readers[field](value, field) ?? (alwaysThere.includes(field) ? missing(field) : null);
}

function missing(field: FlowField): never {
  throw new FlowFault('MISSING_FIELD', `${field} is missing`);
}

function bad(field: FlowField, value: unknown, expected: string): never {
  const shown = JSON.stringify(value).slice(0, 60);
  throw new FlowFault('BAD_VALUE', `${field} is ${shown}, not ${expected}`);
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === '-' || value === '(empty)';
}

function text(value: unknown, field: FlowField): string | null {
  if (isUnset(value)) return null;
  return typeof value === 'string' ? value : bad(field, value, 'a text');
}

function lower(value: unknown, field: FlowField): string | null {
  return text(value, field)?.toLowerCase() ?? null;
}

function truth(value: unknown, field: FlowField): boolean | null {
  if (isUnset(value)) return null;
  if (value === true || value === 'T' || value === 'true') return true;
  return value === false || value === 'F' || value === 'false' ? false : bad(field, value, 'true or false');
}

function protocol(value: unknown): string | null {
  if (typeof value === 'number') {
    if (!(Number.isInteger(value) && value >= 0 && value <= 255)) return bad('proto', value, 'a protocol');
    return protocolNames.get(String(value)) ?? 'unknown_transport';
  }
  const name = lower(value, 'proto');
  if (name === 'tcp' || name === 'udp' || name === null) return name;
  return protocolNames.get(name) ?? (/^\d+$/.test(name) ? protocol(+name) : name);
}

function amount(value: unknown, field: FlowField): number | null {
  if (isUnset(value)) return null;
  const number = typeof value === 'string' ? numberOf(value) : value;
  return typeof number === 'number' && number >= 0 && number < Infinity
    ? number
    : bad(field, value, 'a number from 0 on');
}

/** NaN also for `0x50`, `0b1` and `0o7`, which JavaScript takes for numbers and no log writes. */
function numberOf(found: string): number {
  return found.charCodeAt(1) > 57 && found.charCodeAt(1) !== 101 && found.charCodeAt(1) !== 69 ? NaN : +found;
}

function port(value: unknown, field: FlowField): number | null {
  const number = amount(value, field);
  if (number === null || (Number.isInteger(number) && number <= 65535)) return number;
  return bad(field, value, 'a port');
}

/** The zone of an IPv6 address says which of the sensor's own interfaces leads there: it is no part of the host. */
function address(value: unknown, field: FlowField, mended: string[]): string | null {
  const found = text(value, field);
  if (found === null || isIPv4Text(found) || isIPv6Text(found)) return found;
  const zone = found.indexOf('%');
  if (zone === -1 || !isIPv6Text(found.slice(0, zone))) return bad(field, value, 'an address');
  mended.push(`${field} is read without its zone ${JSON.stringify(found.slice(zone).slice(0, 40))}`);
  return found.slice(0, zone);
}

/** As `isIPv4` of `node:net` says, in a fifth of its time: a log has two addresses a line. */
function isIPv4Text(found: string): boolean {
  let [parts, digits, value] = [1, 0, 0];
  for (let i = 0; i < found.length; i++) {
    const code = found.charCodeAt(i);
    if (code === dot) {
      if (digits === 0) return false;
      parts++;
      digits = value = 0;
      continue;
    }
    if (code < zero || code > nine || (digits > 0 && value === 0)) return false;
    digits++;
    value = value * 10 + code - zero;
    if (value > 255) return false;
  }
  return parts === 4 && digits > 0;
}

const [dot, zero, nine] = [46, 48, 57];

function isIPv6Text(found: string): boolean {
  return found.includes(':') && !found.includes('%') && isIPv6(found);
}

function time(value: unknown): number | null {
  if (isUnset(value)) return null;
  const number = typeof value === 'string' ? secondsOf(value) : value;
  if (typeof number !== 'number' || !(number >= 0 && number < Infinity)) return bad('ts', value, 'a time');
  if (number < millisecondsFrom) return number;
  const per = number < millisecondsFrom * 1e3 ? 1e3 : number < millisecondsFrom * 1e6 ? 1e6 : 1e9;
  return number / per;
}

function secondsOf(found: string): number {
  const number = numberOf(found);
  return Number.isNaN(number) ? isoSeconds(found) : number;
}
