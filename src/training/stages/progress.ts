import type { WorkContext } from '../../compute/compute.service.js';

/** The progress of a stage that is made of many tasks: the mean of theirs. */
export class Progress {
  private readonly shares: number[] = [];
  private least = 0;

  constructor(
    private readonly tasks: number,
    private readonly context: WorkContext,
  ) {}

  /** The context of the next task. */
  step(signal = this.context.signal): WorkContext {
    const step = this.shares.push(0) - 1;
    return {
      signal,
      onProgress: (done, total) => {
        this.shares[step] = done / total;
        this.tell();
      },
    };
  }

  /** As much as `tasks` tasks is done, whether all of them were or fewer were enough. */
  reach(tasks: number): void {
    this.shares.fill(0);
    this.least = tasks;
    this.tell();
  }

  private tell(): void {
    const done = this.least + this.shares.reduce((sum, share) => sum + share, 0);
    this.context.onProgress(done, this.tasks);
  }
}
