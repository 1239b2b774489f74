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
    const verb = status === 'cancelled' || status === 'skipped' ? 'been ' : '';
    super(`The training run ${run} has ${verb}${status} already.`);
  }
}

export class RunCancelledError extends NetwardenError {
  readonly code = 'RUN_CANCELLED';

  constructor() {
    super('The run was cancelled.');
  }
}

/** The contract bounds how long a run may take. */
export class RunOutOfTimeError extends NetwardenError {
  readonly code = 'RUN_OUT_OF_TIME';

  constructor(minutes: number) {
    super(`The run was not done within ${minutes} minutes, the contract's training.maxMinutes.`);
  }
}

/** The worker must leave its run, which goes back into the queue. */
export class RunGivenBackError extends Error {
  override readonly name = 'RunGivenBackError';
}

export class IdempotencyKeyReusedError extends NetwardenError {
  readonly code = 'IDEMPOTENCY_KEY_REUSED';

  constructor(run: string) {
    super(`The idempotency key belongs to another request, the one that started the training run ${run}.`);
  }
}

/** Too many runs wait; more of them would not be made sooner. */
export class QueueFullError extends NetwardenError {
  readonly code = 'QUEUE_FULL';

  constructor(detector: string, waiting: number) {
    super(
      `${waiting} training runs of ${detector} wait already. Ask again when one of them has begun, or cancel one with ` +
        'POST /v1/training-runs/{id}/cancel; GET /v1/training-runs lists them.',
    );
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
