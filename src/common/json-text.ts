import { withoutStacks } from './without-stacks.js';

/** What a text may hold before it is parsed. */
export interface JsonLimits {
  /** Objects and arrays inside one another. */
  readonly depth: number;
  /** Objects and arrays altogether. */
  readonly containers: number;
}

/**
 * A record, a request or an event of a log stays far below both. What is deeper overflows the stack of whatever walks
 * the value afterwards (validation, digests, `JSON.stringify`), and each empty array of two characters costs some
 * thirty bytes of memory.
 */
export const jsonLimits: JsonLimits = { depth: 64, containers: 250_000 };

/** JSON that is refused for its shape. A `SyntaxError`, so that whoever handles bad JSON handles it too. */
export class JsonShapeError extends SyntaxError {
  override get name(): string {
    return 'JsonShapeError';
  }
}

/**
 * `JSON.parse` for text from elsewhere: its shape is checked before anything is built of it, in one pass that ends at
 * the first excess.
 * @throws SyntaxError for text that is no JSON; JsonShapeError for JSON that is nested too deep or holds too much
 */
export function parseJson(text: string, limits: JsonLimits = jsonLimits): unknown {
  return withoutStacks(() => {
    checkJsonShape(text, limits);
    return JSON.parse(text) as unknown;
  });
}

/** Checks the shape alone, for whoever parses by other means. @throws JsonShapeError */
export function checkJsonShape(text: string, limits: JsonLimits = jsonLimits): void {
  // Nearly every text has fewer openings than may be nested, and those are counted far faster than they are weighed.
  if (hasMoreOpenings(text, Math.min(limits.depth, limits.containers))) weighShape(text, limits);
}

/** Whether `{` and `[` occur more often than `count` times together, inside strings or not. */
function hasMoreOpenings(text: string, count: number): boolean {
  let openings = 0;
  for (const opening of ['{', '[']) {
    for (let at = text.indexOf(opening); at !== -1; at = text.indexOf(opening, at + 1)) {
      if (++openings > count) return true;
    }
  }
  return false;
}

const [quote, backslash, openArray, closeArray, openObject, closeObject] = [...'"\\[]{}'].map((character) =>
  character.charCodeAt(0),
);

/** Exact for text that is JSON; of any other it checks what comes before the fault that `JSON.parse` will name. */
function weighShape(text: string, { depth, containers }: JsonLimits): void {
  let open = 0;
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = closingQuote(text, at);
      if (at === -1) return;
    } else if (code === openObject || code === openArray) {
      if (++open > depth) throw new JsonShapeError(`nested more than ${depth} levels deep`);
      if (++count > containers)
        throw new JsonShapeError(`it holds more than ${containers} objects and arrays`);
    } else if (code === closeObject || code === closeArray) open--;
  }
}

/** Where the string that begins at `start` ends; -1 where it does not. */
function closingQuote(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let escapes = at;
    while (text.charCodeAt(escapes - 1) === backslash) escapes--;
    if ((at - escapes) % 2 === 0) return at;
  }
  return -1;
}
