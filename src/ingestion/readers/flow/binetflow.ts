import { parseNamedFlow } from '../../../detector/flow/parse-flow.js';
import { withoutHeaders } from '../../../detector/flow/payload.js';
import { flagsOfLetters, historyOf, stateOf } from './flags.js';
import type { FlowLogFormat } from './flow-format.js';
import { firstLine } from './zeek-csv.js';
import { cellsByName, type RowToItem, TableLogParser } from './table-log.js';

/** Bytes of Ethernet's header: Argus counts frames. */
const frameHeader = 14;

/** What is carried by other than IP, between addresses that are none of IP's. */
const notIp = new Set(['arp', 'rarp', 'llc', 'ipx/spx', 'ipx', 'stp', 'lldp', 'cdp', 'man']);
/** What Argus recognises within UDP. */
const withinUdp = new Set(['rtp', 'rtcp', 'udt']);

/** The words of CTU-13's labels, such as `flow=From-Botnet-V42-TCP-CC6-Plain-HTTP`, the first that fits. */
const labels = [
  { word: /botnet/i, label: 'botnet' },
  { word: /normal|legitimate/i, label: 'normal' },
  { word: /background/i, label: 'background' },
];

/**
 * Bidirectional flows of Argus as CTU-13 has them, with labels or not.
 * https://www.stratosphereips.org/datasets-ctu13
 */
export const binetflow: FlowLogFormat = {
  recognises(head) {
    const names = firstLine(head).toLowerCase().split(',');
    return ['starttime', 'proto', 'srcaddr', 'dstaddr', 'totpkts', 'totbytes'].every((name) =>
      names.includes(name),
    );
  },
  parser: (maxLineBytes) => new TableLogParser(maxLineBytes, { delimiter: ',', open }),
};

function open(names: readonly string[]): RowToItem {
  const cell = cellsByName(names);
  return (cells, line, mended) => {
    const at = (name: string): string | undefined => cell(cells, name);
    const proto = at('proto')?.toLowerCase() ?? '';
    if (notIp.has(proto)) return { kind: 'other', line, event: proto };
    const values = {
      ts: at('starttime'),
      id_orig_h: at('srcaddr'),
      id_orig_p: portOf(at('sport')),
      id_resp_h: at('dstaddr'),
      id_resp_p: portOf(at('dport')),
      proto: withinUdp.has(proto) ? 'udp' : proto,
      duration: at('dur'),
      orig_bytes: at('srcbytes'),
      resp_bytes: difference(at('totbytes'), at('srcbytes')),
      detailed_label: at('label'),
      label: labelOf(at('label')),
    };
    const flow = parseNamedFlow(values, undefined, mended);
    const packets = at('totpkts') === undefined ? null : Number(at('totpkts'));
    return { kind: 'flow', line, flow: { ...flow, ...outcome(flow, at('state'), packets) } };
  };
}

type Counted = ReturnType<typeof parseNamedFlow>;

/** @param state flags of both sides (`FSPA_SRPA`), or what became of the flow (`CON`, `INT`, `URP`) */
function outcome(flow: Counted, state: string | undefined, packets: number | null): Partial<Counted> {
  const isSilent = flow.resp_bytes === 0;
  const [client, server] = (state ?? '').split('_').map(flagsOfLetters);
  const flags = flow.proto === 'tcp' && state?.includes('_') ? { client, server } : null;
  const seen = { sent: 1, received: isSilent ? 0 : (packets ?? 2) - 1, flags };
  const isIcmp = flow.proto === 'icmp';
  return {
    conn_state: isIcmp ? 'OTH' : flow.proto === 'tcp' && !flags && !isSilent ? null : stateOf(seen),
    history: isIcmp || (flow.proto === 'tcp' && !flags) ? null : historyOf(seen),
    // Packets are counted of both sides together: whose they are is known where only one spoke.
    ...(isSilent && packets !== null && oneSided(flow, packets)),
  };
}

function oneSided({ proto, orig_bytes }: Counted, packets: number): Partial<Counted> {
  const ipBytes = orig_bytes === null ? null : Math.max(0, orig_bytes - packets * frameHeader);
  return {
    orig_pkts: packets,
    orig_ip_bytes: ipBytes,
    orig_bytes: withoutHeaders(proto, ipBytes, packets),
    resp_pkts: 0,
    resp_ip_bytes: 0,
  };
}

/** Argus writes type and code of ICMP as one hexadecimal number each. */
function portOf(text: string | undefined): string | number | undefined {
  return text?.startsWith('0x') ? parseInt(text, 16) : text;
}

function difference(all: string | undefined, part: string | undefined): number | undefined {
  return all === undefined || part === undefined ? undefined : Number(all) - Number(part);
}

function labelOf(text: string | undefined): string | undefined {
  return labels.find(({ word }) => word.test(text ?? ''))?.label ?? text;
}
