import { type InputFault, NetwardenError } from '../common/errors.js';
import type { ValidationReport } from './validation-report.js';

/** The snapshot failed a check of its contract; nothing is trained on it. */
export class ValidationFailedError extends NetwardenError {
  readonly code = 'VALIDATION_FAILED';
  override readonly errors: readonly InputFault[];

  constructor(report: ValidationReport) {
    const failed = report.checks.filter(({ status }) => status === 'failed');
    const faults = failed.map(({ name, column, message }) => ({ path: column ?? name, message }));
    super(
      `The data of ${report.detector} failed ${failed.length} of ${report.checks.length} checks: ` +
        faults
          .slice(0, 5)
          .map(({ path, message }) => `${path}: ${message}`)
          .join('; '),
    );
    this.errors = faults;
  }
}
