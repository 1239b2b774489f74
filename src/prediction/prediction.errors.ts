import { NetwardenError } from '../common/errors.js';

/** A detector has no version that could score. */
export class ModelUnavailableError extends NetwardenError {
  readonly code = 'MODEL_UNAVAILABLE';

  constructor(detector: string, reason: string) {
    super(`${detector} has no model to score with: ${reason.replace(/\.$/, '')}.`);
  }
}

export class NothingToEvaluateError extends NetwardenError {
  readonly code = 'NOT_ENOUGH_DATA';

  constructor(rejected: number) {
    super(
      `No row of the file fits the contract (${rejected} were rejected), so there is nothing to measure.`,
    );
  }
}
