import { parseFlow } from '../../../detector/flow/parse-flow.js';
import { CsvLogParser } from './csv-log.js';
import type { FlowLogFormat } from './flow-format.js';
import { ZeekColumns } from './zeek-columns.js';

/** Zeek's columns with commas and a header, empty for unset, as the labelled captures of IoT-23 are passed on. */
export const zeekCsv: FlowLogFormat = {
  recognises: (head) => new ZeekColumns(firstLine(head).split(',').map(unquote)).isConnections,
  parser: (maxLineBytes) =>
    new CsvLogParser(maxLineBytes, (names) => {
      const columns = new ZeekColumns(names);
      return (cells, mended) => parseFlow(columns.pick(cells), undefined, mended);
    }),
};

export function firstLine(head: string): string {
  return head.trimStart().split(/[\r\n]/, 1)[0];
}

export function unquote(name: string): string {
  return name.trim().replace(/^"(.*)"$/, '$1');
}
