import type { Flow, FlowField } from './flow.js';
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
const alwaysThere: readonly FlowField[] = ['ts', 'id_orig_h', 'id_resp_h', 'proto'];

/** Seconds since the epoch are below it until the year 5138; milliseconds have been above it since 1973. */
const millisecondsFrom = 1e11;

/**
 * A flow from what a log holds of it: numbers, or texts as they stand there.
 * @param values one a field of `flowFields`; undefined, null, '', '-' and '(empty)' are unset
 * @param required what may not be unset
 * @throws FlowFault naming the field
 */
export function parseFlow(values: readonly unknown[], required: readonly FlowField[] = alwaysThere): Flow {
  const flow: Flow = {
    ts: time(values[0]),
    uid: text(values[1], 'uid'),
    id_orig_h: address(values[2], 'id_orig_h'),
    id_orig_p: port(values[3], 'id_orig_p'),
    id_resp_h: address(values[4], 'id_resp_h'),
    id_resp_p: port(values[5], 'id_resp_p'),
    proto: lower(values[6], 'proto') ?? missing('proto'),
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

type RecordedField = Exclude<FlowField, 'local_orig' | 'local_resp'>;

const readers: Readonly<Record<RecordedField, (value: unknown, field: FlowField) => string | number | null>> =
  {
    ts: time,
    uid: text,
    id_orig_h: address,
    id_orig_p: port,
    id_resp_h: address,
    id_resp_p: port,
    proto: lower,
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

function amount(value: unknown, field: FlowField): number | null {
  if (isUnset(value)) return null;
  const number = typeof value === 'string' ? +value : value;
  return typeof number === 'number' && number >= 0 && number < Infinity
    ? number
    : bad(field, value, 'a number from 0 on');
}

function port(value: unknown, field: FlowField): number | null {
  const number = amount(value, field);
  if (number === null || (Number.isInteger(number) && number <= 65535)) return number;
  return bad(field, value, 'a port');
}

function address(value: unknown, field: FlowField): string | null {
  const found = text(value, field);
  return found === null || looksLikeAddress(found) ? found : bad(field, value, 'an address');
}

/** Enough to tell a damaged line: an address that is none otherwise is nobody's, and harms nothing. */
function looksLikeAddress(found: string): boolean {
  return found.length <= 60 && /^(?=.[\da-fA-F]*[.:])[\da-fA-F:][\da-fA-F:.]*(?:%[\w.-]+)?$/.test(found);
}

function time(value: unknown): number | null {
  if (isUnset(value)) return null;
  const number = typeof value === 'string' ? secondsOf(value) : value;
  if (typeof number !== 'number' || !(number >= 0 && number < Infinity)) return bad('ts', value, 'a time');
  return number >= millisecondsFrom ? number / 1000 : number;
}

function secondsOf(found: string): number {
  const number = +found;
  return Number.isNaN(number) ? isoSeconds(found) : number;
}
