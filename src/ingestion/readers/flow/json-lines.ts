import { parseJson } from '../../../common/json-text.js';
import { fault, type FlowLogFormat, LineParser } from './flow-format.js';
import { isObject } from './json-object.js';
import { jsonOfLine } from './json-text-line.js';
import type { LineItem } from './one-way.js';
import { recordItem } from './record-item.js';

/**
 * One JSON object a line, behind a syslog header or not: of Zeek's logs, of Suricata's EVE or in the Elastic Common
 * Schema, distinguished line by line, for shippers mix logs.
 */
export const jsonLines: FlowLogFormat = {
  recognises: (head) => jsonOfLine(head.trimStart()) !== null,
  parser: (maxLineBytes) => new JsonLinesParser(maxLineBytes),
};

class JsonLinesParser extends LineParser {
  protected read(text: string, line: number, mended: string[]): LineItem {
    const record = parse(jsonOfLine(text) ?? text);
    if (record instanceof SyntaxError)
      return fault(line, 'NOT_AN_OBJECT', `not a JSON object: ${record.message}`, text);
    if (!isObject(record)) return fault(line, 'NOT_AN_OBJECT', 'JSON, but not an object', text);
    const item = recordItem(record, line, mended);
    if (item) return item;
    const names = Object.keys(record).slice(0, 8).join(', ');
    return fault(line, 'UNKNOWN_RECORD', `neither a flow nor an event, but ${names || 'nothing'}`, text);
  }
}

function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return error;
    throw error;
  }
}
