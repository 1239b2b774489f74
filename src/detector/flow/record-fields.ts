import type { Item } from '../kind.js';
import type { Value } from '../tabular/cells.js';
import { type Flow, type FlowField, flowFields } from './flow.js';

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

  constructor(
    readonly flow: Flow,
    /** What was not taken as it came, a sentence each. */
    readonly mended: readonly string[] = [],
  ) {}

  get values(): readonly Value[] {
    return (this.written ??= recordFields.map((field) => this.flow[field]));
  }
}

/** The flow that a record holds. @param values one a record field, each as its column parsed it */
export function flowOfRecord(values: readonly Value[]): Flow {
  const flow: Partial<Record<FlowField, Value>> = {
    ...Object.fromEntries(unrecorded.map((field) => [field, null])),
  };
  for (let i = 0; i < recordFields.length; i++) flow[recordFields[i]] = values[i] ?? null;
  return flow as unknown as Flow;
}
