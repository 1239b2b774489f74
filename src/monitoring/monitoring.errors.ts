import { NetwardenError } from '../common/errors.js';

export class PredictionUnknownError extends NetwardenError {
  readonly code = 'PREDICTION_UNKNOWN';

  constructor(id: string, logged: boolean) {
    const hint = logged
      ? 'The log has what the JSON routes answered, within a second; rows of files are not logged, and old ones are deleted.'
      : 'This process logs no predictions (PREDICTION_LOG=off).';
    super(`There is no prediction '${id}'. ${hint}`);
  }
}
