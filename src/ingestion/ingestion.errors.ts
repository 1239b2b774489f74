import { NetwardenError } from '../common/errors.js';

export class BatchUnknownError extends NetwardenError {
  readonly code = 'BATCH_UNKNOWN';

  constructor(detector: string, batch: string) {
    super(`There is no batch '${batch}' of ${detector}. GET /v1/data/${detector}/batches lists them.`);
  }
}

/** A detector has no records to take a snapshot of. */
export class NoRecordsError extends NetwardenError {
  readonly code = 'NOT_ENOUGH_DATA';

  constructor(detector: string) {
    super(`There are no records of ${detector} yet. Push some: netwarden data push ${detector} FILE`);
  }
}

/** No record of a detector has the columns by which its contract splits them. */
export class SplitColumnsMissingError extends NetwardenError {
  readonly code = 'NOT_ENOUGH_DATA';

  constructor(detector: string, records: number, columns: readonly string[]) {
    super(
      `None of the ${records} records of ${detector} has ${columns.join(' and ')}: they were stored before the ` +
        `contract asked for it. Push them again: netwarden data push ${detector} FILE`,
    );
  }
}

export class FileMissingError extends NetwardenError {
  readonly code = 'FILE_MISSING';

  constructor(file: string, reason = 'unknown reason') {
    super(`The file '${file}' cannot be read: ${reason === 'ENOENT' ? 'there is no such file' : reason}.`);
  }
}

export class FileUnwritableError extends NetwardenError {
  readonly code = 'FILE_MISSING';

  constructor(file: string, reason = 'unknown reason') {
    super(
      `The file '${file}' cannot be written: ${reason === 'ENOENT' ? 'its folder is not there' : reason}.`,
    );
  }
}

export class UploadTooLargeError extends NetwardenError {
  readonly code = 'INPUT_TOO_LARGE';

  constructor(limit: number) {
    super(
      `The upload is larger than ${Math.round(limit / 2 ** 20)} MB (UPLOAD_LIMIT_MB). ` +
        'What was read until then is stored; pushing the whole later adds the rest.',
    );
  }
}

/** There is no room to take an upload whole while others are under way. */
export class SpoolFullError extends NetwardenError {
  readonly code = 'OVERLOADED';

  constructor(options?: ErrorOptions) {
    super(
      'There is no room for this upload beside those that are under way. Send it again when they are done.',
      options,
    );
  }
}

/** An upload that is too large for memory can be kept nowhere. */
export class SpoolUnwritableError extends NetwardenError {
  readonly code = 'STORAGE_UNAVAILABLE';

  constructor(code = 'unknown reason', options?: ErrorOptions) {
    super(
      `An upload above 1 MiB is kept in DATA_DIR/uploads before it is read, which cannot be written (${code}). ` +
        'Whoever runs this service has to make that folder writable; smaller uploads go through meanwhile.',
      options,
    );
  }
}
