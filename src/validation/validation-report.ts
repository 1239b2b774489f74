import type { DriftTable } from '../ml/drift.js';

export type CheckStatus = 'passed' | 'warned' | 'failed';

/** One expectation with what was found. */
export interface ValidationCheck {
  readonly name: string;
  readonly status: CheckStatus;
  /** What was found, for a person. */
  readonly message: string;
  /** The column it is about; absent for checks of the whole snapshot. */
  readonly column?: string;
  /** The figure that was checked. */
  readonly observed?: number;
  /** The contract's bound that decided it. */
  readonly limit?: number;
}

/** What validation found in a snapshot. A failed check stops the run; a warning is kept. */
export interface ValidationReport {
  readonly detector: string;
  readonly fingerprint: string;
  readonly status: CheckStatus;
  readonly rows: number;
  readonly threats: number;
  /** Rows whose feature vector and label occurred before. */
  readonly duplicates: number;
  readonly checks: readonly ValidationCheck[];
  /** Against the champion's reference; null while there is no champion. */
  readonly drift: DriftTable | null;
}

/** The worst status of a list of checks. */
export function worstOf(checks: readonly ValidationCheck[]): CheckStatus {
  if (checks.some(({ status }) => status === 'failed')) return 'failed';
  return checks.some(({ status }) => status === 'warned') ? 'warned' : 'passed';
}
