import type { SplitColumn } from '../contract.js';
import { registeredDomain } from '../registered-domain.js';
import { CellFault, shown } from './cells.js';
import { toNumber } from './canonical-text.js';

/** What a split column's cell says: the text of a group or a host, or seconds since 1970. */
export type SplitValue = string | number;

/** The parser of one split column's cells. Unlike a feature's, none may be missing: the row would have no place. */
export function splitCellParser(
  { holds }: SplitColumn,
  isMissing: (cell: unknown) => boolean,
): (cell: unknown) => SplitValue | CellFault {
  const parse = parsers[holds];
  return (cell) => (isMissing(cell) ? new CellFault('is missing') : parse(cell));
}

const parsers: Readonly<Record<SplitColumn['holds'], (cell: unknown) => SplitValue | CellFault>> = {
  group: (cell) => textOf(cell) ?? new CellFault(`is ${shown(cell)}; it must be a text or a number`),
  host: (cell) => {
    const text = textOf(cell);
    if (text === undefined || registeredDomain(text) === null)
      return new CellFault(`is ${shown(cell)}; it must be a URL or a host`);
    return text;
  },
  time: (cell) =>
    parseTime(cell) ??
    new CellFault(`is ${shown(cell)}; it must be a time: ISO 8601, or seconds or milliseconds since 1970`),
};

function textOf(cell: unknown): string | undefined {
  return typeof cell === 'string' || typeof cell === 'number' ? String(cell).trim() : undefined;
}

/** Numbers from here on are milliseconds: as seconds they would lie beyond the year 5000. */
const leastMilliseconds = 1e11;

const isoTime = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/i;

/**
 * Seconds since 1970. Takes ISO 8601 (UTC where no offset is given; Suricata's `+0000`, too), and seconds (Zeek's
 * `ts`) or milliseconds since 1970; undefined for anything else.
 */
export function parseTime(cell: unknown): number | undefined {
  const number = toNumber(cell);
  if (number !== undefined) return Math.abs(number) < leastMilliseconds ? number : number / 1000;
  const parts = typeof cell === 'string' ? isoTime.exec(cell.trim()) : null;
  if (!parts) return undefined;
  const [, date, time = '00:00', offset = 'Z'] = parts;
  const milliseconds = Date.parse(
    `${date}T${time}${offset.replace(/(\d\d):?(\d\d)$/, '$1:$2').toUpperCase()}`,
  );
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}
