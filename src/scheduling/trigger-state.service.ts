import { Injectable } from '@nestjs/common';
import type { Contract } from '../detector/contract.js';
import { Allowance, type Budget } from './allowance.service.js';
import type { DriftSample } from './drift-samples.service.js';
import type { HeldTrigger } from './trigger-check.schema.js';
import { TriggerChecksRepository } from './trigger-checks.repository.js';
import { type NewRecords, TriggerFindings } from './trigger-findings.service.js';

/** How near a detector is to being trained for new records or for drift. */
export interface TriggerState {
  /** As of now; `limit` null where they start nothing. */
  readonly newRecords: NewRecords & { readonly limit: number | null };
  /** As of the last check. */
  readonly drift: { readonly limit: number | null; readonly samples: readonly DriftSample[] };
  readonly coolDownUntil: Date | null;
  readonly budget: Budget;
  /** When it was last looked whether something asks for a run; null where it never was. */
  readonly checkedAt: Date | null;
  /** What asked for a run then and got none. */
  readonly held: HeldTrigger | null;
}

@Injectable()
export class TriggerStates {
  constructor(
    private readonly findings: TriggerFindings,
    private readonly allowance: Allowance,
    private readonly checks: TriggerChecksRepository,
  ) {}

  async of(contract: Contract): Promise<TriggerState> {
    const { detector, retraining } = contract;
    const [newRecords, coolDownUntil, budget, check] = await Promise.all([
      this.findings.newRecords(detector),
      this.allowance.coolDownUntil(contract),
      this.allowance.budget(contract),
      this.checks.find(detector),
    ]);
    return {
      newRecords: { ...newRecords, limit: retraining.newRecords },
      drift: { limit: retraining.drift, samples: check?.drift ?? [] },
      coolDownUntil,
      budget,
      checkedAt: check?.at ?? null,
      held: check?.held ?? null,
    };
  }
}
