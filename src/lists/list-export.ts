import Papa from 'papaparse';
import type { ListEntry } from './list-entry.schema.js';

export const exportFormats = ['csv', 'plain', 'hosts', 'adblock', 'misp'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Columns of CSV, which alone keeps all that there is to an entry. */
const csvColumns = [
  'list',
  'match',
  'value',
  'note',
  'author',
  'createdAt',
  'expiresAt',
  'anyOrder',
  'finding',
  'domains',
] as const;

/** As for the rows of scored files: a cell that a spreadsheet takes for a formula. */
const formula = /^(?:[=@\t\r]|[+-](?!(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$))/i;

/** Text of the entries, piece by piece; the last piece says how many the format cannot say. */
export async function* writeList(
  entries: AsyncIterable<ListEntry>,
  format: ExportFormat,
): AsyncGenerator<string, void, undefined> {
  if (format === 'csv') return yield* csvLines(entries);
  if (format === 'misp') return yield* mispList(entries);
  const remark = format === 'adblock' ? '!' : '#';
  yield `${remark} Netwarden, ${new Date().toISOString()}\n`;
  let leftOut = 0;
  for await (const entry of entries) {
    const line = lineOf(entry, format);
    if (line === null) leftOut++;
    else yield `${line}\n`;
  }
  if (leftOut > 0) yield `${remark} ${leftOut} entries left out, which this format cannot say; CSV has all\n`;
}

async function* csvLines(entries: AsyncIterable<ListEntry>): AsyncGenerator<string, void, undefined> {
  const row = (cells: readonly unknown[]): string =>
    `${Papa.unparse([[...cells]], { escapeFormulae: formula })}\n`;
  yield row(csvColumns);
  for await (const entry of entries) {
    yield row(csvColumns.map((name) => cellOf(entry[name])));
  }
}

function cellOf(value: ListEntry[(typeof csvColumns)[number]]): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.join(' ');
  return value === null || value === false ? '' : String(value);
}

/** An entry as a line; null where the format has no words for it. */
function lineOf(
  { list, match, value, finding }: ListEntry,
  format: 'plain' | 'hosts' | 'adblock',
): string | null {
  if (finding !== null || match === 'brand') return null;
  if (format === 'plain') return match === 'suffix' ? `*.${value}` : value;
  const isName = /[a-z]/i.test(value) && !value.startsWith('[');
  if (format === 'hosts') {
    return list === 'deny' && isName && (match === 'host' || match === 'domain') ? `0.0.0.0 ${value}` : null;
  }
  if (list === 'suppress' || !isName || (match !== 'domain' && match !== 'suffix')) return null;
  return `${list === 'allow' ? '@@' : ''}||${value}^`;
}

/** A warning list of MISP: names with a dot before them stand for all below. */
async function* mispList(entries: AsyncIterable<ListEntry>): AsyncGenerator<string, void, undefined> {
  const version = Number(new Date().toISOString().slice(0, 10).replaceAll('-', ''));
  const head = {
    name: 'Netwarden',
    version,
    description: 'Entries of the lists of Netwarden',
    matching_attributes: ['domain', 'hostname', 'domain|ip', 'ip-src', 'ip-dst', 'url'],
    type: 'string',
  };
  yield `${JSON.stringify(head).slice(0, -1)},"list":[`;
  let isFirst = true;
  for await (const entry of entries) {
    const { match, value, finding } = entry;
    if (finding !== null || !['url', 'host', 'domain', 'suffix', 'network'].includes(match)) continue;
    const dotted = match === 'domain' || match === 'suffix' ? `.${value}` : value;
    yield `${isFirst ? '' : ','}${JSON.stringify(dotted)}`;
    isFirst = false;
  }
  yield ']}\n';
}
