import { parseJson } from '../../../common/json-text.js';
import { eveItem, isEveEvent } from './eve.js';
import { fault, type FlowLogFormat, LineParser } from './flow-format.js';
import type { FlowLogItem } from './flow-item.js';
import { isZeekFlow, zeekFlow } from './zeek-record.js';

/** One JSON object a line: Zeek's conn.log or Suricata's EVE, distinguished line by line, for shippers mix logs. */
export const jsonLines: FlowLogFormat = {
  recognises: (head) => head.trimStart().startsWith('{'),
  parser: (maxLineBytes) => new JsonLinesParser(maxLineBytes),
};

class JsonLinesParser extends LineParser {
  protected read(text: string, line: number): FlowLogItem {
    const record = parse(text);
    if (record instanceof SyntaxError) {
      return fault(line, 'NOT_AN_OBJECT', `not a JSON object: ${record.message}`, text);
    }
    return recordItem(record, line) ?? fault(line, 'NOT_AN_OBJECT', 'JSON, but not an object', text);
  }
}

/**
 * What a parsed record holds, whichever log it is from; null where it is no object.
 * @throws FlowFault for a flow that is damaged
 */
export function recordItem(record: unknown, line: number): FlowLogItem | null {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return null;
  const fields = record as Readonly<Record<string, unknown>>;
  if (isEveEvent(fields)) return eveItem(fields, line);
  if (isZeekFlow(fields)) return { kind: 'flow', line, flow: zeekFlow(fields) };
  if (typeof fields._path === 'string') return { kind: 'other', line, event: fields._path };
  const names = Object.keys(fields).slice(0, 8).join(', ');
  return fault(
    line,
    'UNKNOWN_RECORD',
    `neither a flow nor an event, but ${names || 'nothing'}`,
    JSON.stringify(record),
  );
}

function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return error;
    throw error;
  }
}
