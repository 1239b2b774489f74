import { LRUCache } from 'lru-cache';

export interface SharedWorkLimits {
  /** Pieces of work that are done at once in a process. */
  readonly atOnce: number;
  /** Pieces that wait for them. */
  readonly waiting: number;
}

/** An answer is kept as long as it took to work out, within these: then dear ones take half of the time at most. */
const keptAtLeastMs = 2000;
const keptAtMostMs = 30_000;
const mostKept = 50;

/**
 * Work that many may ask for and that costs much: equal questions share one piece of it and its answer for a while, few
 * pieces are done at once, few wait, and more are refused.
 */
export class SharedWork<T extends object> {
  private readonly underWay = new Map<string, Promise<T>>();
  private readonly kept = new LRUCache<string, T>({ max: mostKept });
  private readonly line: (() => void)[] = [];
  private free: number;

  /** @param refusal the error of who comes when too many wait */
  constructor(
    private readonly limits: SharedWorkLimits,
    private readonly refusal: () => Error,
  ) {
    this.free = limits.atOnce;
  }

  /** The answer to a question. What fails is not kept, but fails for all who have asked meanwhile. */
  get(question: string, work: () => Promise<T>): Promise<T> {
    const known = this.kept.get(question);
    if (known) return Promise.resolve(known);
    let answer = this.underWay.get(question);
    if (!answer) {
      answer = this.inTurn(() => this.workOut(question, work)).finally(() => this.underWay.delete(question));
      this.underWay.set(question, answer);
    }
    return answer;
  }

  private async workOut(question: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const answer = await work();
    const ttl = Math.min(Math.max(performance.now() - start, keptAtLeastMs), keptAtMostMs);
    this.kept.set(question, answer, { ttl });
    return answer;
  }

  private async inTurn(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--;
    else if (this.line.length >= this.limits.waiting) throw this.refusal();
    else await new Promise<void>((turn) => this.line.push(turn));
    try {
      return await work();
    } finally {
      const next = this.line.shift();
      if (next) next();
      else this.free++;
    }
  }
}
