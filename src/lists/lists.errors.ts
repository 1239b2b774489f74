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

  constructor({ _id, list, match, value, author }: ListEntry) {
    super(
      `The ${match} ${value} is on the ${list} list by ${author} (entry ${_id}). Remove that entry first, or send ` +
        'replace: true.',
    );
  }
}
