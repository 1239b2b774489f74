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
