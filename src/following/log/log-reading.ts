import type { FlowLogItem } from '../../ingestion/readers/flow/flow-item.js';
import { type DecoderState, LogDecoder } from './log-decoder.js';
import type { LogFile } from './log-file.js';
import { lf, LineCutter, type WholeLines } from './line-cutter.js';
import { digestOf, headBytes, type Place } from './place.js';

/** What has been read of a log, and where the log goes on behind it. */
export interface FollowedBatch {
  readonly items: readonly FlowLogItem[];
  readonly place: Place;
  /** Whether there is no more at the moment. */
  readonly caughtUp: boolean;
  /** Whether these were read before, and only say among what the next ones come. */
  readonly isContext: boolean;
}

/** A longer line is a fault. */
const maxLineBytes = 1024 * 1024;
/** Some thousand flows. */
const contextBytes = 1024 * 1024;

/** Reads one file of a log, from a place or from its beginning. */
export class LogReading {
  private readonly cutter = new LineCutter(maxLineBytes);
  /** Where the next bytes are; the offset of the place lags behind by what is half a line. */
  private position: number;

  private constructor(
    readonly file: LogFile,
    private readonly decoder: LogDecoder,
    private head: Buffer,
    private latest: Place,
  ) {
    this.position = latest.offset;
  }

  /** @param before what the file before it was, where there was one: its header may hold on */
  static async anew(file: LogFile, before: DecoderState): Promise<LogReading> {
    const { device, inode, modified } = await file.state();
    const { format, preamble } = before;
    const head = Buffer.alloc(0);
    const place = { device, inode, modified, offset: 0, line: 0, head: digestOf(head), format, preamble };
    return new LogReading(file, LogDecoder.anew(maxLineBytes, before), head, place);
  }

  /** From behind its last whole line; those before are read all the same, to count them and to learn the header. */
  static async fromEnd(file: LogFile): Promise<LogReading> {
    const reading = await LogReading.anew(file, { format: null, preamble: [] });
    while ((await reading.next()) !== null);
    return reading;
  }

  /** @returns null where this is not the file of the place, or no longer has what was read */
  static async resumed(file: LogFile, place: Place): Promise<LogReading | null> {
    const { device, inode, size, modified } = await file.state();
    if (!file.isComplete && size < place.offset) return null;
    const head = await file.head(place.head.bytes);
    if (digestOf(head).sha256 !== place.head.sha256) return null;
    const decoder = LogDecoder.resumed(maxLineBytes, place, head.toString('latin1'));
    return new LogReading(file, decoder, head, { ...place, device, inode, modified });
  }

  /** Behind what has been read. */
  get place(): Place {
    return this.latest;
  }

  /** The flows in front of the place, as far as the file has them: they are the context of what comes. */
  async context(): Promise<FollowedBatch | null> {
    const { offset } = this.latest;
    if (this.file.isComplete || offset === 0) return null;
    const parts: Buffer[] = [];
    const from = Math.max(0, offset - contextBytes);
    for (let at = from; at < offset; at += parts[parts.length - 1].length) {
      const part = await this.file.read(at);
      if (part.length === 0) return null;
      parts.push(part);
    }
    const text = Buffer.concat(parts).subarray(0, offset - from);
    // Where it does not begin at the beginning, it begins within a line.
    const whole = from === 0 ? text : text.subarray(text.indexOf(lf) + 1);
    const head = this.head.toString('latin1');
    const { items } = await LogDecoder.resumed(maxLineBytes, this.decoder.state, head).decode(whole, 0);
    return { items, place: this.latest, caughtUp: false, isContext: true };
  }

  /** The next whole lines; null at the present end of the file, and where it was truncated. */
  async next(): Promise<FollowedBatch | null> {
    for (;;) {
      const bytes = await this.file.read(this.position);
      // Looked at behind the reading: what was written over by then was not read.
      if (bytes.length === 0 || (await this.isReplaced())) return null;
      this.position += bytes.length;
      const lines = this.cutter.push(bytes);
      if (lines) return this.batch(lines);
    }
  }

  /** What is left once the writer is done with the file, a last line without an end included. */
  async *drain(): AsyncGenerator<FollowedBatch, void, undefined> {
    for (let batch = await this.next(); batch; batch = await this.next()) yield batch;
    const { items, ...rest } = await this.batch(this.cutter.rest());
    yield { ...rest, items: [...items, ...this.decoder.end()] };
  }

  /** What was read and waits for lines to come, such as one direction of a flow for the other. */
  release(): FlowLogItem[] {
    return this.decoder.end();
  }

  /** Whether the file was truncated: it is shorter than what was read, or begins otherwise. */
  async isReplaced(): Promise<boolean> {
    if (this.file.isComplete) return false;
    const { size } = await this.file.state();
    if (size < this.position) return true;
    return !(await this.file.head(this.head.length)).equals(this.head);
  }

  private async batch({ text, bytes }: WholeLines): Promise<FollowedBatch> {
    const { offset, line } = this.latest;
    const { items, lines } = await this.decoder.decode(text, line);
    const { modified } = await this.file.state();
    if (offset === this.head.length)
      this.head = Buffer.concat([this.head, text.subarray(0, headBytes)]).subarray(0, headBytes);
    this.latest = {
      ...this.latest,
      ...this.decoder.state,
      offset: offset + bytes,
      line: line + lines,
      head: digestOf(this.head),
      modified,
    };
    return { items, place: this.latest, caughtUp: false, isContext: false };
  }
}
