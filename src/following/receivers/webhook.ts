import { createHash, createHmac } from 'node:crypto';
import { retryAfterMs } from '../../common/back-off.js';
import type { Alert } from '../alerts/alert.js';
import { alertLine, type AlertFormat } from '../alerts/alert-formats.js';
import { AlertSink, AlertsRefusedError, ReceiverAwayError } from './alert-sink.js';
import { postJson } from './http-post.js';
import type { TlsFiles } from './tls-files.js';

export interface WebhookOptions {
  readonly url: URL;
  readonly secret: string;
  readonly tls: TlsFiles;
  readonly format: Exclude<AlertFormat, 'cef'>;
}

const longestRetryAfterMs = 3_600_000;

/** Statuses of refusals that pass: too slow, too early, too often. */
const passing: ReadonlySet<number> = new Set([408, 425, 429]);
/** Statuses by which a receiver wants nothing at all, whatever the alerts say. */
const wantsNone: ReadonlySet<number> = new Set([401, 402, 403, 404, 405, 407, 410, 421, 451]);

/**
 * An address that takes `{ alerts: […] }` by POST. A batch that is too large (413) is sent in halves; alerts that are
 * refused by another 4xx are set aside, with the status; whatever else is no 2xx passes, and the batch is sent again.
 */
export class Webhook extends AlertSink {
  readonly name: string;

  constructor(private readonly options: WebhookOptions) {
    super();
    // The path may hold a secret.
    this.name = `the webhook at ${options.url.host}`;
  }

  protected async send(alerts: readonly Alert[], signal: AbortSignal): Promise<void> {
    const { url, secret, tls, format } = this.options;
    const body = `{"alerts":[${alerts.map((alert) => alertLine(alert, format)).join(',')}]}`;
    const headers = signatureHeaders(secret, deliveryId(alerts), Math.floor(Date.now() / 1000), body);
    const answer = await postJson(url, body, { headers, tls, signal }).catch((error: Error) => {
      throw signal.aborted ? error : new ReceiverAwayError(error.message);
    });
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return;
    if (status >= 400 && status < 500 && !passing.has(status)) {
      const why = status === 413 ? 'size' : wantsNone.has(status) ? 'sender' : 'content';
      throw new AlertsRefusedError(`it answers ${status}`, why);
    }
    throw new ReceiverAwayError(
      `it answers ${status}`,
      retryAfterMs(answer.headers['retry-after'], longestRetryAfterMs) ?? 0,
    );
  }

  async close(): Promise<void> {
    // Connections belong to the agent, which lets the process end.
  }
}

/** The same for the same alerts. */
function deliveryId(alerts: readonly Alert[]): string {
  const digest = createHash('sha256').update(alerts.map(({ id }) => id).join());
  return `msg_${digest.digest('hex').slice(0, 32)}`;
}

/**
 * The headers by which a receiver knows that a request is from who has the secret, is not an old one sent again, and
 * whether it has it already. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * @param secret `whsec_` and base64, or any text
 * @param seconds since the epoch
 */
export function signatureHeaders(
  secret: string,
  id: string,
  seconds: number,
  body: string,
): Record<string, string> {
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` };
}

function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
}
