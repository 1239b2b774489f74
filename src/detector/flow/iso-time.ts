const pattern =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s*(?:Z|([+-])(\d\d):?(\d\d))?$/;

/**
 * Seconds since the epoch of an ISO 8601 time, to the microsecond (`Date` keeps milliseconds and refuses `+0200`).
 * UTC where it names no zone; NaN where it is none.
 */
export function isoSeconds(text: string): number {
  const parts = pattern.exec(text);
  if (!parts) return NaN;
  const [month, day, hour, minute, second] = [+parts[2], +parts[3], +parts[4], +parts[5], +parts[6]];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return NaN;
  const offset = parts[8] ? (parts[8] === '-' ? -1 : 1) * (+parts[9] * 3600 + +parts[10] * 60) : 0;
  const whole = Date.UTC(+parts[1], month - 1, day, hour, minute, second) / 1000 - offset;
  // Added as an integer, so that 57.272281 s is the double nearest to it and not one beside it.
  return parts[7] ? (whole * 1e6 + Math.round(+`0.${parts[7]}` * 1e6)) / 1e6 : whole;
}
