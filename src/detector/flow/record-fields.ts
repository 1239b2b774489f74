import type { Item } from '../kind.js';
import type { Value } from '../tabular/cells.js';
import { type Flow, type FlowField, flowFields } from './flow.js';
import { parseFlow } from './parse-flow.js';

/** What learners must not see, or have no use for: only findings ask where a network ends. */
const unrecorded = ['label', 'detailed_label', 'local_orig', 'local_resp'] as const;

export type RecordField = Exclude<FlowField, (typeof unrecorded)[number]>;

/** What is stored of a flow, in the order of its record's columns. */
export const recordFields = flowFields.filter(
  (field): field is RecordField => !unrecorded.some((other) => other === field),
);

/** A flow as it goes through scoring. Its values are worked out where somebody reads them. */
export class FlowItem implements Item {
  private written: readonly Value[] | undefined;

  constructor(readonly flow: Flow) {}

  get values(): readonly Value[] {
    return (this.written ??= recordFields.map((field) => this.flow[field]));
  }
}

/** The flow that a record holds. @param values one a record field */
export function flowOfRecord(values: readonly Value[]): Flow {
  return parseFlow([...values, null, null]);
}
