import { type InputFault, RequestInvalidError } from '../common/errors.js';
import type { TrialMode } from './challenger-mode.js';
import type { Deployment } from './deployment.schema.js';
import type { MoveConditions } from './deployments.repository.js';

/**
 * Who asks for a move, why, and what they believe the state to be. Without `expectedChampion` the move is made
 * whatever serves.
 */
export interface MoveOrder extends MoveConditions {
  readonly actor: string;
  readonly reason?: string;
}

/** How a challenger is to be tried; without a mode it waits. */
export interface ChallengeOrder extends MoveOrder {
  readonly mode?: TrialMode;
  /** Share of the traffic that a canary answers, above 0 and at most 1. */
  readonly share?: number;
}

/** What to go back to: a version, or what served at a moment; without either what served before the champion. */
export interface RollbackTarget {
  readonly version?: number;
  readonly servedAt?: Date;
}

/** What a move would do. */
export interface MovePreview extends Pick<
  Deployment,
  'detector' | 'alias' | 'kind' | 'from' | 'to' | 'mode' | 'share'
> {
  readonly dryRun: true;
  readonly checks: readonly { readonly name: string; readonly passed: boolean; readonly message: string }[];
}

/** @throws RequestInvalidError when a challenge makes no sense */
export function requireSensible(version: number | null, { mode, share }: ChallengeOrder): void {
  const faults: InputFault[] = [];
  if (version === null && mode) faults.push({ path: 'mode', message: 'needs a version to try' });
  if (mode !== 'canary' && share !== undefined) {
    faults.push({ path: 'share', message: 'is of a canary; other challengers answer nothing' });
  }
  if (mode === 'canary' && !(share !== undefined && share > 0 && share <= 1)) {
    faults.push({ path: 'share', message: 'of a canary must be above 0 and at most 1' });
  }
  if (faults.length > 0) throw new RequestInvalidError(faults);
}
