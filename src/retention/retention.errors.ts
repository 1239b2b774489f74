import { NetwardenError } from '../common/errors.js';

/** Another process applies the policy just now. */
export class RetentionRunningError extends NetwardenError {
  readonly code = 'RETENTION_RUNNING';

  constructor() {
    super('The retention policy is being applied at the moment. Try again when that is over.');
  }
}
