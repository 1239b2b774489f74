import Papa from 'papaparse';
import { hasFault, type Line, lineProblem } from './lines.js';
import { cutRaw, type ReadRow, type RowProblemCode } from './row.js';

const badQuoting = 'a quoted field is not closed, or text follows its closing quote';

/** Lines that one quoted field may span. An open quote that is none holds up no more than these. */
const mostOpenLines = 5000;

export interface CsvRowsOptions {
  /** Whether lines that begin with `#` are no rows. */
  readonly comments?: boolean;
  /** What stands around a cell that holds delimiters; `"` when absent. */
  readonly quote?: '"' | "'";
  /** How many cells rows must have below this header, the first row; as many as the header when absent. */
  readonly needed?: (header: readonly string[]) => number;
}

/**
 * Puts the lines of a CSV file together to rows of as many fields as the first of them has.
 *
 * Papa Parse takes rows apart (RFC 4180; like other readers it takes a quote within a field that does not
 * begin with one for data). It is never given more than is known to belong together, because a quote that is
 * not closed swallows the rest of what it is given: here it costs its own line only.
 */
export class CsvRows {
  /** Lines of a row whose quoted field is still open. */
  private open: Line[] = [];
  private openBytes = 0;
  private width: number | null = null;
  /** Cells without which a row is cut off. */
  private least = 0;
  private done: ReadRow[] = [];
  private readonly isSpaced: RegExp;

  /** @param delimiter null where there is one column alone */
  constructor(
    private readonly delimiter: string | null,
    private readonly maxRowBytes: number,
    private readonly options: CsvRowsOptions = {},
  ) {
    this.isSpaced = spacedQuotes(delimiter, options.quote);
  }

  /** Says what the columns are where they stand in no row. */
  expect(columns: readonly string[]): void {
    this.width = columns.length;
    this.least = this.options.needed?.(columns) ?? columns.length;
  }

  /** The rows that `lines` complete. */
  read(lines: readonly Line[]): ReadRow[] {
    const rows = this.open.length === 0 ? this.readTogether(lines) : null;
    if (rows) return rows;
    for (const line of lines) this.add(line);
    return this.takeDone();
  }

  /** What is left at the end of the input. */
  end(): ReadRow[] {
    while (this.open.length > 0) this.giveUpOpen('a quoted field is not closed before the end of the input');
    return this.takeDone();
  }

  private takeDone(): ReadRow[] {
    const done = this.done;
    this.done = [];
    return done;
  }

  /** The rows where each line is a sound row by itself, which is far quicker than one by one; else null. */
  private readTogether(lines: readonly Line[]): ReadRow[] | null {
    if (lines.some(hasFault)) return null;
    const filled = lines.filter(({ text }) => !this.isBlank(text));
    const rows = this.splitTogether(filled.map(({ text }) => text));
    if (rows === null) return null;
    filled.forEach(({ number, text }, i) => this.finish(number, text, rows[i]));
    return this.takeDone();
  }

  private splitTogether(texts: readonly string[]): string[][] | null {
    if (!texts.some((text) => text.includes(this.quote))) return texts.map((text) => this.split(text));
    const { data, errors } = this.parse(texts.join('\n'));
    // No row is less than a line, so as many rows as lines means that none spans two.
    return errors.length === 0 && data.length === texts.length ? data : null;
  }

  private add(line: Line): void {
    if (hasFault(line)) {
      if (this.open.length > 0) this.giveUpOpen(`a quoted field runs into the damaged line ${line.number}`);
      this.done.push(lineProblem(line, this.maxRowBytes));
    } else if (this.open.length > 0) {
      this.continueOpen(line);
    } else {
      this.begin(line);
    }
  }

  private begin(line: Line): void {
    if (this.isBlank(line.text)) return;
    if (!line.text.includes(this.quote)) {
      return this.finish(line.number, line.text, this.split(line.text));
    }
    const { data, errors } = this.parse(line.text);
    if (errors.length === 0) return this.finish(line.number, line.text, data[0]);
    // A quote is open at the end of a sound line exactly when the line holds an odd number of them.
    if (errors.every(({ code }) => code === 'MissingQuotes') && hasOdd(this.quote, line.text)) {
      this.open = [line];
      this.openBytes = Buffer.byteLength(line.text) + line.end.length;
      return;
    }
    this.fail(line.number, line.text, 'BAD_QUOTING', badQuoting);
  }

  private continueOpen(line: Line): void {
    this.open.push(line);
    this.openBytes += Buffer.byteLength(line.text) + line.end.length;
    if (this.openBytes > this.maxRowBytes) {
      return this.giveUpOpen(`a quoted field is not closed within ${this.maxRowBytes} bytes`);
    }
    if (this.open.length > mostOpenLines) {
      return this.giveUpOpen(`a quoted field is not closed within ${mostOpenLines} lines`);
    }
    if (!hasOdd(this.quote, line.text)) return;
    const text = this.open
      .map((part, i) => (i < this.open.length - 1 ? part.text + part.end : part.text))
      .join('');
    const { data, errors } = this.parse(text);
    if (errors.length > 0) return this.giveUpOpen(badQuoting);
    const [first, ...others] = this.open;
    this.open = [];
    this.finish(first.number, text, data[0], 1 + others.length);
  }

