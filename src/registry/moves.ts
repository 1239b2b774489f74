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

/** What to go back to: a version, or what served at a moment; without either what served before the champion. */
export interface RollbackTarget {
  readonly version?: number;
  readonly servedAt?: Date;
}

/** What a move would do. */
export interface MovePreview extends Pick<Deployment, 'detector' | 'alias' | 'kind' | 'from' | 'to'> {
  readonly dryRun: true;
  readonly checks: readonly { readonly name: string; readonly passed: boolean; readonly message: string }[];
}
