import Papa from 'papaparse';
import { hasFault, type Line, lineProblem } from './lines.js';
import { cutRaw, type ReadRow, type RowProblemCode } from './row.js';

const badQuoting = 'a quoted field is not closed, or text follows its closing quote';

/** Lines that one quoted field may span. An open quote that is none holds up no more than these. */
const mostOpenLines = 5000;

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
  private done: ReadRow[] = [];

  constructor(
    private readonly delimiter: string,
    private readonly maxRowBytes: number,
  ) {}

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
    if (!texts.some((text) => text.includes('"'))) return texts.map((text) => text.split(this.delimiter));
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
    if (!line.text.includes('"')) {
      return this.finish(line.number, line.text, line.text.split(this.delimiter));
    }
    const { data, errors } = this.parse(line.text);
    if (errors.length === 0) return this.finish(line.number, line.text, data[0]);
    // A quote is open at the end of a sound line exactly when the line holds an odd number of them.
    if (errors.every(({ code }) => code === 'MissingQuotes') && hasOddQuotes(line.text)) {
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
    if (!hasOddQuotes(line.text)) return;
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

  private parse(text: string): Papa.ParseResult<string[]> {
    return Papa.parse<string[]>(text, { delimiter: this.delimiter, newline: '\n' });
  }

  private finish(number: number, text: string, fields: string[], lineCount = 1): void {
    this.width ??= fields.length;
    if (fields.length === this.width) {
      this.done.push({ line: number, values: fields, raw: cutRaw(text) });
      return;
    }
    // Two stray quotes far apart look like one field: the number of lines gives them away.
    const span = lineCount > 1 ? ` (quoted text joins ${lineCount} lines)` : '';
    const problem = `${fields.length} ${fields.length === 1 ? 'field' : 'fields'} where the header has ${this.width}${span}`;
    this.fail(number, text, 'WRONG_FIELD_COUNT', problem);
  }

  private isBlank(text: string): boolean {
    return text === '' || (text.trim() === '' && !text.includes(this.delimiter));
  }

  private fail(line: number, text: string, code: RowProblemCode, problem: string): void {
    this.done.push({ line, code, problem, raw: cutRaw(text) });
  }
}

function hasOddQuotes(text: string): boolean {
  let odd = false;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
}
