import { type Flow, type FlowField, flowFields } from '../../../detector/flow/flow.js';
import { parseFlow } from '../../../detector/flow/parse-flow.js';
import { isoSeconds } from '../../../detector/flow/iso-time.js';
import { CsvLogParser, type RowToFlow } from './csv-log.js';
import type { FlowLogFormat } from './flow-format.js';
import { firstLine, unquote } from './zeek-csv.js';

/**
 * The columns of CICFlowMeter that say what a flow of Zeek says, by their names in letters and digits only: of the
 * data sets of 2017, of version 4 in Java and of the Python port.
 */
const aliases: Readonly<Partial<Record<FlowField, readonly string[]>>> = {
  ts: ['timestamp'],
  uid: ['flowid'],
  id_orig_h: ['srcip', 'sourceip'],
  id_orig_p: ['srcport', 'sourceport'],
  id_resp_h: ['dstip', 'destinationip'],
  id_resp_p: ['dstport', 'destinationport'],
  proto: ['protocol'],
  duration: ['flowduration'],
  orig_pkts: ['totfwdpkts', 'totalfwdpackets', 'totalfwdpacket'],
  resp_pkts: ['totbwdpkts', 'totalbackwardpackets', 'totalbwdpackets'],
  orig_bytes: ['totlenfwdpkts', 'totallengthoffwdpackets', 'totallengthoffwdpacket'],
  resp_bytes: ['totlenbwdpkts', 'totallengthofbwdpackets', 'totallengthofbwdpacket'],
  label: ['label'],
};

/**
 * Columns known to be wrong: flags counted by presence, sub-flows that repeat totals, bulks that are always 0, rates
 * that divide by no time (Engelen, Rimmer and Joosen 2021, "Troubleshooting an Intrusion Detection Dataset").
 */
const broken = /subflow|bulk|blkrate|bytsbavg|pktsbavg|flag|(?:byts|bytes|pkts|packets)s$|cwe|headerlen/;

export const cicFlowMeter: FlowLogFormat = {
  recognises(head) {
    const names = firstLine(head).split(',').map(unquote).map(bare);
    return names.includes('flowduration') && find(names, 'orig_pkts') >= 0;
  },
  parser: (maxLineBytes) => new CsvLogParser(maxLineBytes, openRows),
};

function openRows(header: readonly string[], warnings: string[]): RowToFlow {
  const names = header.map(bare);
  warnings.push(...warningsOf(header, names));
  const places = flowFields.map((field) => find(names, field));
  const required = flowFields.filter(
    (field, i) => places[i] >= 0 && ['ts', 'id_orig_h', 'id_resp_h'].includes(field),
  );
  return (cells) =>
    toFlow(
      places.map((place) => (place < 0 ? undefined : cells[place])),
      required,
    );
}

function warningsOf(header: readonly string[], names: readonly string[]): string[] {
  const repeated = header.filter((_, i) => names.indexOf(names[i]) < i);
  const wrong = header.filter((_, i) => broken.test(names[i]) && !repeated.includes(header[i]));
  const lacking = (['ts', 'id_orig_h', 'id_resp_h', 'proto'] as const).filter(
    (field) => find(names, field) < 0,
  );
  return [
    ...(repeated.length > 0 ? [`Columns that occur twice are read once: ${list(repeated)}.`] : []),
    ...(wrong.length > 0 ? [`Columns known to be wrong are not read: ${list(wrong)}.`] : []),
    ...(lacking.length > 0
      ? [
          `The log lacks ${lacking.join(', ')}: its flows are scored with less, each without the others of its host.`,
        ]
      : []),
  ];
}

function toFlow(cells: (string | undefined)[], required: readonly FlowField[]): Flow {
  const values: unknown[] = cells.map((cell) => (isNoNumber(cell) ? undefined : cell?.trim()));
  const change = (field: FlowField, to: (text: string) => unknown): void => {
    const at = flowFields.findIndex((known) => known === field);
    const value = values[at];
    if (typeof value === 'string' && value !== '') values[at] = to(value);
  };
  change('ts', timeOf);
  change('duration', (text) => Number(text) / 1e6);
  change('proto', (text) => protocols[Number(text)]);
  // The data sets of 2017 do without protocol.
  values[protoPlace] ??= 'unknown_transport';
  return parseFlow(values, required);
}

function isNoNumber(cell: string | undefined): boolean {
  return cell !== undefined && /^\s*[+-]?(?:inf|infinity|nan)\s*$/i.test(cell);
}

/** IANA's protocol numbers of the protocols that conn.log names. */
const protocols: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmp' };
const protoPlace = flowFields.indexOf('proto');

const dayFirst = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d\d)(?::(\d\d))?(?:\.\d+)?\s*([AP]M)?$/i;

/** Day before month, in UTC: CICFlowMeter writes `dd/MM/yyyy hh:mm:ss a`, its Python port ISO. */
function timeOf(text: string): number | string {
  const parts = dayFirst.exec(text);
  if (!parts) return Number.isNaN(isoSeconds(text)) ? text : isoSeconds(text);
  const [day, month, year, hour, minute] = parts.slice(1, 6).map(Number);
  const half = parts[7]?.toUpperCase();
  const hours = half ? (hour % 12) + (half === 'PM' ? 12 : 0) : hour;
  return Date.UTC(year, month - 1, day, hours, minute, Number(parts[6] ?? 0)) / 1000;
}

function find(names: readonly string[], field: FlowField): number {
  return names.findIndex((name) => aliases[field]?.includes(name));
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^a-z\d]/g, '');
}

function list(names: readonly string[]): string {
  return names.map((name) => name.trim()).join(', ');
}
