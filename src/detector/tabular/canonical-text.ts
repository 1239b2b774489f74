/** A finite number, or the number a text spells in full; undefined for anything else. */
export function toNumber(cell: unknown): number | undefined {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell + 0 : undefined;
  if (typeof cell !== 'string') return undefined;
  const text = cell.trim();
  if (!/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value + 0 : undefined;
}

/** `1`, `1.0` and ` 1 ` are one label; so are `Benign` and `benign`. */
export function canonicalText(text: string): string {
  const value = toNumber(text);
  return value === undefined ? text.trim().toLowerCase() : String(value);
}
