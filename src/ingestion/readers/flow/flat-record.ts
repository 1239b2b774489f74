import { FlowFault } from '../../../detector/flow/parse-flow.js';
import { isObject, type Json } from './json-object.js';
import { recordItem } from './record-item.js';

/**
 * A record of a flow by the names of its fields, whichever sensor it is from and however it was wrapped. What names its
 * hosts as Zeek does, and what is no flow, stays as it is: whoever reads it says what is wrong with it.
 */
export function flatFlowRecord(record: unknown): unknown {
  if (!isObject(record) || 'id_orig_h' in record || 'id.orig_h' in record) return record;
  const flow = flowOf(record);
  if (flow === null) return record;
  const known = Object.entries(flow).filter(([, value]) => value !== null);
  // What a person wrote beside the flow, such as its label and the capture it is from.
  const beside = Object.entries(record).filter(
    ([, value]) => typeof value === 'string' || typeof value === 'number',
  );
  return { ...Object.fromEntries(beside), ...Object.fromEntries(known) };
}

function flowOf(record: Json): object | null {
  try {
    const item = recordItem(record, 0);
    return item?.kind === 'flow' ? item.flow : null;
  } catch (error) {
    if (error instanceof FlowFault) return null;
    throw error;
  }
}
