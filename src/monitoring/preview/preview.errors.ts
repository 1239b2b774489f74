import { NetwardenError } from '../../common/errors.js';

/** Two versions cannot read the same records. */
export class VersionsNotComparableError extends NetwardenError {
  readonly code = 'VERSIONS_NOT_COMPARABLE';

  constructor(detector: string, champion: number, version: number) {
    super(
      `Versions ${champion} and ${version} of ${detector} cannot be asked about the same records: one of them has ` +
        'other features than the contract has now.',
    );
  }
}

export class NothingToPreviewError extends NetwardenError {
  readonly code = 'NOT_ENOUGH_DATA';

  constructor(detector: string) {
    super(
      `There are neither logged predictions nor test records of ${detector} to ask about. Score some, or push ` +
        `labelled ones: netwarden data push ${detector} FILE`,
    );
  }
}

/** No worker thread was free for too long. */
export class ComputeBusyError extends NetwardenError {
  readonly code = 'COMPUTE_BUSY';

  constructor(seconds: number) {
    super(
      `All worker threads have been busy for ${seconds} s, with training perhaps. Try again later, or on another process.`,
    );
  }
}
