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

/** A receiver does not want what it was sent, now or later. */
export class AlertsRefusedError extends Error {
  override readonly name = 'AlertsRefusedError';

  /** @param why whether they are too many at once, some of them are at fault, or the receiver wants none from here */
  constructor(
    message: string,
    readonly why: 'size' | 'content' | 'sender',
  ) {
    super(message);
  }
}

/** What becomes of alerts that a receiver does not want. */
export type SetAside = (alerts: readonly Alert[], reason: string) => Promise<void>;

/** Takes alerts to a receiver, each once or more. */
export abstract class AlertSink {
  private readonly logger = new Logger('AlertSink');

  /** What the receiver is called in messages; holds no secret. */
  abstract readonly name: string;

  /** Alerts that are sent, and taken or not, together: about as many as 100 KB hold, which any receiver takes. */
  protected batchAlerts = 100;

  /** Gives back what the sink holds. */
  abstract close(): Promise<void>;

  /**
   * Sends a batch once.
   * @throws ReceiverAwayError when the receiver has not taken it, or not all of it; AlertsRefusedError when it never will
   */
  protected abstract send(alerts: readonly Alert[], signal: AbortSignal): Promise<void>;

  /**
   * Ends when the receiver has taken the alerts, however long it is away, or refused some of them for good.
   * @param setAside keeps those; the others are delivered all the same
   * @throws AbortError by the signal
   */
  async deliver(alerts: readonly Alert[], signal: AbortSignal, setAside: SetAside): Promise<void> {
    for (let at = 0; at < alerts.length;) {
      const batch = alerts.slice(at, at + this.batchAlerts);
      await this.deliverOrSplit(batch, signal, setAside);
      at += batch.length;
    }
  }

  /** Halves what is refused until it is known which alerts are meant. */
  private async deliverOrSplit(
    alerts: readonly Alert[],
    signal: AbortSignal,
    setAside: SetAside,
  ): Promise<void> {
    try {
      await this.deliverBatch(alerts, signal);
    } catch (error) {
      if (!(error instanceof AlertsRefusedError)) throw error;
      const half = Math.ceil(alerts.length / 2);
      if (alerts.length === 1 || error.why === 'sender') {
        this.logger.warn(
          `${this.name} refuses ${alerts.length} alerts, they are set aside: ${error.message}`,
        );
        await setAside(alerts, error.message);
        return;
      }
      if (error.why === 'size') this.batchAlerts = Math.min(this.batchAlerts, half);
      await this.deliverOrSplit(alerts.slice(0, half), signal, setAside);
      await this.deliverOrSplit(alerts.slice(half), signal, setAside);
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
