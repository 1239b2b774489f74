import { type Flow, type FlowField, flowFields, zeekNames } from '../../../detector/flow/flow.js';
import { parseFlow } from '../../../detector/flow/parse-flow.js';
import { isObject, type Json } from './json-object.js';
import type { FlowLogItem } from './flow-item.js';
import { isForeign } from './zeek-columns.js';
import { zeekRequest } from './zeek-request.js';

/** Spellings that shippers and data sets have besides Zeek's own and that with underscores. */
const otherNames: Readonly<Partial<Record<FlowField, string>>> = { detailed_label: 'detailedlabel' };

const names = flowFields.map((field) => [field, zeekNames[field] ?? field, otherNames[field]] as const);
const values = new Array<unknown>(flowFields.length);

/** What only conn.log says. */
const ofConnections = ['conn_state', 'history', 'orig_bytes', 'orig_pkts', 'orig_ip_bytes'];
/** What entries of any log of Zeek have one of, beside the time. */
const ofAnyLog = ['uid', 'fuid', 'id.orig_h', 'id_orig_h', 'fingerprint', 'certificate.version', 'peer'];

/**
 * What an entry of one of Zeek's logs in JSON holds; null where the record is none of them.
 * @throws FlowFault for an entry that is damaged
 */
export function zeekItem(record: Json, line: number, mended?: string[]): FlowLogItem | null {
  const entry = isObject(record.id) && 'orig_h' in record.id ? withFlatId(record, record.id) : record;
  const path = typeof entry._path === 'string' ? entry._path : null;
  if (path === null ? isFlow(entry) : path.startsWith('conn'))
    return { kind: 'flow', line, flow: zeekFlow(entry, mended) };
  const request = path === null || /^(?:http|ssl)/.test(path) ? zeekRequest(entry, line) : null;
  if (request) return request;
  if (path !== null) return { kind: 'other', line, event: path };
  const isEntry = 'ts' in entry && ofAnyLog.some((name) => name in entry);
  return isEntry ? { kind: 'other', line, event: 'another log of Zeek' } : null;
}

/** Whether an object is an entry of conn.log, or a flow as one would write it by hand. */
function isFlow(record: Json): boolean {
  if (!('id.orig_h' in record || 'id_orig_h' in record)) return false;
  if (ofConnections.some((name) => name in record)) return true;
  return 'proto' in record && !Object.keys(record).some(isForeign);
}

/** The flow of an entry of conn.log in JSON, by dotted or underscored names. @throws FlowFault */
function zeekFlow(record: Json, mended?: string[]): Flow {
  for (let i = 0; i < names.length; i++) {
    const [field, zeeks, other] = names[i];
    values[i] = record[zeeks] ?? record[field] ?? (other && record[other]);
  }
  return parseFlow(values, undefined, mended);
}

/** Some shippers nest what Zeek writes with a dot: `id: { orig_h, orig_p, resp_h, resp_p }`. */
function withFlatId(record: Json, id: Json): Json {
  const flat = Object.entries(id).map(([name, value]) => [`id.${name}`, value] as const);
  return { ...record, ...Object.fromEntries(flat) };
}
