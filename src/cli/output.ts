/** Writes a command's result: JSON for machines, or the text that `show` makes of it for people. */
export function print<T>(result: T, json: boolean | undefined, show: (result: T) => string): void {
  process.stdout.write(`${json ? JSON.stringify(result) : show(result)}\n`);
}

/** Columns side by side, numbers to the right. */
export function table(
  header: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  const cells = rows.map((row) => row.map((cell) => (cell === null ? '-' : String(cell))));
  const widths = header.map((name, j) => Math.max(name.length, ...cells.map((row) => row[j].length)));
  const line = (row: readonly string[], source?: readonly unknown[]): string =>
    row
      .map((cell, j) => (typeof source?.[j] === 'number' ? cell.padStart(widths[j]) : cell.padEnd(widths[j])))
      .join('  ')
      .trimEnd();
  return [
    line(header),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...cells.map((row, i) => line(row, rows[i])),
  ].join('\n');
}

/** A figure with four decimals, or a dash. */
export function figure(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : value.toFixed(4);
}

/** A number of rows with its interval, rounded to rows. */
export function rowsWithInterval(
  rows: number,
  interval: readonly [number, number] | null | undefined,
): string {
  return interval ? `${rows} [${interval.map(Math.round).join(', ')}]` : String(rows);
}

/** A figure with its interval. */
export function withInterval(
  value: number | null | undefined,
  interval: readonly [number, number] | null | undefined,
): string {
  return interval ? `${figure(value)} [${figure(interval[0])}, ${figure(interval[1])}]` : figure(value);
}
