/** Quotes and brackets that people and reports put around an address, by the code that opens one. */
const closing: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '`': '`',
  '<': '>',
  '(': ')',
  '{': '}',
  '\u2018': '\u2019',
  '\u201c': '\u201d',
  '\u00ab': '\u00bb',
};

/** Blanks, control characters and what is not seen at all: byte order marks, zero-width and direction marks. */
function isBlank(code: number): boolean {
  return (
    code <= 0x20 ||
    (code >= 0x7f && code <= 0xa0) ||
    code === 0x61c ||
    (code >= 0x2000 && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202f) ||
    (code >= 0x2066 && code <= 0x2069) ||
    code === 0x3000 ||
    code === 0xfeff
  );
}

/** What ends a sentence or a quotation, and closing brackets that nothing opened: no address ends with it. */
const loose: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...'.,;:!?\'"`\u2019\u201d\u00bb\u3002\uff0c\u3001'].map((char) => [char, ''])),
  ')': '(',
  ']': '[',
  '}': '{',
  '>': '<',
};

/** Whether an address can end without the character at `end - 1`: `opens` is looked for in all of the text. */
function isLoose(text: string, end: number): boolean {
  const code = text.charCodeAt(end - 1);
  // Most addresses end in a letter, a digit or a slash.
  if ((code >= 0x61 && code <= 0x7a) || (code >= 0x2f && code <= 0x39)) return false;
  const opens = loose[text[end - 1]];
  return opens !== undefined && (opens === '' || !text.includes(opens));
}

/** The text without slashes and the marks of a sentence at its end. */
export function dropLoose(text: string): string {
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) === 0x2f || isLoose(text, end))) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** A link of Markdown: what is shown, and where it leads. */
const markdownLink = /^!?\[[^\]]*\]\(\s*([^\s()]+(?:\([^\s()]*\)[^\s()]*)*)(?:\s+["'(][^"')]*["')])?\s*\)$/;

/**
 * The text without what surrounds it: blanks, pairs of quotes or brackets, a quote left over at the front, the marks of a
 * sentence at the end, the rest of a Markdown link, and the `URL:` that RFC 3986 (appendix C) mentions.
 */
export function unwrap(text: string): string {
  let from = 0;
  let to = text.length;
  for (;;) {
    while (from < to && isBlank(text.charCodeAt(from))) from++;
    while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
    const close = from < to ? closing[text[from]] : undefined;
    if (close !== undefined) {
      if (to - from > 1 && text[to - 1] === close) to--;
      from++;
    } else if (/^url:/i.test(text.slice(from, from + 4))) {
      from += 4;
    } else {
      break;
    }
  }
  const inner = from === 0 && to === text.length ? text : text.slice(from, to);
  const ended = withoutMarks(inner);
  const target = /^!?\[/.test(ended) ? linkTarget(ended) : null;
  return target === null ? ended : unwrap(target);
}

function withoutMarks(text: string): string {
  let end = text.length;
  while (end > 0 && (isLoose(text, end) || isBlank(text.charCodeAt(end - 1)))) end--;
  return end === text.length || end === 0 ? text : text.slice(0, end);
}

/** Where a Markdown link leads, or what stands in square brackets; null where it is neither. */
function linkTarget(text: string): string | null {
  const link = markdownLink.exec(text)?.[1];
  if (link !== undefined) return link;
  return /^\[[a-z]{3,5}:\/\/[^\]]*\]$/i.test(text) ? text.slice(1, -1) : null;
}

/** `hxxp`, `hXXps`, `h**p`, `htxp`, `meow`: schemes that were made harmless, before their colon. */
const defangedScheme = /^(?:h[tx*]{1,2}p|meow)(s?)(?=\s{0,2}(?::|\[:|[\\/]{2}))/i;
const defangedColon = /^([a-z]{2,5})\s?(?:\[:\]|\[:\/\/\]|:\[\/\/\]|\[:\]\[\/\/\])\s?(?:\/\/)?/i;
const bracketedDot = /\s?(?:\[\.\]|\(\.\)|\{\.\}|\[\.|\.\]|[[({]\s?dot\s?[\])}])\s?/gi;
const bracketedAt = /\s?[[({]\s?(?:@|at)\s?[\])}]\s?/gi;
const bracketedColon = /[[({]:[\])}]/g;
const bracketedSlash = /[[({]\/[\])}]/g;

/**
 * Undoes the spellings with which reports make an address harmless: `hxxp://`, `[.]`, `(dot)`, `[:]//`, `[@]`.
 * Dots in brackets count only where the host has some, for a path may hold them in earnest.
 */
export function refang(text: string): string {
  const code = text.charCodeAt(0) | 0x20;
  let live = text;
  if ((code === 0x68 && !text.startsWith('http')) || code === 0x6d)
    live = live.replace(defangedScheme, 'http$1');
  if (!/[[({]/.test(live)) return live;
  live = live.replace(defangedColon, '$1://');
  const head = /^(?:[a-z]{2,5}:[\\/]*)*[\\/]*[^\\/?#]*/i.exec(live)?.[0] ?? '';
  const scope = head.search(bracketedDot) < 0 ? head : live;
  const refanged = scope
    .replace(bracketedDot, '.')
    .replace(bracketedAt, '@')
    .replace(bracketedColon, ':')
    .replace(bracketedSlash, '/');
  return refanged + live.slice(scope.length);
}
