import { Injectable } from '@nestjs/common';
import { RequestInvalidError } from '../common/errors.js';
import { Environment } from '../config/environment.js';
import type { AlertFormat } from './alerts/alert-formats.js';
import { openReceiver } from './receivers/receivers.js';
import { digestOf, type SetAsideBatch, SetAsideStore } from './receivers/set-aside-store.js';

export interface ResendOrder {
  /** Address of the receiver. */
  readonly to: string;
  readonly format?: AlertFormat;
  /** Of the batches to send; all that this receiver refused when there are none. */
  readonly ids: readonly string[];
}

export interface ResendSummary {
  /** Alerts that the receiver has taken now. */
  readonly sent: number;
  /** Alerts that it refused again. */
  readonly refused: number;
}

/** Lists and sends again what receivers refused. */
@Injectable()
export class ResendingService {
  constructor(
    private readonly environment: Environment,
    private readonly setAside: SetAsideStore,
  ) {}

  list(): Promise<SetAsideBatch[]> {
    return this.setAside.list();
  }

  /** @throws RequestInvalidError for a batch or a receiver that is not there; AbortError by the signal */
  async resend({ to, format, ids }: ResendOrder, signal: AbortSignal): Promise<ResendSummary> {
    const batches = pick(await this.setAside.list(), to, ids);
    const sink = openReceiver({ to, ...(format && { format }) }, this.environment);
    let [sent, refused] = [0, 0];
    try {
      for (const batch of batches) {
        let again = 0;
        await sink.deliver(batch.alerts, signal, async (alerts, reason) => {
          again += alerts.length;
          await this.setAside.add(to, sink.name, alerts, reason);
        });
        await this.setAside.remove(batch);
        sent += batch.alerts.length - again;
        refused += again;
      }
    } finally {
      await sink.close();
    }
    return { sent, refused };
  }
}

function pick(all: readonly SetAsideBatch[], to: string, ids: readonly string[]): SetAsideBatch[] {
  const unknown = ids.find((id) => !all.some((batch) => batch.id === id));
  if (unknown !== undefined)
    throw new RequestInvalidError([{ path: 'ids', message: `${unknown} is no batch that was set aside` }]);
  const address = digestOf(to);
  return all.filter((batch) => (ids.length > 0 ? ids.includes(batch.id) : batch.address === address));
}
