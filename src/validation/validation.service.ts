import { Injectable } from '@nestjs/common';
import { ComputeService, type WorkContext } from '../compute/compute.service.js';
import type { Contract } from '../detector/contract.js';
import type { Snapshot } from '../detector/dataset.js';
import type { ReferenceProfile } from '../ml/reference-profile.js';
import type { ValidationInput } from './validate.task.js';
import { ValidationFailedError } from './validation.errors.js';
import type { ValidationReport } from './validation-report.js';

const task = new URL('./validate.task.js', import.meta.url);

/** Checks a snapshot against its contract and against what the champion was trained on. */
@Injectable()
export class ValidationService {
  constructor(private readonly compute: ComputeService) {}

  validate(
    contract: Contract,
    snapshot: Snapshot,
    reference: ReferenceProfile | null,
    context: WorkContext,
  ): Promise<ValidationReport> {
    const comparable = reference && sameColumns(contract, reference) ? reference : null;
    return this.compute.run<ValidationInput, ValidationReport>(
      task,
      { contract, snapshot, reference: comparable },
      context,
    );
  }

  /** The report itself. @throws ValidationFailedError when a check failed. */
  requirePassed(report: ValidationReport): ValidationReport {
    if (report.status === 'failed') throw new ValidationFailedError(report);
    return report;
  }
}

/** Drift compares columns by place, so a contract with other features has nothing to compare with. */
function sameColumns(contract: Contract, reference: ReferenceProfile): boolean {
  const names = reference.columns.map(({ name }) => name);
  return (
    names.length === contract.features.length && contract.features.every(({ name }, i) => name === names[i])
  );
}
