import type { Head } from './text-source.js';

const delimiters = [',', ';', '\t', '|'];
/** Lines compared, the header among them. */
const lineCount = 10;

/**
 * The delimiter that most of the first lines hold as often as the header does; among equals the more
 * frequent one, then the one listed first. Quoted text does not count. Null where the header holds none: its one column
 * may hold any of them.
 */
export function detectDelimiter(head: Head): string | null {
  const lines = firstLines(head);
  let best: { delimiter: string | null; agreeing: number; fields: number } = {
    delimiter: null,
    agreeing: 0,
    fields: 0,
  };
  for (const delimiter of delimiters) {
    const [fields, ...others] = lines.map((line) => line.split(delimiter).length);
    if (fields === 1) continue;
    const agreeing = 1 + others.filter((count) => count === fields).length;
    if (agreeing > best.agreeing || (agreeing === best.agreeing && fields > best.fields)) {
      best = { delimiter, agreeing, fields };
    }
  }
  return best.delimiter;
}

/** @throws RangeError unless it is one character that neither quotes nor ends a line. */
export function checkDelimiter(delimiter: string): string {
  if (delimiter.length === 1 && !'"\r\n\ufeff'.includes(delimiter)) return delimiter;
  throw new RangeError(
    `delimiter: ${JSON.stringify(delimiter)} is not one character other than a quote or line end`,
  );
}

function firstLines(head: Head): string[] {
  const lines = head.text.replace(/"[^"]*"/g, '').split(/\r\n|\n|\r/);
  // The last line is cut where the head ends.
  if (!head.complete && lines.length > 1) lines.pop();
  return lines.filter((line) => line.trim() !== '').slice(0, lineCount);
}
