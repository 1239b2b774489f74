/** Every code that an answer may carry. A code is stable: clients may branch on it. */
export type ErrorCode =
  | 'REQUEST_INVALID'
  | 'REQUEST_TIMEOUT'
  | 'FOREIGN_ORIGIN'
  | 'KEY_MISSING'
  | 'KEY_REFUSED'
  | 'ROLE_TOO_LOW'
  | 'DETECTOR_OUT_OF_SCOPE'
  | 'KEY_UNKNOWN'
  | 'DETECTOR_UNKNOWN'
  | 'CONTRACT_INVALID'
  | 'EMPTY_INPUT'
  | 'BINARY_INPUT'
  | 'UNREADABLE_ENCODING'
  | 'LINE_TOO_LONG'
  | 'BAD_HEADER'
  | 'UNKNOWN_FORMAT'
  | 'INPUT_TOO_LARGE'
  | 'UPLOAD_BROKEN_OFF'
  | 'HEADER_MISMATCH'
  | 'FILE_MISSING'
  | 'RECORD_INVALID'
  | 'BATCH_UNKNOWN'
  | 'NOT_ENOUGH_DATA'
  | 'VALIDATION_FAILED'
  | 'CANDIDATE_UNKNOWN'
  | 'RUN_UNKNOWN'
  | 'RUN_FINISHED'
  | 'RUN_CANCELLED'
  | 'RUN_OUT_OF_TIME'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'REPORT_NOT_READY'
  | 'VERSION_UNKNOWN'
  | 'VERSION_PRUNED'
  | 'VERSIONS_NOT_COMPARABLE'
  | 'RETENTION_RUNNING'
  | 'CHAMPION_CHANGED'
  | 'ALREADY_CHAMPION'
  | 'NOTHING_TO_ROLL_BACK'
  | 'FENCED_OFF'
  | 'BUNDLE_REFUSED'
  | 'DIGEST_MISMATCH'
  | 'BUNDLE_DAMAGED'
  | 'MODEL_UNAVAILABLE'
  | 'PREDICTION_UNKNOWN'
  | 'LIST_ENTRY_UNKNOWN'
  | 'LIST_ENTRY_OPPOSED'
  | 'LISTS_FULL'
  | 'TRACKING_OFF'
  | 'TRACKED_VERSION_UNKNOWN'
  | 'TRACKING_FAILED'
  | 'COMPUTE_BUSY'
  | 'THREAD_LOST'
  | 'OVERLOADED'
  | 'QUEUE_FULL'
  | 'STORAGE_UNAVAILABLE'
  | 'NOTHING_TO_MOVE'
  | 'DATABASE_UNAVAILABLE';

/** One fault of an input: where it is (a JSON path, a column, or a line of a file) and what is wrong. */
export interface InputFault {
  readonly path?: string;
  readonly line?: number;
  readonly message: string;
}

/** An error with a stable code and a text for the person who gets it. It never holds a secret. */
export abstract class NetwardenError extends Error {
  abstract readonly code: ErrorCode;
  /** Single faults, where the input has several. */
  readonly errors: readonly InputFault[] = [];
  /** Further members of the problem document. */
  readonly details: Readonly<Record<string, unknown>> = {};

  override get name(): string {
    return this.constructor.name;
  }
}

/** Faults of one request that are listed; whoever sends more has made the same one often. */
const mostFaults = 100;

/** A request whose parameters, query or body break the route's rules. */
export class RequestInvalidError extends NetwardenError {
  readonly code = 'REQUEST_INVALID';
  override readonly errors: readonly InputFault[];

  constructor(faults: readonly InputFault[], message = 'The request breaks the rules of this route.') {
    super(
      faults.length > mostFaults
        ? `${message} It has ${faults.length} faults; the first are listed.`
        : message,
    );
    this.errors = faults.slice(0, mostFaults);
  }
}

/** The sender of a body kept this side waiting for too long. */
export class BodyTooSlowError extends NetwardenError {
  readonly code = 'REQUEST_TIMEOUT';

  /** @param leastRate bytes a second */
  constructor(leastRate: number) {
    super(
      `The body comes more slowly than ${leastRate} bytes a second. Of an upload, what came until then is kept; ` +
        'sending the whole again adds the rest.',
    );
  }
}

/** There is too much to do at the moment; the same goes through later. */
export class OverloadedError extends NetwardenError {
  readonly code = 'OVERLOADED';
}

/** `unknown` as an Error, for a catch clause that has to report or rethrow it. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
