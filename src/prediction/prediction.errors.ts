import { NetwardenError } from '../common/errors.js';
import type { Contract } from '../detector/contract.js';

/** A detector has no version that could score. */
export class ModelUnavailableError extends NetwardenError {
  readonly code = 'MODEL_UNAVAILABLE';

  constructor(detector: string, reason: string) {
    super(`${detector} has no model to score with: ${reason.replace(/\.$/, '')}.`);
  }
}

/** How a detector without a version gets one. */
export function wayToAModel({ detector, source: { bundled, baseline } }: Contract): string {
  const train = `netwarden train ${detector}`;
  if (baseline !== undefined) {
    return (
      `the one that comes with the program is imported by the first start of the server, or by commands that score, unless ` +
      `BOOTSTRAP is off; or train one: ${train}`
    );
  }
  if (bundled === undefined) return `train one: ${train}`;
  return (
    `the first start of the server trains one from the data that comes with the program; or do it yourself: ` +
    `netwarden data push ${detector} ${bundled}, then ${train}`
  );
}

export class NothingToEvaluateError extends NetwardenError {
  readonly code = 'NOT_ENOUGH_DATA';

  constructor(rejected: number) {
    super(
      `No row of the file fits the contract (${rejected} were rejected), so there is nothing to measure.`,
    );
  }
}
