import { statusByCode } from '../error-status.js';
import { NetwardenError, toError } from '../errors.js';
import { redactSecrets } from '../redact.js';
import { EnvironmentError } from '../../config/environment.js';

/** 1 failed, 2 bad use or bad input. */
export function exitCodeOf(error: unknown): 1 | 2 {
  if (error instanceof EnvironmentError) return 2;
  if (!(error instanceof NetwardenError)) return 1;
  const status = statusByCode[error.code];
  return error.code === 'CONTRACT_INVALID' || [400, 404, 410, 413, 422].includes(status) ? 2 : 1;
}

/** Says on standard error what went wrong, one line a fault, and ends the process. */
export function exitWith(error: unknown): never {
  process.stderr.write(`${redactSecrets(explain(error))}\n`);
  process.exit(exitCodeOf(error));
}

function explain(error: unknown): string {
  if (error instanceof NetwardenError && error.code !== 'CONTRACT_INVALID') {
    const faults = error.errors.map(({ path, line, message }) => {
      const place = path ?? (line && `line ${line}`);
      return place ? `  ${place}: ${message}` : `  ${message}`;
    });
    return ['netwarden: ' + error.message, ...faults].join('\n');
  }
  const { code, message } = toError(error) as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `netwarden: ${message}. Choose another PORT.`;
  return `netwarden: ${message}`;
}
