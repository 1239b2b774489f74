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

/** More reports are asked for than are worked out; the database has other things to do as well. */
export class TooManyReportsError extends NetwardenError {
  readonly code = 'OVERLOADED';

  constructor() {
    super('Other reports are being worked out, and enough of them wait. Ask again in a few seconds.');
  }
}

export class ReportTooLargeError extends NetwardenError {
  readonly code = 'OVERLOADED';

  constructor(since: Date, seconds: number) {
    super(
      `The database could not count the predictions since ${since.toISOString()} within ${seconds} s. ` +
        'Ask for a shorter time with `since`.',
    );
  }
}
