import { isUtf8 } from 'node:buffer';
import Papa from 'papaparse';
import { RequestInvalidError } from '../common/errors.js';
import { parseIsoDate } from '../common/iso-date.js';
import type { PlacedOrder } from './list-changes.service.js';
import { type ListName, listNames, type MatchKind, matchKinds } from './list-entry.schema.js';
import type { ListOrder } from './list-order.js';

/** What all lines of a file have in common, unless a line says otherwise. */
export type FileDefaults = Partial<Omit<ListOrder, 'value' | 'replace'>>;

/** What a file was read as: lines of whatever kind, CSV with a header, a warning list of MISP, or other JSON. */
export type ListFileFormat = 'lines' | 'csv' | 'misp' | 'json';

export interface ReadListFile {
  readonly format: ListFileFormat;
  readonly placed: readonly PlacedOrder[];
}

/**
 * Reads a file of entries: a plain list, a hosts file or domain rules of Adblock, mixed as they may be; CSV with a
 * header; a warning list of MISP.
 * @throws RequestInvalidError for what is none of these
 */
export function readListFile(bytes: Buffer, defaults: FileDefaults): ReadListFile {
  const text = textOf(bytes);
  if (/^\s*[[{]/.test(text) && !/^\s*\[(?:adblock|[\da-f:.]+\])/i.test(text)) return readJson(text, defaults);
  const header = headerOf(text);
  if (header) return { format: 'csv', placed: csvRows(text, header, defaults) };
  const placed = text.split(/\r\n|\r|\n/).map((line, i) => placedLine(i + 1, line, defaults));
  // What follows the last line end is no line.
  if (placed.at(-1)?.text === '') placed.pop();
  return { format: 'lines', placed };
}

/** @throws RequestInvalidError for what is no text */
function textOf(bytes: Buffer): string {
  if (bytes.subarray(0, 65_536).includes(0)) throw unreadable('is no text; unpack it first');
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1').replace(/^\uFEFF/, '');
}

/** Where every line has a kind, remarks are those behind a blank alone; blank lines and remarks stand for nothing. */
function placedLine(line: number, text: string, defaults: FileDefaults): PlacedOrder {
  const value = text.trim();
  if (defaults.match === undefined) return { line, text, order: orderOf({ ...defaults, value }) };
  if (value === '') return { line, text, order: { leftOut: 'a blank line' } };
  if (/^[#!;]/.test(value)) return { line, text, order: { leftOut: 'a remark' } };
  return { line, text, order: orderOf({ ...defaults, value: value.replace(/(?<!\s)\s+#.*$/, '') }) };
}

function orderOf({ list, ...order }: FileDefaults & Pick<ListOrder, 'value'>): PlacedOrder['order'] {
  return list === undefined ? { message: 'names no list; say which one it is for' } : { list, ...order };
}

function unreadable(message: string): RequestInvalidError {
  return new RequestInvalidError([{ path: 'file', message }], 'The file cannot be read as a list.');
}

/** Names of columns, by what they hold; compared by their letters. */
const columns = {
  value: [
    'value',
    'entry',
    'indicator',
    'ioc',
    'url',
    'domain',
    'host',
    'hostname',
    'fqdn',
    'ip',
    'address',
    'cidr',
  ],
  list: ['list', 'action'],
  match: ['match', 'type', 'kind'],
  note: ['note', 'comment', 'description', 'reason'],
  expiresAt: ['expiresat', 'expires', 'expiry', 'validuntil'],
  anyOrder: ['anyorder'],
  finding: ['finding'],
  domains: ['domains'],
} as const satisfies Record<string, readonly string[]>;

type Column = keyof typeof columns;

/** In no text: a file of one column has none. */
const oneColumn = '\u001f';

interface CsvHeader {
  /** Counted from 1. */
  readonly line: number;
  readonly delimiter: string;
  readonly places: ReadonlyMap<Column, number>;
}

/** The header of a CSV file: the first line that is no remark, where it names a column of values and no address. */
function headerOf(text: string): CsvHeader | null {
  const lines = text.slice(0, 100_000).split(/\r\n|\r|\n/);
  const at = lines.findIndex((line) => line.trim() !== '' && !/^\s*[#!;]/.test(line));
  if (at < 0) return null;
  const delimiter = [',', ';', '\t'].find((mark) => lines[at].includes(mark));
  const places = placesOf(
    delimiter ? (Papa.parse<string[]>(lines[at], { delimiter }).data[0] ?? []) : [lines[at]],
  );
  return places.has('value') ? { line: at + 1, delimiter: delimiter ?? oneColumn, places } : null;
}

/** Where each column stands among names; what none of them knows is left out. */
function placesOf(header: readonly string[]): Map<Column, number> {
  const names = header.map((name) => name.toLowerCase().replace(/[^a-z]/g, ''));
  const places = new Map<Column, number>();
  for (const column of Object.keys(columns) as Column[]) {
    const place = columns[column].map((name) => names.indexOf(name)).find((index) => index >= 0);
    if (place !== undefined) places.set(column, place);
  }
  return places;
}

function csvRows(
  text: string,
  { line: headerLine, delimiter, places }: CsvHeader,
  defaults: FileDefaults,
): PlacedOrder[] {
  const body = text
    .split(/\r\n|\r|\n/)
    .slice(headerLine)
    .join('\n');
  const placed: PlacedOrder[] = [];
  let line = headerLine + 1;
  let from = 0;
  Papa.parse<string[]>(body, {
    delimiter,
    step: ({ data, errors, meta }) => {
      const raw = body.slice(from, meta.cursor).replace(/\n$/, '');
      const order = errors.length > 0 ? { message: errors[0].message } : rowOrder(data, places, defaults);
      if (raw !== '' || meta.cursor < body.length) placed.push({ line, text: raw, order });
      line += raw.split('\n').length;
      from = meta.cursor;
    },
  });
  return placed;
}

function rowOrder(
  cells: readonly string[],
  places: ReadonlyMap<Column, number>,
  defaults: FileDefaults,
): PlacedOrder['order'] {
  const cell = (column: Column): string => {
    const place = places.get(column);
    // The apostrophe is what keeps spreadsheets from executing a cell.
    return place === undefined ? '' : (cells[place] ?? '').trim().replace(/^'(?=[=+@-])/, '');
  };
  if (cells.every((text) => text.trim() === '')) return { leftOut: 'a blank line' };
  if (/^\s*#/.test(cells[0])) return { leftOut: 'a remark' };
  const [list, match, expiry] = [listOf(cell('list')), matchOf(cell('match')), cell('expiresAt')];
  if (list === null) return { message: `list is ${cell('list')}; it must be one of ${listNames.join(', ')}` };
  if (match === null)
    return { message: `match is ${cell('match')}; it must be one of ${matchKinds.join(', ')}` };
  const expiresAt = expiry === '' ? defaults.expiresAt : parseIsoDate(expiry);
  if (expiresAt === null) return { message: `expiresAt is ${expiry}; it must be a time of ISO 8601` };
  if (expiresAt && expiresAt.getTime() <= Date.now()) return { leftOut: `over since ${expiry}` };
  const [note, finding, domains] = [cell('note'), cell('finding'), cell('domains')];
  const kind = match ?? defaults.match;
  return orderOf({
    ...defaults,
    ...(list && { list }),
    ...(kind && { match: kind }),
    value: cell('value'),
    ...(note !== '' && { note: note.slice(0, 500) }),
    ...(expiresAt && { expiresAt }),
    ...(/^(?:true|yes|1)$/i.test(cell('anyOrder')) && { anyOrder: true }),
    ...(finding !== '' && { finding }),
    ...(domains !== '' && { domains: domains.split(/[\s,;]+/) }),
  });
}

const listWords: Readonly<Record<string, ListName>> = {
  block: 'deny',
  blocklist: 'deny',
  permit: 'allow',
  allowlist: 'allow',
};

/** Undefined for an empty cell, null for what is no list. */
function listOf(text: string): ListName | undefined | null {
  const word = text.toLowerCase();
  return word === '' ? undefined : (listNames.find((name) => name === word) ?? listWords[word] ?? null);
}

/** Kinds as MISP and others call them; what they leave open is read from the value. */
const matchWords: Readonly<Record<string, MatchKind | 'any'>> = {
  ...{ hostname: 'host', fqdn: 'host', uri: 'url', cidr: 'network', subnet: 'network' },
  ...{ ip: 'any', ipv4: 'any', ipv6: 'any', ipsrc: 'any', ipdst: 'any', address: 'any' },
};

function matchOf(text: string): MatchKind | undefined | null {
  const word = text.toLowerCase();
  const found = matchKinds.find((name) => name === word) ?? matchWords[word.replace(/[^a-z0-9]/g, '')];
  if (word === '' || found === 'any') return undefined;
  return found ?? null;
}

/** @throws RequestInvalidError */
function readJson(text: string, defaults: FileDefaults): ReadListFile {
  const parsed = parseJson(text);
  if (Array.isArray(parsed)) return { format: 'json', placed: readRecords(parsed, defaults) };
  const { list, type, name } = parsed as { list?: unknown; type?: unknown; name?: unknown };
  if (!Array.isArray(list)) throw unreadable('has no member `list`, as warning lists of MISP have');
  const read = typeof type === 'string' ? mispKinds[type] : undefined;
  if (read === undefined) {
    throw unreadable(
      `is a warning list of the type ${String(type)}; those of ${Object.keys(mispKinds).join(', ')} can be read`,
    );
  }
  const note = defaults.note ?? (typeof name === 'string' ? name.slice(0, 500) : undefined);
  const all = { ...defaults, ...(note !== undefined && { note }) };
  return { format: 'misp', placed: list.map((value, i) => element(i + 1, value, all, read)) };
}

/** A text of JSON, or of one object a line. @throws RequestInvalidError */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    try {
      const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
      return lines.map((line) => JSON.parse(line) as unknown);
    } catch {
      throw unreadable(`begins like JSON and is none: ${(error as Error).message}`);
    }
  }
}

/** Values, or objects with the members that CSV has as columns. */
export function readRecords(records: readonly unknown[], defaults: FileDefaults): PlacedOrder[] {
  return records.map((record, i) => {
    const isObject = typeof record === 'object' && record !== null && !Array.isArray(record);
    if (!isObject) return element(i + 1, record, defaults);
    const members = Object.entries(record).map(([name, value]): [string, string] => [
      name,
      Array.isArray(value)
        ? value.join(' ')
        : value === null || typeof value === 'object'
          ? ''
          : String(value),
    ]);
    const places = placesOf(members.map(([name]) => name));
    const unknown = members.find((_, place) => ![...places.values()].includes(place))?.[0];
    const order =
      unknown === undefined
        ? rowOrder(
            members.map(([, value]) => value),
            places,
            defaults,
          )
        : { message: `${unknown} is unknown; there are ${Object.keys(columns).join(', ')}` };
    return { line: i + 1, text: JSON.stringify(record).slice(0, 200), order };
  });
}

/** What the values of a warning list cover by its type; hosts of the type `hostname` stand for all below them, too. */
const mispKinds: Readonly<Record<string, (value: string) => MatchKind | undefined>> = {
  cidr: () => 'network',
  hostname: (value) => (isHostName(value) ? 'suffix' : undefined),
  string: (value) => (isHostName(value) ? (value.startsWith('.') ? 'suffix' : 'host') : undefined),
};

function isHostName(value: string): boolean {
  return /^\.?(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]+$/i.test(value);
}

function element(
  line: number,
  value: unknown,
  defaults: FileDefaults,
  kindOf: (value: string) => MatchKind | undefined = () => undefined,
): PlacedOrder {
  if (typeof value !== 'string') {
    return { line, text: JSON.stringify(value).slice(0, 200), order: { message: 'must be a text' } };
  }
  const match = defaults.match ?? kindOf(value);
  return { line, text: value, order: orderOf({ ...defaults, value, ...(match && { match }) }) };
}
