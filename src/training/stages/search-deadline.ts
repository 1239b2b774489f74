/** A signal that follows another one and is also aborted once the time is up. */
export class Deadline {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout | null;
  private timeIsUp = false;

  /** @param ms null for no end of its own */
  constructor(
    private readonly parent: AbortSignal,
    ms: number | null,
  ) {
    if (parent.aborted) this.follow();
    parent.addEventListener('abort', this.follow);
    this.timer = ms === null || parent.aborted ? null : setTimeout(this.expire, ms);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get expired(): boolean {
    return this.timeIsUp;
  }

  /** To be called when the work is over; what still goes on is stopped. */
  close(): void {
    this.controller.abort();
    if (this.timer) clearTimeout(this.timer);
    this.parent.removeEventListener('abort', this.follow);
  }

  private readonly follow = (): void => this.controller.abort(this.parent.reason);

  private readonly expire = (): void => {
    this.timeIsUp = true;
    this.controller.abort();
  };
}
