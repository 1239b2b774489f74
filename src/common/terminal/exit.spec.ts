import { jest } from '@jest/globals';
import { statusByCode } from '../error-status.js';
import { type ErrorCode, type InputFault, NetwardenError, RequestInvalidError } from '../errors.js';
import { EnvironmentError } from '../../config/environment.js';
import { exitCodeOf, exitWith } from './exit.js';

class CodedError extends NetwardenError {
  constructor(
    readonly code: ErrorCode,
    override readonly errors: readonly InputFault[] = [],
    message = 'Something is wrong.',
  ) {
    super(message);
  }
}

describe('exit codes', () => {
  const badUse: ErrorCode[] = [
    'REQUEST_INVALID',
    'KEY_UNKNOWN',
    'DETECTOR_UNKNOWN',
    'CONTRACT_INVALID',
    'EMPTY_INPUT',
    'BINARY_INPUT',
    'UNREADABLE_ENCODING',
    'LINE_TOO_LONG',
    'BAD_HEADER',
    'UNKNOWN_FORMAT',
    'INPUT_TOO_LARGE',
    'UPLOAD_BROKEN_OFF',
    'HEADER_MISMATCH',
    'FILE_MISSING',
    'RECORD_INVALID',
    'BATCH_UNKNOWN',
    'NOT_ENOUGH_DATA',
    'VALIDATION_FAILED',
    'CANDIDATE_UNKNOWN',
    'RUN_UNKNOWN',
    'IDEMPOTENCY_KEY_REUSED',
    'VERSION_UNKNOWN',
    'VERSION_PRUNED',
    'BUNDLE_REFUSED',
    'DIGEST_MISMATCH',
    'PREDICTION_UNKNOWN',
    'LIST_ENTRY_UNKNOWN',
    'TRACKING_OFF',
    'TRACKED_VERSION_UNKNOWN',
  ];

  it('are 2 for bad use and bad input, and 1 for all else that goes wrong', () => {
    const codes = Object.keys(statusByCode) as ErrorCode[];
    expect(codes.filter((code) => exitCodeOf(new CodedError(code)) === 2)).toEqual(badUse);
    expect(exitCodeOf(new EnvironmentError('PORT: bad'))).toBe(2);
    expect(exitCodeOf(new Error('out of memory'))).toBe(1);
    expect(exitCodeOf('text')).toBe(1);
  });
});

describe('a command that fails', () => {
  let written: string;
  let exits: unknown[];

  beforeEach(() => {
    written = '';
    exits = [];
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      written += String(text);
      return true;
    });
    jest.spyOn(process, 'exit').mockImplementation((code) => {
      exits.push(code);
      throw new Error('the process has ended');
    });
  });
  afterEach(() => jest.restoreAllMocks());

  const fail = (error: unknown): string => {
    expect(() => exitWith(error)).toThrow('the process has ended');
    return written;
  };

  it('says what is wrong, a line a fault', () => {
    const error = new RequestInvalidError(
      [{ path: 'prot', message: 'is unknown' }, { line: 7, message: 'is too long' }, { message: 'is odd' }],
      'The file does not fit.',
    );
    expect(fail(error)).toBe(
      'netwarden: The file does not fit.\n  prot: is unknown\n  line 7: is too long\n  is odd\n',
    );
    expect(exits).toEqual([2]);
  });

  it('says the faults of a contract once', () => {
    const faults = [{ path: 'group.0', message: "no feature is named 'x'" }];
    const message = "The contract is wrong:\n  group.0: no feature is named 'x'";
    expect(fail(new CodedError('CONTRACT_INVALID', faults, message))).toBe(`netwarden: ${message}\n`);
    expect(exits).toEqual([2]);
  });

  it('says no secrets', () => {
    expect(fail(new Error('cannot reach mongodb://admin:s3cret@db:27017/x'))).toBe(
      'netwarden: cannot reach mongodb://***@db:27017/x\n',
    );
    expect(exits).toEqual([1]);
  });

  it('says what to do about a port in use', () => {
    const error = Object.assign(new Error('listen EADDRINUSE: address already in use 127.0.0.1:3000'), {
      code: 'EADDRINUSE',
    });
    expect(fail(error)).toContain('3000. Choose another PORT.');
  });

  it('says something also of what is no error', () => {
    expect(fail('out of luck')).toBe('netwarden: out of luck\n');
  });
});
