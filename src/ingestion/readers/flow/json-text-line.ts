import { parseJson } from '../../../common/json-text.js';

/**
 * What syslog and other shippers put before the JSON of a line: `<13>Mar  9 16:05:01 fw suricata[4242]: `, an RFC 5424
 * header with structured data or not, `2024-03-09T16:05:01Z fw `, `@cee:`.
 */
const prefix = /^(?:<\d{1,3}>[^{\r\n]{0,1000}|[^{}",\t\r\n]{1,200})(?=\{\s*")/;

/** The JSON of a line, without what a shipper put before it; null where the line holds none. */
export function jsonOfLine(text: string): string | null {
  if (text.charCodeAt(0) === 123) return text;
  const start = text.trimStart();
  if (start.startsWith('{')) return start;
  const before = prefix.exec(start);
  return before && start.slice(before[0].length);
}

/** The value of JSON text; null where it is none. */
export function parseJsonText(text: string): unknown {
  const json = jsonOfLine(text);
  if (json === null) return null;
  try {
    return parseJson(json);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
