import { checkDelimiter, detectDelimiter } from './csv-delimiter.js';
import { parseRow } from './csv-rows.js';
import type { ReadOptions } from './format.js';
import { type Preamble, readPreamble } from './preamble.js';
import type { Head } from './text-source.js';

/** How a table begins. */
export interface TableStart {
  readonly preamble: Preamble;
  /** Null where there is one column alone. */
  readonly delimiter: string | null;
  /** Where names of columns stand that the contract knows: in the first row, or in a comment before it. */
  readonly header: 'row' | { readonly line: number; readonly names: readonly string[] } | null;
}

export function tableStart(
  head: Head,
  { delimiter: given, isKnown = () => false }: Pick<ReadOptions, 'delimiter' | 'isKnown'>,
): TableStart {
  const preamble = readPreamble(head);
  const named = given ?? preamble.delimiter;
  const delimiter = named === null ? detectDelimiter(preamble.rest) : checkDelimiter(named);
  const first = cellsOf(preamble.rest.text.trimStart().split(/\r|\n/, 1)[0], delimiter);
  if (first.some(isKnown)) return { preamble, delimiter, header: 'row' };
  for (const { line, text } of preamble.comments.toReversed()) {
    const names = cellsOf(text, delimiter);
    // A remark of one word names no columns, and of several words hardly as many as there are.
    const fits = names.length > 1 && (names.length === first.length || preamble.rest.text.trim() === '');
    if (fits && names.some(isKnown)) return { preamble, delimiter, header: { line, names } };
  }
  return { preamble, delimiter, header: null };
}

function cellsOf(line: string, delimiter: string | null): string[] {
  return parseRow(line, delimiter).map((cell) => cell.trim());
}
