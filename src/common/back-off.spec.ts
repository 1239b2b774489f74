import { backOffMs, retryAfterMs } from './back-off.js';

describe('the wait before another try', () => {
  const pauses = { firstMs: 250, longestMs: 30_000 };

  it('doubles with each failure up to the longest, half of it by chance', () => {
    const waits = [1, 2, 3, 8, 99, 5000].map((failures) => backOffMs(failures, pauses, () => 1));
    expect(waits).toEqual([250, 500, 1000, 30_000, 30_000, 30_000]);
    expect([1, 99].map((failures) => backOffMs(failures, pauses, () => 0))).toEqual([125, 15_000]);
  });

  it.each([
    ['7', 7000],
    [' 7 ', 7000],
    ['0', 0],
    ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['86400', 3_600_000],
    ['soon', null],
    ['', null],
    [null, null],
    [undefined, null],
  ])('is at most an hour where the other side asks for %j', (header, ms) => {
    expect(retryAfterMs(header, 3_600_000, Date.parse('2026-03-01T12:00:00Z'))).toBe(ms);
  });
});
