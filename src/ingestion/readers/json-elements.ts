/** Where an element of an array stands in its text; `line` is 1-based, counted from the start of the text. */
export interface JsonElement {
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

/**
 * The places of an array's elements, so that a row of a JSON document can be shown to people by its line:
 * `JSON.parse` gives the values only. `text` must be valid JSON with an array at `arrayStart`.
 */
export function* arrayElements(text: string, arrayStart: number): Generator<JsonElement> {
  let line = 1 + countLineEnds(text, 0, arrayStart);
  let counted = arrayStart;
  let start = skipBlanks(text, arrayStart + 1);
  while (text[start] !== ']') {
    line += countLineEnds(text, counted, start);
    counted = start;
    const end = skipValue(text, start);
    yield { start, end, line };
    const next = skipBlanks(text, end);
    start = text[next] === ',' ? skipBlanks(text, next + 1) : next;
  }
}

/** Start of the value that `JSON.parse` would give for `key` of the object `text`; null when it has none. */
export function valueStart(text: string, key: string): number | null {
  let found: number | null = null;
  let at = skipBlanks(text, skipBlanks(text, 0) + 1);
  while (text[at] !== '}') {
    const nameEnd = skipValue(text, at);
    const value = skipBlanks(text, skipBlanks(text, nameEnd) + 1);
    if (JSON.parse(text.slice(at, nameEnd)) === key) found = value;
    const next = skipBlanks(text, skipValue(text, value));
    at = text[next] === ',' ? skipBlanks(text, next + 1) : next;
  }
  return found;
}

function skipValue(text: string, start: number): number {
  if (text[start] === '"') return skipString(text, start);
  if (text[start] !== '{' && text[start] !== '[') return skipScalar(text, start);
  let depth = 0;
  for (let at = start; ;) {
    const character = text[at];
    if (character === '"') {
      at = skipString(text, at);
      continue;
    }
    if (character === '{' || character === '[') depth++;
    if (character === '}' || character === ']') depth--;
    at++;
    if (depth === 0) return at;
  }
}

function skipString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function skipScalar(text: string, start: number): number {
  let at = start;
  while (at < text.length && !',]} \t\r\n'.includes(text[at])) at++;
  return at;
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return at;
}

/** `\n`, `\r\n` and `\r` in `text[from, to)`. */
function countLineEnds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    if (text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')) count++;
  }
  return count;
}
