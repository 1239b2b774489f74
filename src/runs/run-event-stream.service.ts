import { setTimeout as wait } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { isDatabaseDown } from '../common/database-failures.js';
import type { RunEvent } from './run-event.schema.js';
import { RunEventsRepository } from './run-events.repository.js';
import { statusNews } from './run-news.js';
import { RunsRepository } from './runs.repository.js';
import { hasEnded } from './training-run.schema.js';

const lookEveryMs = 300;
/** A comment after so much silence keeps proxies from closing the stream and notices readers that are gone. */
const aliveEveryMs = 15_000;
/** A reader whose stream broke comes back after so long. */
const retryMs = 1000;

/** Tells what happens to runs as server-sent events, whichever process works on them. */
@Injectable()
export class RunStory implements BeforeApplicationShutdown {
  private readonly closing = new AbortController();

  constructor(
    private readonly runs: RunsRepository,
    private readonly events: RunEventsRepository,
  ) {}

  /** Open streams would keep the server from closing; their readers come back to another process. */
  beforeApplicationShutdown(): void {
    this.closing.abort();
  }

  /**
   * The story of a run behind event number `after`, as the text of an event stream; null when all of it is told.
   * It ends after the run's last event. It is read as fast as it is written out, no more than a hundred events
   * ahead of the reader.
   * @throws RunUnknownError
   */
  async tell(run: string, after: number): Promise<AsyncIterable<string> | null> {
    const { status, events } = await this.runs.summaryOf(run);
    return hasEnded({ status }) && after >= events ? null : this.follow(run, after);
  }

  private async *follow(run: string, after: number): AsyncGenerator<string> {
    yield `retry: ${retryMs}\n\n`;
    let last = after;
    let spoke = performance.now();
    while (!this.closing.signal.aborted) {
      const { events, ended } = await this.next(run, last);
      for (const event of events) {
        yield written(event);
        last = event.seq;
        spoke = performance.now();
      }
      if (ended) return;
      if (performance.now() - spoke > aliveEveryMs) {
        yield ': still here\n\n';
        spoke = performance.now();
      }
      if (events.length === 0) await this.pause();
    }
  }

  /** The next events. The last one is made up from the run where its worker died before writing it. */
  private async next(run: string, last: number): Promise<{ events: Told[]; ended: boolean }> {
    try {
      const before = await this.runs.summaryOf(run);
      const events: Told[] = await this.events.after(run, last);
      if (events.length > 0 || !hasEnded(before)) return { events, ended: false };
      const missing = last < before.events;
      const end = { ...statusNews(before), seq: before.events, at: before.finishedAt ?? before.createdAt };
      return { events: missing ? [end] : [], ended: true };
    } catch (error) {
      if (!isDatabaseDown(error)) throw error;
      return { events: [], ended: false };
    }
  }

  private async pause(): Promise<void> {
    await wait(lookEveryMs, undefined, { signal: this.closing.signal }).catch(() => undefined);
  }
}

type Told = Pick<RunEvent, 'seq' | 'type' | 'data' | 'at'>;

/** As the HTML standard has it: https://html.spec.whatwg.org/multipage/server-sent-events.html */
function written({ seq, type, data, at }: Told): string {
  return `id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify({ ...data, at })}\n\n`;
}
