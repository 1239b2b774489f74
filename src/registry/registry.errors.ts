import { NetwardenError } from '../common/errors.js';

export class VersionUnknownError extends NetwardenError {
  readonly code = 'VERSION_UNKNOWN';

  constructor(detector: string, version: number | string) {
    super(
      `${detector} has no model version ${version}. GET /v1/admin/models/${detector}/versions lists them.`,
    );
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

export class NothingToRollBackError extends NetwardenError {
  readonly code = 'NOTHING_TO_ROLL_BACK';

  constructor(detector: string) {
    super(`No version of ${detector} served before the present champion. Name the version to go back to.`);
  }
}

/** A stored bundle is not what was stored; it is refused, and what served before goes on serving. */
export class BundleDamagedError extends NetwardenError {
  readonly code = 'BUNDLE_DAMAGED';

  constructor(reason: string) {
    super(`The model bundle is refused: ${reason}.`);
  }
}
