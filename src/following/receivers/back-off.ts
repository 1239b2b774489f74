const [firstMs, longestMs] = [250, 30_000];

/**
 * How long to wait behind a number of failures in a row, milliseconds: twice as long each time, up to 30 s, of which a
 * random half is left out, so that many senders do not come back at once.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ (equal jitter)
 * @param failures from 1 on
 */
export function backOffMs(failures: number, random: () => number = Math.random): number {
  const whole = Math.min(longestMs, firstMs * 2 ** (failures - 1));
  return whole / 2 + (whole / 2) * random();
}
