import type { ApiKey } from './api-key.schema.js';

interface Known {
  readonly key: ApiKey | null;
  /** When it has to be read again. */
  staleAt: number;
}

/** A key that was read is trusted this long, so that revoking one works everywhere within two seconds. */
const trustMs = 1000;
/** So long behind that, requests go on with what is known while it is read: none of them waits for a busy database. */
const overlapMs = 500;
/** A database that takes longer counts as away for a key that is known. */
const patienceMs = 250;
/** Ids kept, unknown ones included; guesses push out the oldest. */
const maxKnown = 10_000;

/**
 * Keys by their ids, read again each second. While the database is away or slow, a key that was read before
 * goes on being honoured as it was: what it says counts as soon as it answers.
 */
export class KeyCache {
  private readonly known = new Map<string, Known>();
  private readonly reading = new Map<string, Promise<ApiKey | null>>();

  constructor(private readonly find: (id: string) => Promise<ApiKey | null>) {}

  async get(id: string): Promise<ApiKey | null> {
    const known = this.known.get(id);
    const staleMs = known ? Date.now() - known.staleAt : 0;
    if (known && staleMs < 0) return known.key;
    if (!known?.key) return this.read(id);
    const reading = within(patienceMs, this.read(id)).catch(() => {
      known.staleAt = Date.now() + trustMs;
      return known.key;
    });
    return staleMs < overlapMs ? known.key : reading;
  }

  forget(id: string): void {
    this.known.delete(id);
  }

  /** Requests that come while the same key is being read share the answer. */
  private read(id: string): Promise<ApiKey | null> {
    const running = this.reading.get(id);
    if (running) return running;
    const staleAt = Date.now() + trustMs;
    const reading = this.find(id)
      .then((key) => {
        this.known.delete(id);
        this.known.set(id, { key, staleAt });
        if (this.known.size > maxKnown) this.known.delete(this.known.keys().next().value!);
        return key;
      })
      .finally(() => this.reading.delete(id));
    this.reading.set(id, reading);
    return reading;
  }
}

/** What `work` gives, or an error when it gives nothing in time. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing within ${ms} ms`)), ms).unref();
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
