import { ReaderError } from '../reader.errors.js';
import { binetflow } from './binetflow.js';
import { cicFlowMeter } from './cicflowmeter.js';
import type { FlowLogFormat } from './flow-format.js';
import { jsonLines } from './json-lines.js';
import { nfdumpCsv } from './nfdump.js';
import { vpcFlowLog } from './vpc-flow-log.js';
import { zeekCsv } from './zeek-csv.js';
import { zeekTsv } from './zeek-tsv.js';

/** The formats, in the order in which they are asked whether a log is theirs. */
const formats = {
  'zeek-tsv': zeekTsv,
  'json-lines': jsonLines,
  'zeek-csv': zeekCsv,
  cicflowmeter: cicFlowMeter,
  binetflow,
  nfdump: nfdumpCsv,
  'vpc-flow-log': vpcFlowLog,
} satisfies Record<string, FlowLogFormat>;

export type FlowLogFormatName = keyof typeof formats;

export const flowLogFormatNames = Object.keys(formats) as FlowLogFormatName[];

export function flowLogFormat(name: FlowLogFormatName): FlowLogFormat {
  return formats[name];
}

/** @throws ReaderError `UNKNOWN_FORMAT` when the beginning fits none */
export function recogniseFlowLog(head: string): FlowLogFormatName {
  const name = flowLogFormatNames.find((candidate) => formats[candidate].recognises(head));
  if (name) return name;
  throw new ReaderError(
    'UNKNOWN_FORMAT',
    `The log is none of Zeek's (TSV, JSON lines or CSV), Suricata's EVE, documents of ECS, CICFlowMeter's CSV, binetflow, nfdump's CSV and VPC flow logs: it begins with ${JSON.stringify(head.trimStart().slice(0, 40))}.`,
  );
}
