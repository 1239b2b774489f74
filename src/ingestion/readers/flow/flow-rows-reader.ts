import type { Flow } from '../../../detector/flow/flow.js';
import { recordFields } from '../../../detector/flow/record-fields.js';
import { WeakLabels } from '../../../detector/flow/weak-labels.js';
import type { ByteInput } from '../byte-source.js';
import type { RowReader } from '../reader.js';
import { cutRaw, type ReadRow } from '../row.js';
import { type FlowLog, openFlowLog, warningsOf } from './flow-log.js';

export interface FlowRowsOptions {
  /** What the columns are called that are no fields of a flow. */
  readonly columns: { readonly label: string; readonly capture: string };
  /** What the log is one capture of: its name, packed or not. */
  readonly capture: string;
  /** See `FlowLogOptions`. */
  readonly mostUnpacked?: number;
}

/**
 * A log of flows as the rows of records. A flow that the log does not label but had an alert about is a threat: a weak
 * label. Events of other kinds are read over.
 * @throws ReaderError when the input is no such log
 */
export async function openFlowRows(input: ByteInput, options: FlowRowsOptions): Promise<RowReader> {
  const log = await openFlowLog(input, options);
  const { label, capture } = options.columns;
  const rows = readRows(log, options.capture.replace(/\.gz$/i, ''));
  return {
    format: log.format,
    encoding: 'utf-8',
    columns: [...recordFields, label, capture],
    delimiter: null,
    get warnings() {
      return warningsOf(log);
    },
    get bytes() {
      return log.bytes;
    },
    digest: () => log.digest(),
    rows: () => rows,
    close: () => log.close(),
  };
}

async function* readRows(log: FlowLog, capture: string): AsyncGenerator<ReadRow, void, undefined> {
  const alerts = new WeakLabels();
  for await (const items of log.batches()) {
    for (const item of items) {
      if (item.kind === 'alert' && item.uid !== null) alerts.note(item.uid, item.alert);
      else if (item.kind === 'fault')
        yield { line: item.line, code: 'NOT_A_FLOW', problem: item.problem, raw: item.raw };
      else if (item.kind === 'flow') yield flowRow(item.line, item.flow, alerts, capture);
    }
  }
}

function flowRow(line: number, flow: Flow, alerts: WeakLabels, capture: string): ReadRow {
  const label = flow.label ?? (alerts.take(flow.uid) ? 'malicious' : '');
  const cells = recordFields.map((field) => String(flow[field] ?? ''));
  return { line, values: [...cells, label, capture], raw: cutRaw(JSON.stringify(flow)) };
}
