/*
 * Markdown as GitHub renders it, put together so that a text can never become markup: whatever is not a `Markdown`
 * already is escaped where it is put in.
 */

/** Text that is markup already. */
export class Markdown {
  constructor(readonly text: string) {}
}

/** What stands in a sentence or a cell; null is a dash. */
export type Inline = string | number | null | Markdown;

/** A template for markup: what is put in is escaped unless it is markup. */
export function markup(strings: TemplateStringsArray, ...values: readonly Inline[]): Markdown {
  return new Markdown(strings.reduce((text, part, i) => text + inline(values[i - 1]).text + part));
}

export function inline(value: Inline): Markdown {
  if (value instanceof Markdown) return value;
  return new Markdown(value === null ? '–' : escape(String(value)));
}

/**
 * Escapes what Markdown, HTML in it, a table's row or GitHub's formulas would take for markup. Line breaks and other
 * control characters, those that turn the direction of writing among them, become blanks.
 */
function escape(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_[\]<>|~&$]/g, '\\$&')
    .replace(/^[#+=-]+(?=\s|$)/, '\\$&')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
}

/** A web address as a link. */
export function link(address: string): Markdown {
  return new Markdown(`<${encodeURI(oneLine(address))}>`);
}

/** A name as code; one with a bar, which would end a table's cell even there, as text. */
export function code(text: string): Markdown {
  const plain = oneLine(text);
  if (plain.includes('|')) return inline(plain);
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  // Backticks at the ends would belong to the fence, and there is no code span of nothing.
  const pad = /^`|`$|^$/.test(plain) ? ' ' : '';
  return new Markdown(`${fence}${pad}${plain}${pad}${fence}`);
}

export function strong(value: Inline): Markdown {
  return markup`**${value}**`;
}

export function heading(level: 1 | 2 | 3, title: Inline): Markdown {
  return new Markdown(`${'#'.repeat(level)} ${inline(title).text}`);
}

export function bullets(items: readonly Inline[]): Markdown {
  return new Markdown(items.map((item) => `- ${inline(item).text}`).join('\n'));
}

/** Inline parts with `separator` between them. */
export function joined(parts: readonly Inline[], separator = ', '): Markdown {
  return new Markdown(parts.map((part) => inline(part).text).join(separator));
}

/** Blocks with an empty line between them. */
export function blocks(parts: readonly Markdown[]): Markdown {
  return new Markdown(parts.map(({ text }) => text).join('\n\n'));
}

/** A table; `align` has an l or an r a column. Cells are padded, so that it can be read unrendered as well. */
export function table(
  header: readonly Inline[],
  rows: readonly (readonly Inline[])[],
  align: string,
): Markdown {
  const cells = [header, ...rows].map((row) => row.map((cell) => inline(cell).text));
  const widths = header.map((_, j) => Math.max(3, ...cells.map((row) => [...row[j]].length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, j) => pad(cell, widths[j], align[j] === 'r')).join(' | ')} |`;
  const rule = widths.map((width, j) => (align[j] === 'r' ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return new Markdown([line(cells[0]), line(rule), ...cells.slice(1).map(line)].join('\n'));
}

/** Two columns without a header: what a thing is called and what it is. */
export function facts(rows: readonly (readonly [name: string, value: Inline])[]): Markdown {
  return table(['', ''], rows, 'll');
}

const eighths = '▁▂▃▄▅▆▇█';

/** A curve in one line of text: values from `low` to `high` as the height of a character each. */
export function sparkline(values: readonly number[], low = 0, high = 1): string {
  const height = (value: number): number => {
    const share = (value - low) / (high - low);
    return Math.min(eighths.length - 1, Math.max(0, Math.floor(share * eighths.length)));
  };
  return values.map((value) => eighths[height(value)]).join('');
}

/** A share of 1 as a bar of `width` characters. */
export function bar(share: number, width = 20): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}

function pad(text: string, width: number, right: boolean): string {
  const blanks = ' '.repeat(width - [...text].length);
  return right ? blanks + text : text + blanks;
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu, ' ').trim();
}
