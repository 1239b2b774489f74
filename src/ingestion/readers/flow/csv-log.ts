import type { Flow } from '../../../detector/flow/flow.js';
import { FlowFault } from '../../../detector/flow/parse-flow.js';
import { CsvRows } from '../csv-rows.js';
import type { Line } from '../lines.js';
import type { ReadRow } from '../row.js';
import { fault, faultOfRow, type FlowLogParser } from './flow-format.js';
import type { FlowLogItem } from './flow-item.js';

/** Turns the cells of a row into a flow. @throws FlowFault */
export type RowToFlow = (cells: readonly string[], mended: string[]) => Flow;

/** A log of comma-separated values whose header says how its rows become flows. */
export class CsvLogParser implements FlowLogParser {
  readonly warnings: string[] = [];
  private readonly rows: CsvRows;
  private toFlow: RowToFlow | null = null;
  private header: readonly string[] = [];

  /** @param open is given the names of the columns, and where to put what is to be said of them */
  constructor(
    maxLineBytes: number,
    private readonly open: (names: readonly string[], warnings: string[]) => RowToFlow,
  ) {
    this.rows = new CsvRows(',', maxLineBytes);
  }

  parse(lines: readonly Line[]): FlowLogItem[] {
    return this.rows.read(lines).map((row) => this.item(row));
  }

  end(): FlowLogItem[] {
    return this.rows.end().map((row) => this.item(row));
  }

  private item(row: ReadRow): FlowLogItem {
    if (row.values === undefined) return faultOfRow(row);
    const cells = row.values as string[];
    if (this.toFlow === null) {
      this.toFlow = this.open(cells, this.warnings);
      this.header = cells;
    }
    // Files that were put together have a header each.
    if (cells.every((cell, i) => cell === this.header[i]))
      return { kind: 'other', line: row.line, event: 'header' };
    try {
      const mended: string[] = [];
      const flow = this.toFlow(cells, mended);
      return { kind: 'flow', line: row.line, flow, ...(mended.length > 0 && { mended }) };
    } catch (error) {
      if (!(error instanceof FlowFault)) throw error;
      return fault(row.line, error.code, error.message, row.raw);
    }
  }
}
