import { type Flow, flowFields, zeekNames } from '../../../detector/flow/flow.js';
import { parseFlow } from '../../../detector/flow/parse-flow.js';

const names = flowFields.map((field) => [field, zeekNames[field] ?? field] as const);
const values = new Array<unknown>(flowFields.length);

/** Whether an object is an entry of conn.log, or a flow as one would write it by hand. */
export function isZeekFlow(record: Readonly<Record<string, unknown>>): boolean {
  return ('id.orig_h' in record || 'id_orig_h' in record) && 'proto' in record;
}

/**
 * The flow of an entry of conn.log in JSON, by dotted or underscored names.
 * @throws FlowFault
 */
export function zeekFlow(record: Readonly<Record<string, unknown>>): Flow {
  for (let i = 0; i < names.length; i++) values[i] = record[names[i][1]] ?? record[names[i][0]];
  return parseFlow(values);
}
