import { bareLines } from './bare-lines.js';
import { csv } from './csv.js';
import type { Format, ReadOptions } from './format.js';
import { json } from './json.js';
import { ndjson } from './ndjson.js';
import { ReaderError } from './reader.errors.js';
import type { Head } from './text-source.js';

/** The formats, in the order in which they are asked whether an input is theirs. */
const formats = { json, ndjson, lines: bareLines, csv } satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;

export const formatNames = Object.keys(formats) as FormatName[];

export function formatNamed(name: FormatName): Format {
  if (Object.hasOwn(formats, name)) return formats[name];
  throw new ReaderError(
    'UNKNOWN_FORMAT',
    `Format "${String(name)}" is not known. Use ${formatNames.join(', ')}.`,
  );
}

/** @throws ReaderError `UNKNOWN_FORMAT` when the beginning fits none. */
export function recogniseFormat(head: Head, options: Pick<ReadOptions, 'lineColumn'> = {}): FormatName {
  const name = formatNames.find((candidate) => formats[candidate].recognises(head, options));
  if (name) return name;
  throw new ReaderError(
    'UNKNOWN_FORMAT',
    `The input looks like none of ${formatNames.join(', ')}: it begins with ${JSON.stringify(head.text.trimStart().slice(0, 40))}. Convert it, or name its format.`,
  );
}
