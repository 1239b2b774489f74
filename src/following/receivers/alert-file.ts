import { open } from 'node:fs/promises';
import type { Alert } from '../alerts/alert.js';
import { alertLine, type AlertFormat } from '../alerts/alert-formats.js';
import { AlertSink, ReceiverAwayError } from './alert-sink.js';

/** A file to whose end alerts are written, a line each. It is opened for each batch, so it may be rotated. */
export class AlertFile extends AlertSink {
  readonly name: string;

  constructor(
    private readonly path: string,
    private readonly format: AlertFormat,
  ) {
    super();
    this.name = path;
  }

  /** Ends when the disk has it: a full one may have room later. */
  protected async send(alerts: readonly Alert[]): Promise<void> {
    const text = alerts.map((alert) => `${alertLine(alert, this.format)}\n`).join('');
    try {
      const file = await open(this.path, 'a+');
      try {
        // A process that was killed while it wrote has left half a line.
        await file.write((await endsInLine(file)) ? text : `\n${text}`);
        await file.datasync();
      } finally {
        await file.close();
      }
    } catch (error) {
      throw new ReceiverAwayError((error as Error).message);
    }
  }

  async close(): Promise<void> {
    // Nothing is held between batches.
  }
}

async function endsInLine(file: Awaited<ReturnType<typeof open>>): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === 10;
}
