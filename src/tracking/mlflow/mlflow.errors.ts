/**
 * What became of a call: the server could not be reached or was not well (the same call may succeed later), it does not
 * know this user (401) or gives it no right (403, both until somebody mends that), it refused (it always will), the
 * thing is not there, or this server's version has no such call.
 */
export type MlflowErrorKind =
  'unavailable' | 'unauthorized' | 'forbidden' | 'refused' | 'missing' | 'unsupported';

/** A call to a tracking server that failed. The message holds nothing that the server wrote but its error's code. */
export class MlflowError extends Error {
  override readonly name = 'MlflowError';

  constructor(
    readonly kind: MlflowErrorKind,
    message: string,
    readonly code: string | null = null,
    /** After how long the server wants to be asked again, milliseconds. */
    readonly retryAfterMs: number | null = null,
    options?: ErrorOptions,
    /** With which the server answered; null where it did not. */
    readonly status: number | null = null,
  ) {
    super(message, options);
  }
}

/** Whether the server stumbled over this call: old ones do so over calls that they half know, however often. */
export function isStumble(error: unknown): boolean {
  return isMlflowError(error, 'unavailable') && error.status === 500;
}

/** Whether an error says this of a tracking server: anything where no kind is named. */
export function isMlflowError(error: unknown, ...kinds: readonly MlflowErrorKind[]): error is MlflowError {
  return error instanceof MlflowError && (kinds.length === 0 || kinds.includes(error.kind));
}
