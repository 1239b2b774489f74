import type { Alert } from '../alerts/alert.js';
import { alertLine, type AlertFormat } from '../alerts/alert-formats.js';
import { AlertSink } from './alert-sink.js';

/** A line an alert, to whatever reads this process's output. */
export class StandardOutput extends AlertSink {
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
