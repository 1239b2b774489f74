import type { DetectorKind, Featurizer, Reason, RecordColumn, ScoredRow } from '../kind.js';
import { CellFault, type Value } from '../tabular/cells.js';
import { zeekNames } from './flow.js';
import { type FlowReasonGroup, flowFeatures } from './flow-features.js';
import { FlowRows } from './flow-rows.js';
import { FlowFault, parseFlowField } from './parse-flow.js';
import { type RecordField, recordFields } from './record-fields.js';

/** What every log of connections says of each. */
const required: readonly RecordField[] = ['ts', 'id_orig_h', 'id_resp_h', 'proto'];

/** What a group of features is about, as the sentence of a reason. */
const sentences: Readonly<Record<FlowReasonGroup, string>> = {
  protocol: 'the protocol',
  outcome: 'how the connection ended',
  port: 'the ports',
  place: 'where it came from and went to',
  size: 'how long it took and how much was sent',
  speed: 'how fast it was',
  packets: 'the packets it was made of',
  history: 'what happened in it, in order',
  service: 'the service that was spoken',
  context: 'how well its source is known',
  scan: 'how many hosts and ports its source went to',
  failures: 'how many connections of its source failed',
  sameness: 'how alike the connections of its source are',
  volume: 'how much its source sent and received',
  rhythm: 'the rhythm of connections to the same port',
};

/** Records that are flows. What learners see is worked out from each and from those that came before it. */
export class FlowKind implements DetectorKind {
  readonly columns: readonly RecordColumn[] = recordFields.map((field) => ({
    name: field,
    aliases: field in zeekNames ? [zeekNames[field]!] : [],
    parse: (cell) => parseCell(field, cell),
    optional: !required.includes(field),
  }));
  readonly bareLines = false;
  readonly flowLogs = true;

  featurizer(): Featurizer {
    return new FlowRows();
  }

  reasons({ contributions: { values } }: ScoredRow): Reason[] {
    const sums = new Map<FlowReasonGroup, number>();
    flowFeatures.forEach(({ group }, j) => sums.set(group, (sums.get(group) ?? 0) + values[j]));
    return [...sums].map(([feature, contribution]) => ({
      feature,
      value: null,
      contribution,
      text: `${sentences[feature]} ${contribution > 0 ? 'is' : 'is not'} like that of threats`,
    }));
  }
}

function parseCell(field: RecordField, cell: unknown): Value | CellFault {
  try {
    return parseFlowField(field, cell);
  } catch (error) {
    if (error instanceof FlowFault) return new CellFault(error.message.slice(field.length + 1));
    throw error;
  }
}
