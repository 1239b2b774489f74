import type {
  Context,
  DetectorKind,
  Featurizer,
  Item,
  ItemFeaturizer,
  Reason,
  RecordColumn,
  ScoredRow,
  Surroundings,
  UnusualRow,
} from '../kind.js';
import { CellFault, type Value } from '../tabular/cells.js';
import { zeekNames } from './flow.js';
import { flowReasons, noveltyReason } from './flow-reasons.js';
import { LocalNetworks } from './local-networks.js';
import { FlowItems } from './flow-items.js';
import { FlowRows } from './flow-rows.js';
import { FlowFault, parseFlowField } from './parse-flow.js';
import { FlowItem, flowOfRecord, type RecordField, recordFields } from './record-fields.js';

/** What every log of connections says of each. */
const required: readonly RecordField[] = ['ts', 'id_orig_h', 'id_resp_h', 'proto'];

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
  readonly isIndependent = false;

  item(values: readonly Value[]): Item {
    return new FlowItem(flowOfRecord(values));
  }

  open(context: Context, { localNetworks }: Surroundings = {}): ItemFeaturizer {
    return new FlowItems(context, localNetworks ?? LocalNetworks.standard);
  }

  featurizer(): Featurizer {
    return new FlowRows();
  }

  reasons(row: ScoredRow): Reason[] {
    return flowReasons(row);
  }

  noveltyReason(row: UnusualRow): Reason {
    return noveltyReason(row);
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
