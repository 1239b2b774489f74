import { withoutHeaders } from '../../../detector/flow/payload.js';
import { parseNamedFlow } from '../../../detector/flow/parse-flow.js';
import type { FlowLogFormat } from './flow-format.js';
import { firstLine } from './zeek-csv.js';
import { cellsByName, type RowToItem, TableLogParser } from './table-log.js';

/** The columns of version 2, which logs to CloudWatch have without a header. */
const version2 = [
  ...['version', 'account-id', 'interface-id', 'srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol'],
  ...['packets', 'bytes', 'start', 'end', 'action', 'log-status'],
];

/**
 * Flow logs of AWS VPC, of version 2 or with a header: a line for each direction, of a minute or ten.
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
 */
export const vpcFlowLog: FlowLogFormat = {
  recognises(head) {
    const cells = firstLine(head).trim().split(' ');
    if (cells.includes('srcaddr') && cells.includes('dstaddr')) return true;
    return cells.length === version2.length && cells[0] === '2' && /^(?:OK|NODATA|SKIPDATA)$/.test(cells[13]);
  },
  parser: (maxLineBytes) => new TableLogParser(maxLineBytes, { delimiter: ' ', usual: version2, open }),
};

function open(names: readonly string[]): RowToItem {
  const cell = cellsByName(names);
  return (cells, line, mended) => {
    const at = (name: string): string | undefined => cell(cells, name);
    const status = at('log-status');
    // A time without traffic, or of which the log was lost.
    if (status !== undefined && status !== 'OK') return { kind: 'other', line, event: status.toLowerCase() };
    const [start, end] = [Number(at('start')), Number(at('end'))];
    const values = {
      ts: at('start'),
      // Of traffic through a gateway these are the ends, and the others its own.
      id_orig_h: at('pkt-srcaddr') ?? at('srcaddr'),
      id_resp_h: at('pkt-dstaddr') ?? at('dstaddr'),
      id_orig_p: at('srcport'),
      id_resp_p: at('dstport'),
      proto: at('protocol'),
      duration: Number.isNaN(end - start) ? undefined : end - start,
      orig_pkts: at('packets'),
      orig_ip_bytes: at('bytes'),
      // What was not let through was not answered.
      conn_state: at('action') === 'REJECT' ? 'S0' : undefined,
    };
    const flow = parseNamedFlow(values, undefined, mended);
    const flags = at('tcp-flags');
    return {
      kind: 'one-way',
      line,
      flow: {
        ...flow,
        ...(flow.proto === 'icmp' && { id_orig_p: null, id_resp_p: null }),
        orig_bytes: withoutHeaders(flow.proto, flow.orig_ip_bytes, flow.orig_pkts),
      },
      // Only SYN, FIN and RST are logged, and none where the flow began and ended at another time.
      flags: flags === undefined || flags === '0' ? null : Number(flags),
    };
  };
}
