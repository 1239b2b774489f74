import { setImmediate } from 'node:timers';

/** Work may take so long before others get their turn. */
const sliceMs = 5;

const waiting: (() => void)[] = [];

/**
 * For work that goes on for long: resolves once whatever has come in meanwhile has had its turn. Of all that wait only
 * one goes on a turn of the event loop: a request would otherwise wait for a slice of each.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(letOneGoOn);
  });
}

function letOneGoOn(): void {
  waiting.shift()!();
  if (waiting.length > 0) setImmediate(letOneGoOn);
}

/** Work whose pieces take next to nothing each. */
export class Slice {
  private since = performance.now();

  get isOver(): boolean {
    return performance.now() - this.since >= sliceMs;
  }

  async next(): Promise<void> {
    await nextTurn();
    this.since = performance.now();
  }
}
