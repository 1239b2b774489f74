import { dayStart } from '../../../detector/flow/iso-time.js';

/** What stands first in a date with slashes. */
export type DayOrder = 'day' | 'month';

const pattern = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}),? (\d{1,2}):(\d\d)(?::(\d\d))?(\.\d+)?\s*([AP]M)?$/i;

/** Seconds since the epoch of `3/7/2017 8:55:58 PM`, in UTC; NaN where there is no such time. */
export function slashedSeconds(text: string, order: DayOrder): number {
  const parts = pattern.exec(text.trim());
  if (!parts) return NaN;
  const [first, second, year, hour, minute] = parts.slice(1, 6).map(Number);
  const [day, month] = order === 'day' ? [first, second] : [second, first];
  const seconds = Number(parts[6] ?? 0) + Number(parts[7] ?? 0);
  const half = parts[8]?.toUpperCase();
  if (minute > 59 || seconds >= 61 || (half ? hour < 1 || hour > 12 : hour > 23)) return NaN;
  const hours = half ? (hour % 12) + (half === 'PM' ? 12 : 0) : hour;
  return dayStart(year, month, day) + hours * 3600 + minute * 60 + seconds;
}

/** Whether a text is a date with slashes, possible or not. */
export function isSlashed(text: string): boolean {
  return pattern.test(text.trim());
}

export interface OrderFound {
  /** Null where the column mixes both: then nothing is known of any of its dates. */
  readonly order: DayOrder | null;
  /** Whether a date shows it; otherwise each may be read either way. */
  readonly isProven: boolean;
}

/** The order of a column, by the dates of it that can be read in one way only; by day first where there is none. */
export function dayOrderOf(texts: readonly string[]): OrderFound {
  let [dayFirst, monthFirst] = [false, false];
  for (const text of texts) {
    const [byDay, byMonth] = [slashedSeconds(text, 'day'), slashedSeconds(text, 'month')];
    dayFirst ||= !Number.isNaN(byDay) && Number.isNaN(byMonth);
    monthFirst ||= Number.isNaN(byDay) && !Number.isNaN(byMonth);
  }
  if (dayFirst && monthFirst) return { order: null, isProven: true };
  const isReadEitherWay = texts.some((text) => slashedSeconds(text, 'day') !== slashedSeconds(text, 'month'));
  return { order: monthFirst ? 'month' : 'day', isProven: dayFirst || monthFirst || !isReadEitherWay };
}
