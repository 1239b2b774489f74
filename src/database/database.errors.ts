import { NetwardenError, toError } from '../common/errors.js';
import { redactSecrets } from '../common/redact.js';
import { describeMongoAddress, secretsOf } from '../config/mongo-address.js';

/** No database could be reached or started. The text says what to do and holds no credentials. */
export class DatabaseUnavailableError extends NetwardenError {
  readonly code = 'DATABASE_UNAVAILABLE';

  constructor(reason: string, nextStep: string) {
    super(redactSecrets(`${reason} ${nextStep}`));
  }
}

/** The driver's message without any secret of the URI, parts of which it may repeat. */
export function failureText(error: unknown, uri: string): string {
  return redactSecrets(toError(error).message, secretsOf(uri));
}

/** What the driver's connection failure means, in one line. */
export function explainConnectionFailure(error: Error, uri: string): DatabaseUnavailableError {
  const where = describeMongoAddress(uri);
  const code = (error as { code?: unknown }).code;
  if (code === 18 || /auth/i.test(error.message)) {
    return new DatabaseUnavailableError(
      `MongoDB at ${where} refuses the login.`,
      'Check user, password and authSource in MONGODB_URI.',
    );
  }
  const reason = failureText(error, uri).split('\n')[0].replace(/\.$/, '');
  return new DatabaseUnavailableError(
    `MongoDB at ${where} cannot be reached: ${reason}.`,
    'Check MONGODB_URI, or unset it to use the embedded server.',
  );
}