  /** Reports the line that opened the quote alone and reads those behind it as rows of their own. */
  private giveUpOpen(problem: string): void {
    const [first, ...others] = this.open;
    this.open = [];
    this.fail(first.number, first.text, 'BAD_QUOTING', problem);
    // Linear: only a line with an odd number of quotes stays open, and at most the last of these has one.
    for (const line of others) this.add(line);
  }

  private get quote(): string {
    return this.options.quote ?? '"';
  }

  private split(text: string): string[] {
    return this.delimiter === null ? [text] : text.split(this.delimiter);
  }

  private parse(text: string): Papa.ParseResult<string[]> {
    const { delimiter, quote } = this;
    const plain = this.isSpaced.test(text) ? dropBlanksAtQuotes(text, delimiter, quote) : text;
    return Papa.parse<string[]>(plain, {
      delimiter: delimiter ?? noDelimiter,
      quoteChar: quote,
      escapeChar: quote,
      newline: '\n',
    });
  }

  private finish(number: number, text: string, fields: string[], lineCount = 1): void {
    if (this.width === null) this.expect(fields);
    const values = this.fitted(fields, this.width!);
    if (values) {
      this.done.push({ line: number, values, raw: cutRaw(text) });
      return;
    }
    // Two stray quotes far apart look like one field: the number of lines gives them away.
    const span = lineCount > 1 ? ` (quoted text joins ${lineCount} lines)` : '';
    const problem = `${fields.length} ${fields.length === 1 ? 'field' : 'fields'} where the header has ${this.width}${span}`;
    this.fail(number, text, 'WRONG_FIELD_COUNT', problem);
  }

  /** The cells of a row of any width: spare ones at the end that are empty, or lack, are of no matter. */
  private fitted(fields: string[], width: number): string[] | null {
    if (fields.length === width) return fields;
    if (fields.length > width) {
      return fields.slice(width).every((cell) => cell.trim() === '') ? fields.slice(0, width) : null;
    }
    if (fields.length < this.least) return null;
    return [...fields, ...new Array<string>(width - fields.length).fill('')];
  }

  private isBlank(text: string): boolean {
    if (text === '' || (this.options.comments && text.startsWith('#'))) return true;
    return text.trim() === '' && !(this.delimiter !== null && text.includes(this.delimiter));
  }

  private fail(line: number, text: string, code: RowProblemCode, problem: string): void {
    this.done.push({ line, code, problem, raw: cutRaw(text) });
  }
}

/** The cells of one line, as well as they can be had. */
export function parseRow(line: string, delimiter: string | null): string[] {
  const rows = new CsvRows(delimiter, Infinity).read([{ number: 1, text: line, end: '', fault: null }]);
  return Array.isArray(rows[0]?.values) ? rows[0].values : [];
}

/** Stands for the delimiter of one column alone: in no sound line. */
const noDelimiter = '\0';

/** Finds quotes with blanks between them and the delimiter or the end of a line; none of them is known to quote yet. */
function spacedQuotes(delimiter: string | null, quote = '"'): RegExp {
  const edge = delimiter === null ? '' : `|\\u${delimiter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const blanks = delimiter === '\t' ? ' +' : '[ \\t]+';
  return new RegExp(`(?:^|\\n${edge})${blanks}${quote}|${quote}${blanks}(?:$|\\n${edge})`);
}

/** A text without the blanks before and behind its quoted cells, which Papa Parse would take for parts of cells. */
function dropBlanksAtQuotes(text: string, delimiter: string | null, quote: string): string {
  const isBlank = (at: number): boolean => text[at] === ' ' || (text[at] === '\t' && delimiter !== '\t');
  const skipBlanks = (at: number): number => {
    while (isBlank(at)) at++;
    return at;
  };
  const isEdge = (at: number): boolean => at >= text.length || text[at] === '\n' || text[at] === delimiter;
  let plain = '';
  for (let at = 0; at <= text.length;) {
    const begin = skipBlanks(at);
    if (text[begin] === quote) {
      const end = closingQuote(text, begin, quote) + 1;
      plain += text.slice(begin, end);
      at = isEdge(skipBlanks(end)) ? skipBlanks(end) : end;
    }
    const from = at;
    while (!isEdge(at)) at++;
    plain += text.slice(from, ++at);
  }
  return plain;
}

/** Where the quote that opens at `open` closes; the last place where it does not. */
function closingQuote(text: string, open: number, quote: string): number {
  for (let at = text.indexOf(quote, open + 1); at !== -1; at = text.indexOf(quote, at + 2)) {
    if (text[at + 1] !== quote) return at;
  }
  return text.length - 1;
}

function hasOdd(quote: string, text: string): boolean {
  let odd = false;
  for (let at = text.indexOf(quote); at !== -1; at = text.indexOf(quote, at + 1)) odd = !odd;
  return odd;
}
