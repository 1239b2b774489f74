/** How the pauses between tries grow, milliseconds. */
export interface BackOff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * How long to wait behind a number of failures in a row, milliseconds: twice as long each time, up to the longest, of
 * which a random half is left out, so that many senders do not come back at once.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ (equal jitter)
 * @param failures from 1 on
 */
export function backOffMs(failures: number, { firstMs, longestMs }: BackOff, random = Math.random): number {
  const whole = Math.min(longestMs, firstMs * 2 ** (failures - 1));
  return whole / 2 + (whole / 2) * random();
}

/**
 * How long the header `retry-after` asks to wait, milliseconds: seconds or a date (RFC 9110, 10.2.3); null where there
 * is none, or none that can be read.
 * @param longestMs a server that asks for more patience than this is asked earlier all the same
 */
export function retryAfterMs(
  header: string | null | undefined,
  longestMs: number,
  now = Date.now(),
): number | null {
  if (header === null || header === undefined) return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(0, ms), longestMs);
}
