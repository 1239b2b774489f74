import { OneAtATime } from '../common/one-at-a-time.js';
import type { AuditEvent } from './audit-event.schema.js';

/** Kinds of refusals that have an event of their own within a minute; the rest share one. */
export const mostKinds = 200;
const windowMs = 60_000;

/** Refusals of one kind, or those of them that were not written before. */
export type CountedEvent = AuditEvent & Required<Pick<AuditEvent, 'count' | 'lastAt'>>;

interface Tally {
  readonly event: AuditEvent;
  readonly writes: OneAtATime;
  /** Refusals that are not written yet. */
  waiting: number;
  lastAt: Date;
}

/**
 * Counts refusals instead of keeping each: whoever is refused may ask again as fast as they like. The first of a kind
 * within a minute is written at once, the others raise its count by a write now and then.
 */
export class RefusalTally {
  private tallies = new Map<string, Tally>();
  private minute = -1;
  /** Of minutes that are over, and not written whole. */
  private over: Tally[] = [];

  /** @param add adds to the event of an id, which it makes where there is none; of one id it is asked one at a time */
  constructor(private readonly add: (event: CountedEvent) => Promise<void>) {}

  /** Counts a refusal. @returns its writing where it is the first of its kind, null where it waits for `flush` */
  note(kind: string, eventOf: () => AuditEvent, now: Date): Promise<void> | null {
    this.turnTo(Math.floor(now.getTime() / windowMs));
    const known = this.tallies.get(kind);
    if (known) return this.raise(known, now);
    if (this.tallies.size < mostKinds) return this.begin(kind, eventOf());
    const rest = this.tallies.get('');
    if (rest) return this.raise(rest, now);
    return this.begin('', { ...eventOf(), actor: 'several', key: null, method: '*', path: '*' });
  }

  /** Whether nothing waits to be written. */
  get isWritten(): boolean {
    return ![...this.over, ...this.tallies.values()].some(({ waiting }) => waiting > 0);
  }

  /** Writes what waits. What cannot be written is tried again with the next flush, until its minute is over. */
  async flush(): Promise<void> {
    const due = [...this.over.splice(0), ...this.tallies.values()];
    const written = await Promise.allSettled(due.map((tally) => this.save(tally)));
    const failed = written.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private begin(kind: string, event: AuditEvent): Promise<void> {
    const tally = { event, writes: new OneAtATime(), waiting: 1, lastAt: event.at };
    this.tallies.set(kind, tally);
    return this.save(tally);
  }

  private raise(tally: Tally, now: Date): null {
    tally.waiting++;
    tally.lastAt = now;
    return null;
  }

  private turnTo(minute: number): void {
    if (minute === this.minute) return;
    this.minute = minute;
    this.over.push(...this.tallies.values());
    this.tallies = new Map();
  }

  private save(tally: Tally): Promise<void> {
    return tally.writes.run(async () => {
      const { event, waiting: count, lastAt } = tally;
      if (count === 0) return;
      tally.waiting = 0;
      try {
        await this.add({ ...event, count, lastAt });
      } catch (error) {
        tally.waiting += count;
        throw error;
      }
    });
  }
}
