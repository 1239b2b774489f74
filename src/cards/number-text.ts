/** Numbers as a card's text has them. */

export function figure(value: number | null | undefined, digits = 4): string {
  return value === null || value === undefined ? '–' : value.toFixed(digits);
}

export function withInterval(
  value: number | null | undefined,
  interval: readonly [number, number] | null | undefined,
): string {
  return interval ? `${figure(value)} (${figure(interval[0])}–${figure(interval[1])})` : figure(value);
}

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : value.toLocaleString('en-US');
}

export function countWithInterval(
  value: number | null | undefined,
  interval: readonly [number, number] | null | undefined,
): string {
  return interval
    ? `${count(value)} (${count(Math.round(interval[0]))}–${count(Math.round(interval[1]))})`
    : count(value);
}

export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Bytes in the unit that leaves the fewest digits. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** An ISO 8601 moment to the minute. */
export function moment(at: string | Date): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
