import { createHash } from 'node:crypto';
import type { TrialMode } from '../registry/challenger-mode.js';
import type { LoadedVersion } from './loaded-version.js';

/** A challenger that is tried beside the champion. */
export interface Trial {
  readonly challenger: LoadedVersion;
  readonly mode: TrialMode;
  /** Share of the keys that a canary answers. */
  readonly share: number;
}

/**
 * What serves a detector. It never changes: a swap puts another one in its place, so that a request which took one
 * at its start is answered by its versions to the end.
 */
export interface Served {
  readonly champion: LoadedVersion;
  readonly trial: Trial | null;
}

/** Whether a canary answers what has this key: the same on every replica, and still so under a larger share. */
export function takesCanary({ mode, share, challenger }: Trial, key: string): boolean {
  return mode === 'canary' && pointOf(`${challenger.contract.detector}/${challenger.version}`, key) < share;
}

/** A key's place in [0, 1), uniform over keys: 48 bits of a SHA-256. Each challenger gets keys of its own. */
function pointOf(challenger: string, key: string): number {
  return createHash('sha256').update(`${challenger}\n${key}`).digest().readUIntBE(0, 6) / 2 ** 48;
}
