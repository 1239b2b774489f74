// Places in the shared words, each on a cache line of its own, so that writing one does not slow reading another.
/** 256 x the number of the step's turn + the share that is taken next. */
const ticket = 0;
const current = 16;
const finished = 32;
const failed = 48;
const words = 64;

const farewell = -1;

/** Looks before a thread goes to sleep: some tens of microseconds, more than the gap between most steps. */
const looks = 4000;

/** Whoever sleeps wakes up this often, to look whether those who are waited for are still there. */
const sleepMs = 200;

/** Shares are distinguished by a byte. */
export const mostShares = 255;

/**
 * Where the threads of a crew meet. The leader calls a step, and whoever is free, the leader among them, takes the
 * next share of it. So nobody waits for a thread that has not begun, because it still starts up or another process
 * has its core, but only for shares that are being done. Whoever waits looks again and again for a moment and then
 * sleeps.
 */
export class Rendezvous {
  /** @param shares how many each step has, 1 to 255 */
  constructor(
    private readonly shares: number,
    readonly slots: Int32Array = newSlots(),
  ) {}

  /**
   * Does a step with those who come.
   * @param check throws where it is no use to wait for the members
   * @returns false when a member has failed
   */
  lead(step: number, work: (share: number) => void, check = (): void => undefined): boolean {
    const { slots, shares } = this;
    check();
    this.call(step);
    for (let share = this.takeShare(); share >= 0; share = this.takeShare()) {
      work(share);
      Atomics.add(slots, finished, 1);
    }
    for (;;) {
      const seen = Atomics.load(slots, finished);
      if (Atomics.load(slots, failed) === 1) return false;
      if (seen === shares) return true;
      awaitChange(slots, finished, seen, check);
    }
  }

  /** Sends all members home; one that is still at a share finishes that first. */
  dismiss(): void {
    this.call(farewell);
  }

  /** A member's whole service: it returns when the leader dismisses it. */
  serve(work: (step: number, share: number) => void): void {
    const { slots } = this;
    for (;;) {
      const seen = Atomics.load(slots, ticket);
      const share = this.takeShare();
      // While a share is not done the leader calls no other step.
      const step = Atomics.load(slots, current);
      if (step === farewell) return;
      if (share < 0) {
        awaitChange(slots, ticket, seen);
      } else {
        work(step, share);
        this.report();
      }
    }
  }

  /** Tells the leader not to wait for a member any more. */
  fail(): void {
    Atomics.store(this.slots, failed, 1);
    this.report();
  }

  /** The number of a share that nobody else has, or -1 when all are taken. */
  private takeShare(): number {
    const { slots, shares } = this;
    for (;;) {
      const seen = Atomics.load(slots, ticket);
      const share = seen & 255;
      if (share >= shares) return -1;
      if (Atomics.compareExchange(slots, ticket, seen, seen + 1) === seen) return share;
    }
  }

  private call(step: number): void {
    const { slots } = this;
    Atomics.store(slots, current, step);
    Atomics.store(slots, finished, 0);
    Atomics.store(slots, ticket, ((Atomics.load(slots, ticket) | 255) + 1) | 0);
    Atomics.notify(slots, ticket);
  }

  private report(): void {
    Atomics.add(this.slots, finished, 1);
    Atomics.notify(this.slots, finished);
  }
}

function awaitChange(slots: Int32Array, at: number, from: number, check?: () => void): void {
  for (let i = 0; i < looks; i++) if (Atomics.load(slots, at) !== from) return;
  waitForChange(slots, at, from, check);
}

/** Sleeps until another thread has changed a word. @throws what `check` throws, which is called now and then meanwhile */
export function waitForChange(
  words: Int32Array,
  at: number,
  from: number,
  check: () => void = () => undefined,
): void {
  while (Atomics.wait(words, at, from, sleepMs) === 'timed-out') check();
}

/** Words in which no share is left to take. */
function newSlots(): Int32Array {
  const slots = new Int32Array(new SharedArrayBuffer(4 * words));
  slots[ticket] = mostShares;
  return slots;
}
