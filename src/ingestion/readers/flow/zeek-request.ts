import { parseFlowField } from '../../../detector/flow/parse-flow.js';
import { greetedAddress, requestedAddress } from './asked-address.js';
import type { FlowLogItem } from './flow-item.js';
import type { Json } from './json-object.js';
import { canonicalName } from './zeek-columns.js';

/**
 * What an entry of http.log or ssl.log holds: the address that was asked for, or nothing to score where it names none.
 * @param entry by Zeek's names, with dots or underscores
 * @returns null where it is an entry of another log
 * @throws FlowFault for a time or an address that is none
 */
export function zeekRequest(entry: Json, line: number): FlowLogItem | null {
  const of = Object.fromEntries(
    Object.entries(entry).map(([name, value]) => [canonicalName(name), value === '-' ? undefined : value]),
  );
  const isHttp = 'uri' in of || ('method' in of && 'host' in of);
  if (!isHttp && !('server_name' in of || ('cipher' in of && 'version' in of))) return null;
  const event = isHttp ? 'http' : 'tls';
  const port = of.id_resp_p === undefined ? undefined : Number(of.id_resp_p);
  const { host, uri: target, method, id_resp_h: server } = of;
  const url = isHttp
    ? requestedAddress({ host, target, method, port, server })
    : greetedAddress(of.server_name, port);
  if (url === null) return { kind: 'other', line, event };
  const set = <T>(value: unknown, parse: (value: unknown) => T): T | null =>
    value === undefined || value === null || value === '' ? null : parse(value);
  return {
    kind: 'url',
    line,
    url,
    event,
    uid: typeof of.uid === 'string' ? of.uid : null,
    ts: set(of.ts, (value) => parseFlowField('ts', value) as number),
    client: set(of.id_orig_h, (value) => parseFlowField('id_orig_h', value) as string),
    server: set(server, (value) => parseFlowField('id_resp_h', value) as string),
  };
}
