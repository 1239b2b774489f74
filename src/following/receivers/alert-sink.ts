import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { backOffMs } from '../../common/back-off.js';
import type { Alert } from '../alerts/alert.js';

const pauses = { firstMs: 250, longestMs: 30_000 };

/** A receiver has not taken what it was sent, for now. */
export class ReceiverAwayError extends Error {
  override readonly name = 'ReceiverAwayError';

  /** @param retryAfterMs how long the receiver asks to be left alone */
  constructor(
    message: string,
    readonly retryAfterMs = 0,
  ) {
    super(message);
  }
}

/** Takes alerts to a receiver, each once or more. */
export abstract class AlertSink {
  private readonly logger = new Logger('AlertSink');

  /** What the receiver is called in messages; holds no secret. */
  abstract readonly name: string;

  /** Alerts that are sent, and taken or not, together: about as many as 100 KB hold, which any receiver takes. */
  protected readonly batchAlerts: number = 100;

  /** Gives back what the sink holds. */
  abstract close(): Promise<void>;

  /**
   * Sends a batch once.
   * @throws ReceiverAwayError when the receiver has not taken it, or not all of it
   */
  protected abstract send(alerts: readonly Alert[], signal: AbortSignal): Promise<void>;

  /**
   * Ends when the receiver has taken the alerts, however long it is away.
   * @throws AbortError by the signal
   */
  async deliver(alerts: readonly Alert[], signal: AbortSignal): Promise<void> {
    for (let at = 0; at < alerts.length; at += this.batchAlerts) {
      await this.deliverBatch(alerts.slice(at, at + this.batchAlerts), signal);
    }
  }

  private async deliverBatch(alerts: readonly Alert[], signal: AbortSignal): Promise<void> {
    let said = '';
    for (let failures = 1; ; failures++) {
      signal.throwIfAborted();
      try {
        await this.send(alerts, signal);
        if (said) this.logger.warn(`${this.name} takes alerts again`);
        return;
      } catch (error) {
        if (!(error instanceof ReceiverAwayError)) throw error;
        if (said !== error.message)
          this.logger.warn(`${this.name} takes no alerts, reading waits: ${error.message}`);
        said = error.message;
        await sleep(Math.max(error.retryAfterMs, backOffMs(failures, pauses)), undefined, { signal });
      }
    }
  }
}
