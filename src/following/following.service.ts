import { resolve } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import type { FlowLogItem } from '../ingestion/readers/flow/flow-item.js';
import { FlowLogTally } from '../ingestion/readers/flow/flow-log-tally.js';
import type { VerdictName } from '../registry/bundle/scoring-model.js';
import { Reporter } from './alerts/reporter.js';
import { LogScorers } from './log-scorer.js';
import { LogFollower } from './log/log-follower.js';
import type { Place } from './log/place.js';
import { PlaceStore } from './log/place-store.js';
import { openReceiver, type ReceiverOptions } from './receivers/receivers.js';

export interface FollowOrder extends ReceiverOptions {
  readonly detector: string;
  readonly log: string;
  /** The mildest verdict that is an alert. */
  readonly least: VerdictName;
  /** Where to begin in a log that was not followed before. */
  readonly from: 'start' | 'end';
}

/** What has been done since the process began to follow. */
export interface FollowSummary {
  readonly detector: string;
  readonly log: string;
  /** Lines by what they hold; every line that is not blank is in one of the counts. */
  readonly lines: Readonly<Record<FlowLogItem['kind'], number>>;
  /** Of flows. */
  readonly verdicts: Readonly<Record<VerdictName, number>>;
  /** Of the addresses of EVE's http and tls events. */
  readonly urls: Readonly<Record<VerdictName, number>>;
  /** That the receiver took. */
  readonly alerts: number;
  /** Alerts that entries of the lists kept back. */
  readonly suppressed: number;
  /** The first lines that could not be read. */
  readonly rejected: readonly { readonly line: number; readonly code: string; readonly problem: string }[];
}

/** A place is saved when the log is quiet, and at least this often when it is not. */
const saveEveryMs = 1000;
/** How long what is under way may take when the process is to end. */
const settleMs = 5000;

/** Follows a log of flows and takes alerts to a receiver, each once or more. */
@Injectable()
export class FollowingService {
  private readonly logger = new Logger(FollowingService.name);

  constructor(
    private readonly environment: Environment,
    private readonly places: PlaceStore,
    private readonly scorers: LogScorers,
  ) {}

  /**
   * Reads on until `stop`. While the receiver is away nothing is read. The place is saved only behind what the
   * receiver has taken: whatever happens in between is read, scored and sent again.
   * @param onProgress called with the state so far, a batch at a time
   */
  async follow(
    order: FollowOrder,
    stop: AbortSignal,
    onProgress: (summary: FollowSummary) => void = () => undefined,
  ): Promise<FollowSummary> {
    const sink = openReceiver(order, this.environment);
    const log = resolve(order.log);
    const follower = [order.detector, log, order.to ?? resolve(order.out ?? '-')];
    const reporter = new Reporter(this.scorers.open(order.detector), order);
    const place = await this.places.load(follower);
    const onNote = (note: string): void => this.logger.warn(note);
    const saver = new PlaceSaver((next) => this.places.save(follower, next));
    const impatience = abortedAfter(stop, settleMs);
    const tally = new FlowLogTally();
    let alerts = 0;
    const summary = (): FollowSummary => summaryOf(order, tally, reporter, alerts);
    this.logger.log(`following ${log} from byte ${place?.offset ?? 0}, alerts go to ${sink.name}`);
    try {
      for await (const batch of new LogFollower(log, { place, from: order.from, onNote }).batches(stop)) {
        if (batch.isContext) {
          await reporter.recall(batch.items);
          continue;
        }
        const found = await reporter.report(batch.items);
        await sink.deliver(found, impatience);
        alerts += found.length;
        for (const item of batch.items) tally.add(item);
        await saver.settled(batch.place, batch.caughtUp);
        onProgress(summary());
      }
    } catch (error) {
      if (!impatience.aborted || (error as Error).name !== 'AbortError') throw error;
      this.logger.warn(`${sink.name} did not take the last alerts in time: they are sent at the next start`);
    } finally {
      await saver.end();
      await sink.close();
    }
    return summary();
  }
}

/** Saves places, not each of many. */
class PlaceSaver {
  private unsaved: Place | null = null;
  private savedAt = 0;

  constructor(private readonly save: (place: Place) => Promise<void>) {}

  async settled(place: Place, isQuiet: boolean): Promise<void> {
    this.unsaved = place;
    if (isQuiet || Date.now() - this.savedAt >= saveEveryMs) await this.end();
  }

  async end(): Promise<void> {
    if (this.unsaved) await this.save(this.unsaved);
    this.unsaved = null;
    this.savedAt = Date.now();
  }
}

function abortedAfter(signal: AbortSignal, ms: number): AbortSignal {
  const later = new AbortController();
  signal.addEventListener('abort', () => void setTimeout(() => later.abort(), ms).unref(), { once: true });
  return later.signal;
}

function summaryOf(
  { detector, log }: FollowOrder,
  { counts, faults }: FlowLogTally,
  { flows, urls, suppressed }: Reporter,
  alerts: number,
): FollowSummary {
  const rejected = faults.map(({ line, code, problem }) => ({ line, code, problem }));
  return {
    ...{ detector, log, lines: { ...counts }, verdicts: { ...flows }, urls: { ...urls } },
    ...{ alerts, suppressed, rejected },
  };
}
