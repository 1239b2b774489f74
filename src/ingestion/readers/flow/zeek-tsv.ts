import { parseFlow } from '../../../detector/flow/parse-flow.js';
import { fault, type FlowLogFormat, LineParser } from './flow-format.js';
import type { LineItem } from './one-way.js';
import { ZeekColumns } from './zeek-columns.js';
import { zeekRequest } from './zeek-request.js';

/** Logs as Zeek writes them: `#` lines say how the lines behind them are to be read, also in mid-file. */
export const zeekTsv: FlowLogFormat = {
  recognises: (head) => /^#(?:separator|fields|path)\b/m.test(head.trimStart().slice(0, 4096)),
  parser: (maxLineBytes) => new ZeekTsvParser(maxLineBytes),
};

class ZeekTsvParser extends LineParser {
  private separator = '\t';
  private unset = '-';
  private empty = '(empty)';
  private path = 'conn';
  private columns: ZeekColumns | null = null;
  private labelled = false;
  private isConnections = false;
  private isRequests = false;

  protected read(text: string, line: number, mended: string[]): LineItem {
    if (text.charCodeAt(0) === 35 || text.trimStart().startsWith('#'))
      return this.readHeader(text.trimStart(), line);
    if (this.columns === null)
      return fault(line, 'NO_HEADER', 'no #fields line says what its columns are', text);
    const cells = this.split(text);
    if (cells.length !== this.columns.names.length) {
      const problem = `${cells.length} columns where #fields names ${this.columns.names.length}`;
      return fault(line, 'WRONG_FIELD_COUNT', problem, text);
    }
    const values = this.plain(cells, text);
    if (this.isConnections)
      return { kind: 'flow', line, flow: parseFlow(this.columns.pick(values), undefined, mended) };
    const other = { kind: 'other', line, event: this.path } as const;
    return this.isRequests ? (zeekRequest(this.columns.record(values), line) ?? other) : other;
  }

  private readHeader(text: string, line: number): LineItem {
    const [name] = text.split(/[\s,;|]/, 1);
    const rest = text.slice(name.length + 1);
    if (name === '#separator') this.separator = unescape(rest.trim()) || '\t';
    else if (name === '#unset_field') this.unset = rest;
    else if (name === '#empty_field') this.empty = rest;
    else if (name === '#path') this.path = rest.trim();
    else if (name === '#fields') this.readFields(rest);
    this.isConnections = this.path.startsWith('conn') && this.columns?.isConnections === true;
    this.isRequests = /^(?:http|ssl)/.test(this.path);
    return { kind: 'other', line, event: 'header' };
  }

  private readFields(text: string): void {
    const names = text.split(this.separator);
    // The captures of IoT-23 have three blanks between their last three columns.
    this.labelled = / {3}/.test(names[names.length - 1]);
    this.columns = new ZeekColumns(this.labelled ? splitLast(names) : names);
  }

  private split(text: string): string[] {
    const cells = text.split(this.separator);
    return this.labelled ? splitLast(cells) : cells;
  }

  /** Undoes what keeps unset, empty and special values apart from others. */
  private plain(cells: string[], text: string): string[] {
    const usual = this.unset === '-' && this.empty === '(empty)';
    if (usual && !text.includes('\\x')) return cells;
    return cells.map((cell) => (cell === this.unset || cell === this.empty ? '' : unescape(cell)));
  }
}

function splitLast(cells: readonly string[]): string[] {
  return [...cells.slice(0, -1), ...cells[cells.length - 1].split(/ {3,}/)];
}

function unescape(text: string): string {
  return text.replace(/\\x([\da-fA-F]{2})/g, (_, digits: string) =>
    String.fromCharCode(parseInt(digits, 16)),
  );
}
