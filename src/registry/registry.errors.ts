import { type InputFault, NetwardenError } from '../common/errors.js';
import type { Alias } from './deployment.schema.js';
import type { ModelVersion } from './model-version.schema.js';

export class VersionUnknownError extends NetwardenError {
  readonly code = 'VERSION_UNKNOWN';

  constructor(detector: string, version: number | string) {
    super(
      `${detector} has no model version ${version}. GET /v1/admin/models/${detector}/versions lists them.`,
    );
  }
}

/** A version whose bundle and model card were deleted, or are just being; only its row is left. */
export class VersionPrunedError extends NetwardenError {
  readonly code = 'VERSION_PRUNED';

  constructor({ detector, version, pruned }: Pick<ModelVersion, 'detector' | 'version' | 'pruned'>) {
    const how = pruned
      ? `was pruned at ${pruned.at.toISOString()} by ${pruned.by} (${pruned.reason})`
      : 'is being pruned';
    super(`Version ${version} of ${detector} ${how}: its bundle is deleted, and it cannot serve any more.`);
  }
}

/** Someone else moved the alias first. */
export class ChampionChangedError extends NetwardenError {
  readonly code = 'CHAMPION_CHANGED';

  constructor(detector: string, expected: number | null, actual: number | null) {
    super(`The champion of ${detector} is ${actual ?? 'not set'}, not ${expected ?? 'unset'} as expected.`);
    this.details = { actualChampion: actual };
  }

  override readonly details: Readonly<Record<string, unknown>>;
}

/** There is nothing to try on the version that serves. */
export class AlreadyChampionError extends NetwardenError {
  readonly code = 'ALREADY_CHAMPION';

  constructor(detector: string, version: number) {
    super(`Version ${version} is the champion of ${detector} already; a challenger is another version.`);
  }
}

/** A move that would leave everything as it is; the ledger has no entry of such. */
export class NothingToMoveError extends NetwardenError {
  readonly code = 'NOTHING_TO_MOVE';

  constructor(detector: string, alias: Alias, version: number | null) {
    super(
      version === null
        ? `${detector} has no ${alias}: there is nothing to end.`
        : `Version ${version} is the ${alias} of ${detector} already, in just this way: nothing would change.`,
    );
  }
}

export class NothingToRollBackError extends NetwardenError {
  readonly code = 'NOTHING_TO_ROLL_BACK';

  constructor(detector: string, servedAt?: Date) {
    const when = servedAt ? `at ${servedAt.toISOString()}` : 'before the present champion';
    super(`No version of ${detector} served ${when}. Name the version to go back to.`);
  }
}

/** A worker that has been replaced by a later one wants to write. */
export class FencedOffError extends NetwardenError {
  readonly code = 'FENCED_OFF';

  constructor(detector: string, token: number) {
    super(`Another worker has taken over ${detector}: what the one with token ${token} does counts no more.`);
  }
}

/** A stored bundle is not what was stored; it is refused, and what served before goes on serving. */
export class BundleDamagedError extends NetwardenError {
  readonly code = 'BUNDLE_DAMAGED';

  constructor(readonly reason: string) {
    super(`The model bundle is refused: ${reason}.`);
  }
}

/** A bundle from elsewhere that cannot become a version here. Nothing of it is stored. */
export class BundleRefusedError extends NetwardenError {
  readonly code = 'BUNDLE_REFUSED';

  constructor(
    reason: string,
    override readonly errors: readonly InputFault[] = [],
  ) {
    super(`The bundle cannot be imported: ${reason}.`);
  }
}

export class BundleTooLargeError extends NetwardenError {
  readonly code = 'INPUT_TOO_LARGE';

  constructor(limit: number) {
    super(
      `The bundle is larger than ${Math.round(limit / 2 ** 20)} MB (BUNDLE_LIMIT_MB). Nothing is stored.`,
    );
  }
}

/** A body is not what its Content-Digest header (RFC 9530) says. */
export class DigestMismatchError extends NetwardenError {
  readonly code = 'DIGEST_MISMATCH';

  constructor() {
    super('The body does not have the sha-256 of its Content-Digest header: it was damaged on the way.');
  }
}
