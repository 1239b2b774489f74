import { NetwardenError } from '../common/errors.js';
import type { ListEntry } from './list-entry.schema.js';

export class ListEntryUnknownError extends NetwardenError {
  readonly code = 'LIST_ENTRY_UNKNOWN';

  constructor(id: string) {
    super(`There is no list entry '${id}'. GET /v1/admin/lists shows them.`);
  }
}

export class ListEntryOpposedError extends NetwardenError {
  readonly code = 'LIST_ENTRY_OPPOSED';

  constructor(entry: ListEntry) {
    super(
      `The ${entry.match} ${entry.value} ${opposed(entry)}. Remove that entry first, or send replace: true.`,
    );
  }
}

/** Says which entry is in the way of another. */
export function opposed({
  _id,
  list,
  author,
}: Pick<ListEntry, '_id' | 'list'> & { author?: string }): string {
  return `is on the ${list} list${author === undefined ? ' a few lines before' : ` by ${author}`} (entry ${_id})`;
}

export class ListsFullError extends NetwardenError {
  readonly code = 'LISTS_FULL';

  constructor(held: number, more: number, most: number) {
    super(
      `The lists hold ${held} entries and ${more} more are too many: ${most} is the most. Remove some first, or list ` +
        'domains and networks in place of single addresses.',
    );
  }
}

/** Some of many entries are stored, for the database went away in between. */
export class ListsHalfWrittenError extends NetwardenError {
  readonly code = 'DATABASE_UNAVAILABLE';
  override readonly details: Readonly<Record<string, unknown>>;

  constructor(stored: number, of: number, cause: Error) {
    super(
      `The first ${stored} of ${of} entries are stored, and no more: ${cause.message}. Sending all again adds the rest.`,
    );
    this.details = { stored, of };
  }
}
