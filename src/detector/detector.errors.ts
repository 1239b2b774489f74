import { type InputFault, NetwardenError } from '../common/errors.js';

/** A contract file that cannot be used; the service does not start with it. */
export class ContractInvalidError extends NetwardenError {
  readonly code = 'CONTRACT_INVALID';

  constructor(
    readonly file: string,
    override readonly errors: readonly InputFault[],
  ) {
    const lines = errors.map(({ path, message }) => `  ${path ? `${path}: ` : ''}${message}`);
    super(`The dataset contract ${file} is wrong:\n${lines.join('\n')}`);
  }
}

export class DetectorUnknownError extends NetwardenError {
  readonly code = 'DETECTOR_UNKNOWN';

  constructor(detector: string, known: readonly string[], nearest: string | null) {
    const hint = nearest ? `Did you mean ${nearest}?` : `There are: ${known.join(', ')}.`;
    super(`There is no detector '${detector}'. ${hint}`);
  }
}

/** The columns of an input do not fit the contract; nothing of it was taken. */
export class HeaderMismatchError extends NetwardenError {
  readonly code = 'HEADER_MISMATCH';

  constructor(
    detector: string,
    override readonly errors: readonly InputFault[],
  ) {
    super(
      `The columns do not fit the contract of ${detector}; no row was read. ` +
        'Unknown columns can be left out by naming them in ignoreColumns.',
    );
  }
}

/** Single records of a request do not fit the contract. */
export class RecordInvalidError extends NetwardenError {
  readonly code = 'RECORD_INVALID';

  constructor(
    detector: string,
    override readonly errors: readonly InputFault[],
  ) {
    super(`The input does not fit the contract of ${detector}.`);
  }
}
