import { resolve } from 'node:path';
import { RequestInvalidError } from '../../common/errors.js';
import type { Environment } from '../../config/environment.js';
import type { Alert } from '../alerts/alert.js';
import { alertLine, type AlertFormat } from '../alerts/alert-formats.js';
import { AlertFile } from './alert-file.js';
import { AlertSink } from './alert-sink.js';
import { framings } from './syslog-message.js';
import { SyslogReceiver } from './syslog-receiver.js';
import { readTlsFiles } from './tls-files.js';
import { Webhook } from './webhook.js';

export interface ReceiverOptions {
  /** An address; standard output when both are absent. */
  readonly to?: string;
  /** A file. */
  readonly out?: string;
  /** CEF for syslog and NDJSON for others when absent. */
  readonly format?: AlertFormat;
}

/** A line an alert, to whatever reads this process's output. */
class StandardOutput extends AlertSink {
  readonly name = 'standard output';

  constructor(private readonly format: AlertFormat) {
    super();
  }

  /** A reader that went away ends the process, as it does for every command. */
  protected send(alerts: readonly Alert[]): Promise<void> {
    const text = alerts.map((alert) => `${alertLine(alert, this.format)}\n`).join('');
    return new Promise((taken, fail) => {
      process.stdout.write(text, (error) => (error ? fail(error) : taken()));
    });
  }

  async close(): Promise<void> {
    // The stream is the process's.
  }
}

/** @throws RequestInvalidError for what cannot be sent there, or not so */
export function openReceiver({ to, out, format }: ReceiverOptions, environment: Environment): AlertSink {
  if (to !== undefined && out !== undefined)
    throw refused('--out', 'stands beside --to; give one of the two');
  if (out !== undefined) return new AlertFile(resolve(out), format ?? 'ndjson');
  if (to === undefined) return new StandardOutput(format ?? 'ndjson');
  const url = URL.canParse(to) ? new URL(to) : null;
  if (url && /^syslog\+(tcp|tls):$/.test(url.protocol)) return syslog(url, format ?? 'cef', environment);
  if (url && /^https?:$/.test(url.protocol)) return webhook(url, format ?? 'ndjson', environment);
  throw refused('--to', 'must be syslog+tcp://host:port, syslog+tls://host:port or https://…');
}

function syslog(url: URL, format: AlertFormat, environment: Environment): AlertSink {
  const isTls = url.protocol === 'syslog+tls:';
  if (!url.hostname) throw refused('--to', 'names no host');
  // 601 and 6514 are what RFC 6587 and RFC 5425 name.
  const port = url.port === '' ? (isTls ? 6514 : 601) : Number(url.port);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const framing = framings.find((name) => name === (url.searchParams.get('framing') ?? 'octets'));
  if (!framing) throw refused('--to', `may end in ?framing=${framings.join(' or ?framing=')}`);
  const tls = isTls ? readTlsFiles(environment) : null;
  return new SyslogReceiver({ host, port, tls }, format, framing);
}

function webhook(url: URL, format: AlertFormat, environment: Environment): AlertSink {
  if (format === 'cef') throw refused('--format', 'cef is a text; a webhook takes ndjson or ecs');
  const secret = environment.webhookSecret;
  if (secret === undefined)
    throw refused('WEBHOOK_SECRET', 'is not set; what goes to a webhook is signed with it');
  return new Webhook({ url, secret, tls: readTlsFiles(environment), format });
}

function refused(path: string, message: string): RequestInvalidError {
  return new RequestInvalidError([{ path, message }], 'Alerts cannot be sent there.');
}
