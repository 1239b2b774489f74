import { arff } from './arff.js';
import { bareLines } from './bare-lines.js';
import { csv } from './csv.js';
import type { Format, RecogniseOptions } from './format.js';
import { json } from './json.js';
import { ndjson } from './ndjson.js';
import { ReaderError } from './reader.errors.js';
import type { Head } from './text-source.js';

/** The formats, in the order in which they are asked whether an input is theirs. */
const formats = { json, ndjson, arff, lines: bareLines, csv } satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;

export const formatNames = Object.keys(formats) as FormatName[];

export function formatNamed(name: FormatName): Format {
  if (Object.hasOwn(formats, name)) return formats[name];
  throw new ReaderError(
    'UNKNOWN_FORMAT',
    `Format "${String(name)}" is not known. Use ${formatNames.join(', ')}.`,
  );
}

/**
 * The format of an input that begins so. Whoever says `csv` may well send what people keep in files of that ending: a list
 * of addresses, an ARFF file.
 * @throws ReaderError `UNKNOWN_FORMAT` when the beginning fits none.
 */
export function formatOf(head: Head, told: FormatName | undefined, options: RecogniseOptions): FormatName {
  const candidates = told === 'csv' ? (['arff', 'lines', 'csv'] as const) : formatNames;
  if (told !== undefined && told !== 'csv') return told;
  const name = candidates.find((candidate) => formats[candidate].recognises(head, options)) ?? told;
  if (name) return name;
  throw new ReaderError(
    'UNKNOWN_FORMAT',
    `The input looks like none of ${formatNames.join(', ')}: it begins with ${JSON.stringify(head.text.trimStart().slice(0, 40))}. Convert it, or name its format.`,
  );
}
