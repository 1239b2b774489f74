import { type ErrorCode, NetwardenError } from '../../common/errors.js';

/** Why an input is refused as a whole. One bad row is a `RowProblem` instead and stops nothing. */
export type ReaderErrorCode = Extract<
  ErrorCode,
  | 'EMPTY_INPUT'
  | 'BINARY_INPUT'
  | 'UNREADABLE_ENCODING'
  | 'LINE_TOO_LONG'
  | 'BAD_HEADER'
  | 'UNKNOWN_FORMAT'
  | 'INPUT_TOO_LARGE'
>;

/** An input that cannot be read as a whole. The message is for the person who sent it and says what to do next. */
export class ReaderError extends NetwardenError {
  constructor(
    readonly code: ReaderErrorCode,
    message: string,
  ) {
    super(message);
  }
}
