import { nextTurn } from '../common/turns.js';

interface Job {
  readonly rows: number;
  readonly work: () => Promise<void>;
}

/**
 * Work that nobody waits for, one job a turn of the event loop, so that answers come first. It holds a bounded number
 * of rows; what does not fit is refused.
 */
export class Backlog {
  private readonly jobs: Job[] = [];
  private rows = 0;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly maxRows: number) {}

  /** Takes a job for later; it must not fail. False when there is no room for its rows. */
  add(rows: number, work: () => Promise<void>): boolean {
    if (this.rows + rows > this.maxRows) return false;
    this.rows += rows;
    if (this.jobs.push({ rows, work }) === 1) this.running = this.run();
    return true;
  }

  /** Resolves when nothing waits. */
  done(): Promise<void> {
    return this.running;
  }

  private async run(): Promise<void> {
    for (let job = this.jobs[0]; job; job = this.jobs[0]) {
      await nextTurn();
      await job.work();
      this.rows -= job.rows;
      this.jobs.shift();
    }
  }
}
