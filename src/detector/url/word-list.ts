import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { projectRoot } from '../../config/project-root.js';

/** Lists of words, domains and letters, each with its source, date and licence in its first lines. */
export const listFolder = resolve(projectRoot, 'data', 'url');

/**
 * The entries of a list, one a line, each cut at its blanks; lines that begin with `#` are comments.
 * @param entry what every entry must look like
 * @throws RangeError naming file and line of one that does not
 */
export function readWordList(file: string, entry: RegExp): string[][] {
  return readEntries(file, entry, ' ');
}

/** The same of entries that are cut at their tabs, for fields with blanks in them. */
export function readTable(file: string, entry: RegExp): string[][] {
  return readEntries(file, entry, '\t');
}

function readEntries(file: string, entry: RegExp, separator: string): string[][] {
  const lines = readFileSync(resolve(listFolder, file), 'utf8').split(/\r?\n/);
  return lines.flatMap((line, i) => {
    if (line === '' || line.startsWith('#')) return [];
    if (!entry.test(line)) throw new RangeError(`data/url/${file}, line ${i + 1}: '${line}' is no entry`);
    return [line.split(separator)];
  });
}
