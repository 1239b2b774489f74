import { withoutStacks } from '../../../common/without-stacks.js';
import { FlowFault } from '../../../detector/flow/parse-flow.js';
import type { Line } from '../lines.js';
import { hasFault, lineProblem } from '../lines.js';
import { cutRaw, type RowProblem } from '../row.js';
import type { FaultItem, FlowLogFaultCode, FlowLogItem } from './flow-item.js';

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
  /** @param maxLineBytes for messages: longer lines come with a fault */
  parser(maxLineBytes: number): FlowLogParser;
}

/** A parser of logs in which each line stands for itself. */
export abstract class LineParser implements FlowLogParser {
  readonly warnings: readonly string[] = [];

  constructor(private readonly maxLineBytes: number) {}

  parse(lines: readonly Line[]): FlowLogItem[] {
    const items: FlowLogItem[] = [];
    for (const line of lines) {
      if (hasFault(line)) items.push(faultOfRow(lineProblem(line, this.maxLineBytes)));
      else if (!isBlank(line.text)) items.push(this.item(line));
    }
    return items;
  }

  end(): FlowLogItem[] {
    return [];
  }

  private item(line: Line): FlowLogItem {
    try {
      return withoutStacks(() => this.read(line.text, line.number));
    } catch (error) {
      if (!(error instanceof FlowFault)) throw error;
      return fault(line.number, error.code, error.message, line.text);
    }
  }

  /** @throws FlowFault for a line that is damaged */
  protected abstract read(text: string, line: number): FlowLogItem;
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
