import { type Command, InvalidArgumentError } from 'commander';

export function commaList(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** Parses a whole number of at least `min` and at most `max`. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`must be a whole number from ${min} to ${max}`);
  };
}

export function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('must be a number');
}

/** Parses a date, with or without a time, as ISO 8601 writes it. */
export function moment(text: string): Date {
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? new Date(text) : new Date(NaN);
  if (!Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError('must be a time such as 2026-03-01T12:00:00Z');
}

const spans: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000 };

/** Parses a time from now, such as `90d`, `4h` or `30m`, or a date; both have to lie ahead. */
export function momentAhead(text: string): Date {
  const [, count, unit] = /^(\d{1,5})([dhm])$/.exec(text) ?? [];
  const moment = count === undefined ? new Date(text) : new Date(Date.now() + Number(count) * spans[unit]);
  if (moment.getTime() > Date.now()) return moment;
  throw new InvalidArgumentError('must be a time from now, such as 90d or 4h, or a date that lies ahead');
}

export interface PageOptions {
  readonly page: number;
  readonly pageSize: number;
  readonly json?: boolean;
}

/** The options of every list. */
export function pageOptions(command: Command): Command {
  return command
    .option('--page <n>', 'page, counted from 1', wholeNumber(1), 1)
    .option('--page-size <n>', 'entries a page', wholeNumber(1, 200), 20)
    .option('--json', 'print the result as JSON');
}
