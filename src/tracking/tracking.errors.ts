import { NetwardenError } from '../common/errors.js';
import type { MlflowError } from './mlflow/mlflow.errors.js';

/** Something was asked of a tracking server, and there is none. */
export class TrackingOffError extends NetwardenError {
  readonly code = 'TRACKING_OFF';

  constructor() {
    super('Tracking is off. Set MLFLOW_TRACKING_URI to the address of the MLflow server.');
  }
}

export class TrackedVersionUnknownError extends NetwardenError {
  readonly code = 'TRACKED_VERSION_UNKNOWN';

  constructor(uri: string, server: string) {
    super(`There is no ${uri} on ${server}.`);
  }
}

/** The tracking server did not give what was asked of it. */
export class TrackingFailedError extends NetwardenError {
  readonly code = 'TRACKING_FAILED';

  constructor(server: string, cause: MlflowError) {
    super(
      `The tracking server ${server} does not do its part: ${cause.message}. ` +
        '`netwarden tracking status` shows when it does.',
      { cause },
    );
  }
}
