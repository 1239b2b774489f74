import type { InputAccount } from '../ingestion/input-account.js';

/** How the rows of a file were read. */
export const accountHeaderName = 'x-input';

/** Columns of each kind that are named: proxies allow a header some kilobytes. */
const mostColumns = 20;
const longestName = 60;

/** The account as JSON in ASCII, the first columns of each kind; null where there is nothing to say. */
export function accountHeader({ columns, leftOut, ...rest }: InputAccount): string | null {
  const account = {
    ...rest,
    ...(columns && { columns: columns.slice(0, mostColumns) }),
    ...(leftOut && { leftOut: leftOut.slice(0, mostColumns) }),
  };
  if (Object.keys(account).length === 0) return null;
  const text = JSON.stringify(account, (_, value: unknown) =>
    typeof value === 'string' ? value.slice(0, longestName) : value,
  );
  return text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
