import type { FlowLogParser } from '../../ingestion/readers/flow/flow-format.js';
import {
  flowLogFormat,
  type FlowLogFormatName,
  recogniseFlowLog,
} from '../../ingestion/readers/flow/flow-formats.js';
import type { FlowLogItem } from '../../ingestion/readers/flow/flow-item.js';
import { type Line, readLines } from '../../ingestion/readers/lines.js';
import { ReaderError } from '../../ingestion/readers/reader.errors.js';

/** What has to be known of the lines before to read those that come. */
export interface DecoderState {
  readonly format: FlowLogFormatName | null;
  readonly preamble: string[];
}

/** Turns the lines of one file into items. A file that begins without a header goes on with that of the one before. */
export class LogDecoder {
  private parser: FlowLogParser | null = null;
  private format: FlowLogFormatName | null = null;
  private readonly preamble = new Map<string, string>();

  private constructor(
    private readonly maxLineBytes: number,
    private readonly before: DecoderState,
  ) {}

  /** For a file from its beginning. */
  static anew(maxLineBytes: number, before: DecoderState): LogDecoder {
    return new LogDecoder(maxLineBytes, before);
  }

  /** For a file from where reading stopped. @param head how it begins */
  static resumed(maxLineBytes: number, state: DecoderState, head: string): LogDecoder {
    const decoder = new LogDecoder(maxLineBytes, state);
    if (state.format !== null) decoder.goOn(state.format, state.preamble, head);
    return decoder;
  }

  get state(): DecoderState {
    return this.format === null
      ? this.before
      : { format: this.format, preamble: [...this.preamble.values()] };
  }

  /**
   * @param after lines of the file before these
   * @returns the items, and how many lines these were
   * @throws ReaderError `UNKNOWN_FORMAT` for the beginning of a first file that is no log of flows
   */
  async decode(text: Buffer, after: number): Promise<{ items: FlowLogItem[]; lines: number }> {
    this.parser ??= this.recognise(text);
    const items: FlowLogItem[] = [];
    let lines = 0;
    for await (const batch of readLines(once(text), this.maxLineBytes, () => 'latin1')) {
      lines += batch.length;
      const numbered = batch.map((line) => ({ ...line, number: line.number + after }));
      if (this.parser === null) continue;
      const found = this.parser.parse(numbered);
      this.keepHeader(found, numbered);
      for (const item of found) items.push(item);
    }
    return { items, lines };
  }

  /** What the last lines of the file hold together. */
  end(): FlowLogItem[] {
    return this.parser?.end() ?? [];
  }

  /** @returns null where all is blank */
  private recognise(text: Buffer): FlowLogParser | null {
    const head = text.toString('latin1', 0, 64 * 1024);
    if (head.trim() === '') return null;
    const format = this.recognised(head);
    return format === null
      ? this.goOn(this.before.format!, this.before.preamble, head)
      : this.open(format, head);
  }

  private recognised(head: string): FlowLogFormatName | null {
    try {
      return recogniseFlowLog(head);
    } catch (error) {
      if (error instanceof ReaderError && this.before.format !== null) return null;
      throw error;
    }
  }

  private open(format: FlowLogFormatName, head: string): FlowLogParser {
    this.format = format;
    this.parser = flowLogFormat(format).parser(this.maxLineBytes, head);
    return this.parser;
  }

  private goOn(format: FlowLogFormatName, preamble: readonly string[], head: string): FlowLogParser {
    const parser = this.open(format, head);
    const lines = preamble.map((text, i): Line => ({ number: i + 1, text, end: '\n', fault: null }));
    this.keepHeader(parser.parse(lines), lines);
    return parser;
  }

  private keepHeader(items: readonly FlowLogItem[], lines: readonly Line[]): void {
    if (this.format === 'json-lines') return;
    for (const item of items) {
      if (item.kind !== 'other' || item.event !== 'header') continue;
      const { text } = lines[item.line - lines[0].number];
      // A log that says something twice means the last of it.
      this.preamble.set(text.split(/[\s,]/, 1)[0], text);
    }
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}
