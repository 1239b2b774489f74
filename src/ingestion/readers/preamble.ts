import type { Head } from './text-source.js';

/** What stands before the first row of a table or a list. */
export interface Preamble {
  /** Physical lines that it takes. */
  readonly lines: number;
  /** What a line such as `sep=;` names, as spreadsheets write it and read it. */
  readonly delimiter: string | null;
  /** The lines that begin with `#`, without it. Where there are some, more may stand between the rows. */
  readonly comments: readonly { readonly line: number; readonly text: string }[];
  /** The head without it. */
  readonly rest: Head;
}

const delimiterLine = /^"?sep=(.)"?$/i;

export function readPreamble({ text, complete }: Head): Preamble {
  const comments: { line: number; text: string }[] = [];
  let delimiter: string | null = null;
  let [lines, at] = [0, 0];
  for (const { 0: match, index } of text.matchAll(/[^\r\n]*(?:\r\n|\n|\r|$)/g)) {
    const line = match.trim();
    const named = comments.length === 0 ? delimiterLine.exec(match.replace(/[\r\n]{1,2}$/, '')) : null;
    if (named) delimiter = named[1];
    else if (line.startsWith('#')) comments.push({ line: lines + 1, text: line.replace(/^[#\s]+/, '') });
    else if (line !== '' || index + match.length >= text.length) break;
    lines++;
    at = index + match.length;
  }
  return { lines, delimiter, comments, rest: { text: text.slice(at), complete } };
}
