import { withoutStacks } from '../../../common/without-stacks.js';
import { FlowFault } from '../../../detector/flow/parse-flow.js';
import type { Line } from '../lines.js';
import { hasFault, lineProblem } from '../lines.js';
import { cutRaw, type RowProblem } from '../row.js';
import type { FaultItem, FlowLogFaultCode, FlowLogItem } from './flow-item.js';
import { type LineItem, OneWayJoiner } from './one-way.js';

/** Reads the lines of one log, in order and without gaps: a header says how those behind it are to be read. */
export interface FlowLogParser {
  /** What the log as a whole lacks, for a person; complete once the header has been read. */
  readonly warnings: readonly string[];
  /** The items that these lines complete. */
  parse(lines: readonly Line[]): FlowLogItem[];
  /** What is left at the end of the log. */
  end(): FlowLogItem[];
}

/** One kind of log. A new one is a file that exports a `FlowLogFormat` and a line in `flow-formats.ts`. */
export interface FlowLogFormat {
  /** Whether a log that begins so, blanks skipped, is of this format. */
  recognises(head: string): boolean;
  /**
   * @param maxLineBytes for messages: longer lines come with a fault
   * @param head how the log begins, as far as that is known: what one line does not show, others may
   */
  parser(maxLineBytes: number, head?: string): FlowLogParser;
}

/** A parser of logs in which each line stands for itself, or for one direction of what it and another line log. */
export abstract class LineParser implements FlowLogParser {
  readonly warnings: string[] = [];
  private readonly mended: string[] = [];
  private readonly joiner = new OneWayJoiner();

  constructor(protected readonly maxLineBytes: number) {}

  parse(lines: readonly Line[]): FlowLogItem[] {
    const items: FlowLogItem[] = [];
    for (const line of lines) {
      if (hasFault(line)) items.push(faultOfRow(lineProblem(line, this.maxLineBytes)));
      else if (!isBlank(line.text)) this.take(line, items);
    }
    return items;
  }

  end(): FlowLogItem[] {
    return this.joiner.end();
  }

  private take(line: Line, items: FlowLogItem[]): void {
    const item = this.item(line);
    if (item.kind === 'one-way') items.push(...this.joiner.add(item));
    else items.push(item);
  }

  private item(line: Line): LineItem {
    const { mended } = this;
    if (mended.length > 0) mended.length = 0;
    try {
      const item = withoutStacks(() => this.read(line.text, line.number, mended));
      const isMended = mended.length > 0 && (item.kind === 'flow' || item.kind === 'one-way');
      return isMended ? { ...item, mended: [...mended] } : item;
    } catch (error) {
      if (!(error instanceof FlowFault)) throw error;
      return fault(line.number, error.code, error.message, line.text);
    }
  }

  /**
   * @param mended gets a sentence for each value that was not taken as it stands
   * @throws FlowFault for a line that is damaged
   */
  protected abstract read(text: string, line: number, mended: string[]): LineItem;
}

export function fault(line: number, code: FlowLogFaultCode, problem: string, text: string): FaultItem {
  return { kind: 'fault', line, code, problem, raw: cutRaw(text) };
}

export function faultOfRow({ line, code, problem, raw }: RowProblem): FaultItem {
  return { kind: 'fault', line, code, problem, raw };
}

function isBlank(text: string): boolean {
  return text.length === 0 || (text.charCodeAt(0) <= 32 && text.trim() === '');
}
