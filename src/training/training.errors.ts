import { NetwardenError } from '../common/errors.js';

export class RunUnknownError extends NetwardenError {
  readonly code = 'RUN_UNKNOWN';

  constructor(run: string) {
    super(`There is no training run '${run}'. GET /v1/training-runs lists them.`);
  }
}

export class RunFinishedError extends NetwardenError {
  readonly code = 'RUN_FINISHED';

  constructor(run: string, status: string) {
    super(`The training run ${run} has ${status === 'cancelled' ? 'been cancelled' : status} already.`);
  }
}

export class RunCancelledError extends NetwardenError {
  readonly code = 'RUN_CANCELLED';

  constructor() {
    super('The run was cancelled.');
  }
}

export class CandidateUnknownError extends NetwardenError {
  readonly code = 'CANDIDATE_UNKNOWN';

  constructor(detector: string, candidate: string, known: readonly string[]) {
    super(`The contract of ${detector} has no candidate '${candidate}'. It has: ${known.join(', ')}.`);
  }
}

export class ReportNotReadyError extends NetwardenError {
  readonly code = 'REPORT_NOT_READY';

  constructor(run: string) {
    super(`The training run ${run} has no validation report (yet): it did not get that far.`);
  }
}
