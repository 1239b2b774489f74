import { setTimeout as wait } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { isDatabaseDown } from '../../common/database-failures.js';
import { toError } from '../../common/errors.js';
import { Environment } from '../../config/environment.js';
import type { ScoredItem } from '../../prediction/scored-item.js';
import { ScoringService } from '../../prediction/scoring.service.js';
import { Prediction } from './prediction.schema.js';
import { PredictionLog } from './predictions.repository.js';

/** Most predictions that wait to be written: some tens of megabytes. */
const capacity = 50_000;
const batchSize = 1000;
export const writeEveryMs = 1000;
const warnEveryMs = 60_000;
/** How long the end of the process waits for the last ones. */
const farewellMs = 3000;

/** How the log of this process has fared since its start. */
export interface LogState {
  readonly enabled: boolean;
  /** Predictions that are not written yet. */
  readonly waiting: number;
  readonly written: number;
  /** Lost, because the database was away for too long or did not take them. */
  readonly dropped: number;
  /** Writes that failed; what they held was kept to be written again, as long as there was room. */
  readonly failedWrites: number;
}

/** Writes down what was scored, a second later and off the path of the responses: they never wait for it, nor fail by it. */
@Injectable()
export class PredictionLogService implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(PredictionLogService.name);
  private readonly waiting: Prediction[] = [];
  private readonly counts = { written: 0, dropped: 0, failedWrites: 0 };
  private subscription: Subscription | undefined;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | null = null;
  private warned = { at: -Infinity, dropped: 0 };

  constructor(
    private readonly environment: Environment,
    private readonly scoring: ScoringService,
    private readonly log: PredictionLog,
  ) {}

  get state(): LogState {
    return { enabled: this.environment.predictionLog, waiting: this.waiting.length, ...this.counts };
  }

  onModuleInit(): void {
    if (!this.environment.predictionLog) return;
    this.subscription = this.scoring.scored.subscribe((batch) => this.take(batch));
    this.timer = setInterval(() => void this.flush(), writeEveryMs).unref();
  }

  /** Writes what waits, unless the database is away; never fails. */
  flush(): Promise<void> {
    this.writing ??= this.writeAll().finally(() => (this.writing = null));
    return this.writing;
  }

  beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    return this.flushInTime();
  }

  /** Writes what was scored while the server closed. */
  async onApplicationShutdown(): Promise<void> {
    await this.flushInTime();
    this.subscription?.unsubscribe();
    if (this.waiting.length > 0) this.logger.warn(`${this.waiting.length} predictions are not in the log`);
  }

  private take(batch: readonly ScoredItem[]): void {
    const room = capacity - this.waiting.length;
    for (const { id, ...rest } of batch.slice(0, room))
      this.waiting.push({ _id: id, ...rest, feedback: null });
    this.drop(batch.length - room);
  }

  private drop(count: number): void {
    if (count <= 0) return;
    this.counts.dropped += count;
    if (Date.now() < this.warned.at + warnEveryMs) return;
    this.logger.warn(`${this.counts.dropped - this.warned.dropped} predictions could not be logged`);
    this.warned = { at: Date.now(), dropped: this.counts.dropped };
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, batchSize);
      let refused: number;
      try {
        refused = await this.log.append(batch);
      } catch (error) {
        this.counts.failedWrites++;
        this.logger.debug(toError(error), 'predictions could not be written');
        if (isDatabaseDown(error)) return;
        // Whatever else is wrong would be wrong with them again.
        refused = batch.length;
      }
      this.waiting.splice(0, batch.length);
      this.counts.written += batch.length - refused;
      this.drop(refused);
    }
  }

  private async flushInTime(): Promise<void> {
    const written = this.scoring.settled().then(() => this.flush());
    await Promise.race([written, wait(farewellMs, undefined, { ref: false })]);
  }
}
