import { NetwardenError } from '../common/errors.js';
import type { Role } from './roles.js';

export class KeyMissingError extends NetwardenError {
  readonly code = 'KEY_MISSING';

  constructor() {
    super(
      'This route needs an API key, in the x-api-key header or as a bearer token. `netwarden keys create` makes ' +
        'one; a first start with the embedded database leaves an admin key in the file admin.key of DATA_DIR.',
    );
  }
}

/** One answer for whatever is wrong with a key, so that guesses learn nothing. */
export class KeyRefusedError extends NetwardenError {
  readonly code = 'KEY_REFUSED';

  constructor() {
    super(
      'The API key is not valid: it is unknown, revoked, expired or damaged. An admin sees which with `netwarden keys list`.',
    );
  }
}

export class RoleTooLowError extends NetwardenError {
  readonly code = 'ROLE_TOO_LOW';

  constructor(what: string, needed: Role, role: Role) {
    super(`${what} needs the role ${needed}; this API key has the role ${role}.`);
  }
}

export class DetectorOutOfScopeError extends NetwardenError {
  readonly code = 'DETECTOR_OUT_OF_SCOPE';

  /** `detector` is null for what concerns all of them. */
  constructor(detector: string | null) {
    super(
      detector === null
        ? 'This route concerns all detectors; this API key is for some of them only.'
        : `This API key is not for the detector ${detector}.`,
    );
  }
}

export class KeyUnknownError extends NetwardenError {
  readonly code = 'KEY_UNKNOWN';

  constructor(id: string) {
    super(`There is no API key '${id}'. GET /v1/admin/keys lists them.`);
  }
}

export class ForeignOriginError extends NetwardenError {
  readonly code = 'FOREIGN_ORIGIN';

  constructor(from: string) {
    super(
      `AUTH=off answers this machine only, under the names localhost and 127.0.0.1; this request comes from ${from}. ` +
        'With AUTH=on the service may be reached from elsewhere.',
    );
  }
}
