import { type FlowField, flowFields } from '../../../detector/flow/flow.js';
import { FlowFault, parseFlow } from '../../../detector/flow/parse-flow.js';
import { isoSeconds } from '../../../detector/flow/iso-time.js';
import { CsvLogParser, type RowToFlow } from './csv-log.js';
import { type DayOrder, dayOrderOf, isSlashed, type OrderFound, slashedSeconds } from './day-order.js';
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
  parser: (maxLineBytes, head = '') =>
    new CsvLogParser(maxLineBytes, (names, warnings) => openRows(names, warnings, head)),
};

/** A log that holds what the header names, and the order of day and month in its dates as its beginning shows it. */
function openRows(header: readonly string[], warnings: string[], head: string): RowToFlow {
  const names = header.map(bare);
  const found = orderIn(head, find(names, 'ts'));
  warnings.push(...warningsOf(header, names), ...orderWarnings(header[find(names, 'ts')], found));
  const places = flowFields.map((field) =>
    field === 'ts' && found.order === null ? -1 : find(names, field),
  );
  const required = flowFields.filter(
    (field, i) => places[i] >= 0 && ['ts', 'id_orig_h', 'id_resp_h'].includes(field),
  );
  return (cells, mended) => {
    const picked = places.map((place) => (place < 0 ? undefined : cells[place]));
    return parseFlow(valuesOf(picked, found.order ?? 'day'), required, mended);
  };
}

/** The dates stand in cells that nothing is quoted in before them, as far as is known of any version. */
function orderIn(head: string, place: number): OrderFound {
  const cells = head.split(/\r\n|\n|\r/).map((line) => unquote(line.split(',')[place] ?? ''));
  return dayOrderOf(cells.filter(isSlashed));
}

function orderWarnings(column: string | undefined, { order, isProven }: OrderFound): string[] {
  const name = column?.trim();
  if (order === null)
    return [
      `${name} has dates with the day and dates with the month first: it is not read, and no order is known.`,
    ];
  if (order === 'month') return [`The dates of ${name} are read month first, as its first rows show.`];
  return isProven
    ? []
    : [`Whether day or month comes first in ${name} its first rows do not show: the day is taken.`];
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

/** @throws FlowFault for a date in the other order than that of its column */
function valuesOf(cells: readonly (string | undefined)[], order: DayOrder): unknown[] {
  const values: unknown[] = cells.map((cell) => (isNoNumber(cell) ? undefined : cell?.trim()));
  const change = (field: FlowField, to: (text: string) => unknown): void => {
    const at = flowFields.findIndex((known) => known === field);
    const value = values[at];
    if (typeof value === 'string' && value !== '') values[at] = to(value);
  };
  change('ts', (text) => timeOf(text, order));
  change('duration', (text) => Number(text) / 1e6);
  change('label', labelOf);
  // The data sets of 2017 do without protocol.
  values[protoPlace] ??= 'unknown_transport';
  return values;
}

function isNoNumber(cell: string | undefined): boolean {
  return cell !== undefined && /^\s*[+-]?(?:inf|infinity|nan)\s*$/i.test(cell);
}

const protoPlace = flowFields.indexOf('proto');

/** CICFlowMeter writes `dd/MM/yyyy hh:mm:ss a`, its Python port ISO, a spreadsheet its own; no zone is named: UTC. */
function timeOf(text: string, order: DayOrder): number | string {
  if (!isSlashed(text)) return Number.isNaN(isoSeconds(text)) ? text : isoSeconds(text);
  const seconds = slashedSeconds(text, order);
  if (!Number.isNaN(seconds)) return seconds;
  const other = order === 'day' ? 'month' : 'day';
  const inOther = Number.isNaN(slashedSeconds(text, other))
    ? ''
    : `, with the ${other} first unlike its column`;
  throw new FlowFault('BAD_VALUE', `ts is ${JSON.stringify(text)}${inOther}, not a time`);
}

/** What CICFlowMeter writes for a label before someone gave one. */
const unlabelled = new Set(['no label', 'needmanuallabel', 'n/a', '?']);

/** The data sets' names of attacks have dashes that were lost on the way between character sets. */
function labelOf(text: string): string | undefined {
  const label = text.toLowerCase().replace(/\s*[^\x20-\x7e]+\s*/g, ' - ');
  return unlabelled.has(label) ? undefined : label;
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
