import { fault, LineParser } from './flow-format.js';
import type { LineItem } from './one-way.js';

/** Turns the cells of a row into what it holds. @throws FlowFault */
export type RowToItem = (cells: readonly string[], line: number, mended: string[]) => LineItem;

export interface TableLogOptions {
  readonly delimiter: string;
  /** Given the names of the columns. */
  readonly open: (names: readonly string[]) => RowToItem;
  /** The columns of a log without a header. */
  readonly usual?: readonly string[];
  /** A line from which on the log is no table any more. */
  readonly ends?: string;
}

/** A log of columns whose cells never hold the delimiter, so that each line is a row. */
export class TableLogParser extends LineParser {
  private names: readonly string[] = [];
  private toItem: RowToItem | null = null;
  private isOver = false;

  constructor(
    maxLineBytes: number,
    private readonly options: TableLogOptions,
  ) {
    super(maxLineBytes);
  }

  protected read(text: string, line: number, mended: string[]): LineItem {
    const { delimiter, ends } = this.options;
    this.isOver ||= text.trim() === ends;
    if (this.isOver) return { kind: 'other', line, event: 'summary' };
    const cells = text.split(delimiter).map((cell) => cell.trim());
    const isHeader = this.toItem === null && this.begin(cells);
    // Files that were put together have a header each.
    if (isHeader || cells.join() === this.names.join()) return { kind: 'other', line, event: 'header' };
    if (cells.length === this.names.length) return this.toItem!(cells, line, mended);
    const problem = `${cells.length} columns where the header names ${this.names.length}`;
    return fault(line, 'WRONG_FIELD_COUNT', problem, text);
  }

  /** @returns whether the first line is a header */
  private begin(cells: readonly string[]): boolean {
    const { usual, open } = this.options;
    const isHeader = usual === undefined || cells.some((cell) => usual.includes(cell));
    this.names = isHeader ? cells : usual;
    this.toItem = open(this.names);
    return isHeader;
  }
}

/** Gives cells by the names of their columns; `-` and nothing are none. */
export function cellsByName(
  names: readonly string[],
): (cells: readonly string[], ...spellings: string[]) => string | undefined {
  const places = new Map(names.map((name, i) => [name.toLowerCase(), i]));
  return (cells, ...spellings) => {
    const name = spellings.find((spelling) => places.has(spelling));
    const cell = name === undefined ? undefined : cells[places.get(name)!];
    return cell === '' || cell === '-' ? undefined : cell;
  };
}
