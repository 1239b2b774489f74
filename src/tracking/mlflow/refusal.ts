import { retryAfterMs } from '../../common/back-off.js';
import { parseJson } from '../../common/json-text.js';
import { MlflowError } from './mlflow.errors.js';

const retried = new Set([408, 425, 429, 500, 502, 503, 504]);
/** A server that asks for more patience than this is asked earlier all the same. */
const longestRetryAfterMs = 60_000;

/**
 * Reads an answer that is not 2xx. Servers answer an unknown call with a 404 page of HTML and an unknown thing with
 * a 404 in JSON; only the body tells them apart.
 */
export function refusal(call: string, { status, headers }: Response, body: string): MlflowError {
  const code = errorCode(body);
  const said = `${call} was answered with ${status}${code === null ? '' : ` ${code}`}`;
  if (status === 401)
    return new MlflowError('unauthorized', `${said}: the user name, password or token is wrong`, code);
  if (status === 403) return new MlflowError('forbidden', `${said}: ${reasonOf403(body)}`, code);
  if (status === 404 && code !== null) return new MlflowError('missing', said, code);
  if (isUnsupported(status, body)) return new MlflowError('unsupported', said, code);
  if (!retried.has(status)) return new MlflowError('refused', said, code);
  return new MlflowError(
    'unavailable',
    said,
    code,
    retryAfterMs(headers.get('retry-after'), longestRetryAfterMs),
    undefined,
    status,
  );
}

/** A proxy for artifacts that is switched off says 503 for ever. */
function isUnsupported(status: number, body: string): boolean {
  return [404, 405, 501].includes(status) || (status === 503 && body.includes('no-serve-artifacts'));
}

function reasonOf403(body: string): string {
  return body.includes('Host header')
    ? 'the server does not know the name it was called by (its --allowed-hosts)'
    : 'the credentials give no right to write there';
}

/** The code of an error in JSON; null where the body is something else. */
function errorCode(body: string): string | null {
  try {
    const parsed: unknown = parseJson(body);
    if (typeof parsed !== 'object' || parsed === null || !('error_code' in parsed)) return null;
    return /^\w{1,80}$/.exec(String(parsed.error_code))?.[0] ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
