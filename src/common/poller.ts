/** Node takes a longer time than this for none at all, milliseconds. */
const longestMs = 2 ** 31 - 1;

/**
 * Looks again and again, one look at a time: a look takes seconds while the database is away, and looks do not pile up
 * behind it. A look that fails is handed to `onError` and followed by the next one.
 */
export class Poller {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | null = null;
  private another: Promise<void> | null = null;
  private isStopped = false;

  constructor(
    private readonly lookOnce: () => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Whether it looks by itself. */
  get isRunning(): boolean {
    return this.timer !== undefined;
  }

  /** Looks every so often from now on; does not keep the process alive. Does nothing the second time. */
  begin(everyMs: number): void {
    if (this.isStopped) return;
    const look = (): void => {
      if (this.looking === null) void this.look();
    };
    this.timer ??= setInterval(look, Math.min(everyMs, longestMs)).unref();
  }

  /**
   * Looks now; while a look is under way, once more behind it, as that one may have missed what the caller means. Ends
   * with the look and never fails; does nothing after `stop`.
   */
  look(): Promise<void> {
    if (this.looking !== null) {
      this.another ??= this.looking.then(() => {
        this.another = null;
        return this.look();
      });
      return this.another;
    }
    if (this.isStopped) return Promise.resolve();
    this.looking = this.attempt().finally(() => (this.looking = null));
    return this.looking;
  }

  /** Begins no further look; ends when the one under way has. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    this.timer = undefined;
    await this.looking;
  }

  private async attempt(): Promise<void> {
    try {
      await this.lookOnce();
    } catch (error) {
      this.onError(error);
    }
  }
}
