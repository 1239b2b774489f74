import type { Alert } from '../alerts/alert.js';
import { alertLine, type AlertFormat } from '../alerts/alert-formats.js';
import { AlertSink } from './alert-sink.js';
import { SyslogConnection, type SyslogTarget } from './syslog-connection.js';
import { type Framing, syslogFrame, syslogMessage } from './syslog-message.js';

/** How long a connection has to stay open behind a batch for that to count as taken. */
const settleMs = 100;
/** What was sent within this time before a connection ended is sent again over the next one, up to so many bytes. */
const [unsureMs, unsureBytes] = [10_000, 4 * 1024 * 1024];

/**
 * Syslog over TCP or TLS. No receiver of it says what it has taken: what has left this machine may be lost with the
 * one it is on its way to. Against that a batch counts as taken only when the connection outlives it for a while, and
 * what went over a connection last is sent again over the next one. A receiver's machine that loses its power without
 * a word can still cost the alerts of the last seconds before that is noticed; a webhook's cannot.
 */
export class SyslogReceiver extends AlertSink {
  readonly name: string;
  /** Each batch takes `settleMs`, so there are few. */
  protected override batchAlerts = 1000;
  private connection: SyslogConnection | null = null;
  /** When the last connection ended, as long as there is no other; milliseconds since the epoch. */
  private endedAt = Infinity;
  private unsure: { at: number; frames: Buffer }[] = [];

  constructor(
    private readonly target: SyslogTarget,
    private readonly format: AlertFormat,
    private readonly framing: Framing = 'octets',
  ) {
    super();
    this.name = `syslog at ${target.host}:${target.port}`;
  }

  async close(): Promise<void> {
    await this.connection?.close();
  }

  protected async send(alerts: readonly Alert[], signal: AbortSignal): Promise<void> {
    const frames = Buffer.concat(
      alerts.map((alert) => syslogFrame(syslogMessage(alert, alertLine(alert, this.format)), this.framing)),
    );
    const abort = (): void => this.connection?.destroy();
    signal.addEventListener('abort', abort);
    try {
      if (!this.connection?.isOpen) await this.connect(signal);
      await this.connection!.write(frames);
      await this.connection!.staysOpen(settleMs);
    } finally {
      signal.removeEventListener('abort', abort);
    }
    this.unsure.push({ at: Date.now(), frames });
    this.forget();
  }

  private async connect(signal: AbortSignal): Promise<void> {
    this.endedAt = Math.min(this.endedAt, this.connection?.closedAt ?? Infinity);
    this.connection = await SyslogConnection.open(this.target, signal);
    this.forget();
    for (const { frames } of this.unsure) await this.connection.write(frames);
    this.endedAt = Infinity;
  }

  private forget(): void {
    const since = Math.min(Date.now(), this.endedAt) - unsureMs;
    let bytes = 0;
    const kept = this.unsure.findLastIndex(
      ({ at, frames }) => at < since || (bytes += frames.length) > unsureBytes,
    );
    this.unsure = this.unsure.slice(kept + 1);
  }
}
