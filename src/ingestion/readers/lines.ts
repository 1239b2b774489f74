import { isUtf8 } from 'node:buffer';
import { GrowingBuffer } from './growing-buffer.js';
import { cutRaw, rawLength, type RowProblem } from './row.js';
import type { TextSource } from './text-source.js';

export type LineFault = 'ROW_TOO_LONG' | 'BAD_ENCODING' | 'ZERO_BYTE';

export interface Line {
  /** 1-based. */
  readonly number: number;
  /** Without its end; lossy and cut when there is a fault. */
  readonly text: string;
  /** `\n`, `\r\n`, `\r`, or nothing at the end of the input. */
  readonly end: string;
  readonly fault: LineFault | null;
}

/** Larger chunks are taken in parts, so that their lines, which may be of a byte each, do not hold up others for long. */
const partBytes = 16 * 1024;
/** Bytes kept of a line too long: as many as the longest `rawLength` characters take. */
const keptBytes = rawLength * 4;
const [lf, cr] = [10, 13];

/**
 * Physical lines of UTF-8 text, in the batches in which they become complete. Never holds more than
 * `maxLineBytes` and a chunk: the rest of a longer line is dropped as it comes. A line that is not UTF-8 is read as
 * `fallback`; without one it has a fault, as one with a zero byte has.
 */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  maxLineBytes: number,
  fallback: TextSource['fallback'] = null,
): AsyncGenerator<Line[]> {
  const splitter = new LineSplitter(maxLineBytes, fallback);
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += partBytes) {
      const lines = splitter.push(chunk.subarray(at, at + partBytes));
      if (lines.length > 0) yield lines;
    }
  }
  const rest = splitter.end();
  if (rest.length > 0) yield rest;
}

/** The problem that a line with a fault is reported as. */
export function lineProblem(line: Line & { fault: LineFault }, maxBytes: number): RowProblem {
  const problems: Readonly<Record<LineFault, string>> = {
    ROW_TOO_LONG: `longer than ${maxBytes} bytes`,
    BAD_ENCODING: 'holds bytes that are not UTF-8',
    ZERO_BYTE: 'holds a byte that is zero, which no text does',
  };
  const code = line.fault === 'ZERO_BYTE' ? 'BAD_ENCODING' : line.fault;
  return { line: line.number, code, problem: problems[line.fault], raw: cutRaw(line.text) };
}

export function hasFault(line: Line): line is Line & { fault: LineFault } {
  return line.fault !== null;
}

class LineSplitter {
  /** The line that is not complete yet. */
  private readonly held = new GrowingBuffer();
  /** Whether that line was too long, has been reported, and is dropped up to its end. */
  private dropping = false;
  private endsWithCr = false;
  private count = 0;

  constructor(
    private readonly maxLineBytes: number,
    private readonly fallback: TextSource['fallback'],
  ) {}

  push(part: Buffer): Line[] {
    const bytes = this.endsWithCr ? Buffer.concat([Buffer.of(cr), part]) : part;
    // Whether a last CR is a line end or half of one shows with the next byte.
    this.endsWithCr = bytes[bytes.length - 1] === cr;
    const known = this.endsWithCr ? bytes.subarray(0, -1) : bytes;
    const lastLf = known.lastIndexOf(lf);
    const cut = lastLf + 1 + (known.subarray(lastLf + 1).lastIndexOf(cr) + 1);
    const lines = cut > 0 ? this.split(this.complete(known.subarray(0, cut))) : [];
    const tooLong = this.hold(known.subarray(cut));
    if (tooLong) lines.push(tooLong);
    return lines;
  }

  end(): Line[] {
    return this.split(this.complete(this.endsWithCr ? Buffer.of(cr) : Buffer.alloc(0)));
  }

  /** Keeps the beginning of a line for the bytes to come; gives the line at once when it is too long already. */
  private hold(bytes: Buffer): Line | null {
    if (this.dropping) return null;
    if (this.held.length + bytes.length <= this.maxLineBytes) {
      this.held.append(bytes);
      return null;
    }
    this.dropping = true;
    const beginning = Buffer.concat([this.held.take(), bytes.subarray(0, keptBytes)]).subarray(0, keptBytes);
    return { number: ++this.count, text: beginning.toString('utf8'), end: '', fault: 'ROW_TOO_LONG' };
  }

  /** Bytes up to a line end, together with what was held of their first line. */
  private complete(bytes: Buffer): Buffer {
    if (this.held.length > 0) return Buffer.concat([this.held.take(), bytes]);
    if (!this.dropping) return bytes;
    this.dropping = false;
    return bytes.subarray(afterFirstLine(bytes));
  }

  private split(bytes: Buffer): Line[] {
    const valid = isUtf8(bytes);
    const hasZero = bytes.includes(0);
    // One character a byte, so that the bytes of each line can be looked at on their own.
    const text = bytes.toString(valid ? 'utf8' : 'latin1');
    const lines: Line[] = [];
    let nextLf = indexOrEnd(text, '\n', 0);
    let nextCr = indexOrEnd(text, '\r', 0);
    for (let start = 0; start < text.length;) {
      const stop = Math.min(nextLf, nextCr);
      const next = stop + (nextLf === stop + 1 && nextCr === stop ? 2 : 1);
      const line = this.line(text.slice(start, stop), text.slice(stop, next), valid);
      lines.push(hasZero && line.text.includes('\0') ? { ...line, fault: line.fault ?? 'ZERO_BYTE' } : line);
      if (nextLf < next) nextLf = indexOrEnd(text, '\n', next);
      if (nextCr < next) nextCr = indexOrEnd(text, '\r', next);
      start = next;
    }
    return lines;
  }

  private line(text: string, end: string, valid: boolean): Line {
    const number = ++this.count;
    const tooLong = this.isTooLong(text, valid);
    if (valid && !tooLong) return { number, text, end, fault: null };
    const bytes = Buffer.from(tooLong ? text.slice(0, keptBytes) : text, valid ? 'utf8' : 'latin1');
    if (tooLong) return { number, text: bytes.toString('utf8'), end, fault: 'ROW_TOO_LONG' };
    if (isUtf8(bytes)) return { number, text: bytes.toString('utf8'), end, fault: null };
    if (this.fallback) return { number, text: bytes.toString(this.fallback()), end, fault: null };
    return { number, text: bytes.toString('utf8'), end, fault: 'BAD_ENCODING' };
  }

  private isTooLong(text: string, valid: boolean): boolean {
    // A UTF-16 unit is at most three bytes of UTF-8: nearly every line is settled without counting.
    if (text.length * 3 <= this.maxLineBytes) return false;
    return (valid ? Buffer.byteLength(text) : text.length) > this.maxLineBytes;
  }
}

function afterFirstLine(bytes: Buffer): number {
  const at = bytes.findIndex((byte) => byte === lf || byte === cr);
  if (at === -1) return bytes.length;
  return bytes[at] === cr && bytes[at + 1] === lf ? at + 2 : at + 1;
}

function indexOrEnd(text: string, character: string, from: number): number {
  const at = text.indexOf(character, from);
  return at === -1 ? text.length : at;
}
