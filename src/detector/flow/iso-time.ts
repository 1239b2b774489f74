const [plus, comma, minus, dot, nine, zero] = [43, 44, 45, 46, 57, 48];
/** The Line Islands are 14 hours ahead of UTC. */
const farthestZone = 14 * 3600;

/**
 * Seconds since the epoch of an ISO 8601 time, to the microsecond (`Date` keeps milliseconds and refuses `+0200`), its
 * date with hyphens or slashes. UTC where it names no zone; NaN where it is none, or a day that no month has. Read digit
 * by digit: a log has three of them a line.
 */
export function isoSeconds(text: string): number {
  if ((text[4] !== '-' && text[4] !== '/') || text[7] !== text[4] || (text[10] !== 'T' && text[10] !== ' '))
    return NaN;
  if (text[13] !== ':' || text[16] !== ':') return NaN;
  const [month, day] = [digits(text, 5, 2), digits(text, 8, 2)];
  const [hour, minute, second] = [digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2)];
  // NaN, of what are no digits, is within nothing.
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return NaN;
  const end = fractionEnd(text);
  const whole =
    dayStart(digits(text, 0, 4), month, day) + hour * 3600 + minute * 60 + second - zone(text, end);
  if (end === 19) return whole;
  // Added as an integer, so that 57.272281 s is the double nearest to it and not one beside it.
  const micros = Math.round((digits(text, 20, end - 20) / 10 ** (end - 20)) * 1e6);
  return (whole * 1e6 + micros) / 1e6;
}

/** Seconds since the epoch at which a day begins in UTC; NaN where there is no such day. */
export function dayStart(year: number, month: number, day: number): number {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31)) return NaN;
  if (day > 28 && day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return NaN;
  return Date.UTC(year, month - 1, day) / 1000;
}

/** The number that `count` characters are; NaN where one is no digit. */
function digits(text: string, from: number, count: number): number {
  let value = 0;
  for (let i = from; i < from + count; i++) {
    const code = text.charCodeAt(i);
    if (!(code >= zero && code <= nine)) return NaN;
    value = value * 10 + code - zero;
  }
  return value;
}

/** Behind the seconds and up to nine digits of their fraction. */
function fractionEnd(text: string): number {
  const mark = text.charCodeAt(19);
  if (mark !== dot && mark !== comma) return 19;
  let end = 20;
  while (end < 29 && !Number.isNaN(digits(text, end, 1))) end++;
  return end === 20 ? 19 : end;
}

/** Seconds that the zone at the end is ahead of UTC; NaN where something else stands there. */
function zone(text: string, from: number): number {
  while (text[from] === ' ') from++;
  if (from === text.length || (text[from] === 'Z' && from + 1 === text.length)) return 0;
  const sign = text.charCodeAt(from);
  const minutes = text[from + 3] === ':' ? from + 4 : from + 3;
  if ((sign !== plus && sign !== minus) || text.length !== minutes + 2) return NaN;
  const ahead = digits(text, from + 1, 2) * 3600 + digits(text, minutes, 2) * 60;
  if (ahead > farthestZone) return NaN;
  return sign === minus ? -ahead : ahead;
}
