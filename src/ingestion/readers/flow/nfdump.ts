import { FlowFault, parseNamedFlow } from '../../../detector/flow/parse-flow.js';
import { withoutHeaders } from '../../../detector/flow/payload.js';
import { flagsOfLetters, historyOf, stateOf } from './flags.js';
import type { FlowLogFormat } from './flow-format.js';
import { firstLine } from './zeek-csv.js';
import { cellsByName, type RowToItem, TableLogParser } from './table-log.js';

/**
 * CSV that nfdump writes: `-o csv` of version 1.6 (`ts,te,td,sa,da,…`) and of 1.7 (`firstSeen,duration,proto,…`). A row
 * is one direction, unless `-b` has joined them. Times are taken for UTC.
 */
export const nfdumpCsv: FlowLogFormat = {
  recognises(head) {
    const names = firstLine(head).toLowerCase().split(',');
    const has = (...all: string[]): boolean => all.every((name) => names.includes(name));
    return (
      has('ts', 'sa', 'da', 'pr', 'ipkt', 'ibyt') ||
      has('firstseen', 'proto', 'srcaddr', 'dstaddr', 'packets')
    );
  },
  parser: (maxLineBytes) => new TableLogParser(maxLineBytes, { delimiter: ',', ends: 'Summary', open }),
};

function open(names: readonly string[]): RowToItem {
  const cell = cellsByName(names);
  return (cells, line, mended) => {
    const at = (...spellings: string[]): string | undefined => cell(cells, ...spellings);
    const toPort = at('dp', 'dstport');
    // Of ICMP it is type and code with a dot between them.
    const [type, code] = toPort?.includes('.') ? toPort.split('.') : [];
    const number = (text: string | undefined): number | null => (text === undefined ? null : Number(text));
    const values = {
      ts: at('ts', 'firstseen'),
      id_orig_h: at('sa', 'srcaddr'),
      id_orig_p: type ?? at('sp', 'srcport'),
      id_resp_h: at('da', 'dstaddr'),
      id_resp_p: code ?? toPort,
      proto: at('pr', 'proto'),
      duration: at('td', 'duration'),
      orig_pkts: at('ipkt', 'packets'),
      orig_ip_bytes: at('ibyt', 'bytes'),
      resp_pkts: at('opkt'),
      resp_ip_bytes: at('obyt'),
    };
    const sent = parseNamedFlow(values, undefined, mended);
    const flow = { ...sent, orig_bytes: withoutHeaders(sent.proto, sent.orig_ip_bytes, sent.orig_pkts) };
    const letters = at('flg', 'flags');
    const flags = letters === undefined ? null : flagsOfLetters(letters);
    const received = number(at('opkt')) ?? 0;
    if (received === 0) return { kind: 'one-way', line, flow, flags };
    if (flow.resp_ip_bytes === null) throw new FlowFault('MISSING_FIELD', 'obyt is missing');
    const seen = { sent: flow.orig_pkts ?? 1, received, flags: null };
    const joined = {
      ...flow,
      resp_bytes: withoutHeaders(flow.proto, flow.resp_ip_bytes, received),
      // The flags are those of both sides together: of TCP they do not say who closed.
      ...(flow.proto !== 'tcp' && { conn_state: stateOf(seen), history: historyOf(seen) }),
    };
    return { kind: 'flow', line, flow: joined };
  };
}
