import { jest } from '@jest/globals';
import { Poller } from './poller.js';

describe('a poller', () => {
  let looks: { end: () => void; fail: (error: Error) => void }[];
  let errors: unknown[];
  let poller: Poller;

  beforeEach(() => {
    jest.useFakeTimers();
    looks = [];
    errors = [];
    poller = new Poller(
      () => new Promise((end, fail) => looks.push({ end, fail })),
      (error) => errors.push(error),
    );
  });
  afterEach(() => jest.useRealTimers());

  const endLook = async (): Promise<void> => {
    looks.at(-1)!.end();
    await jest.advanceTimersByTimeAsync(0);
  };

  it('looks once in its time, and not before it has begun', async () => {
    await jest.advanceTimersByTimeAsync(5000);
    expect([looks.length, poller.isRunning]).toEqual([0, false]);
    poller.begin(1000);
    poller.begin(1000);
    for (const expected of [0, 1, 2, 3]) {
      expect([looks.length, poller.isRunning]).toEqual([expected, true]);
      await jest.advanceTimersByTimeAsync(1000);
      await endLook();
    }
  });

  it('leaves out what comes due while a look is under way', async () => {
    poller.begin(1000);
    await jest.advanceTimersByTimeAsync(5000);
    expect(looks).toHaveLength(1);
    await endLook();
    expect(looks).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1000);
    expect(looks).toHaveLength(2);
  });

  it('looks once more behind a look for all who ask meanwhile', async () => {
    const first = poller.look();
    const asked = [poller.look(), poller.look()];
    expect(looks).toHaveLength(1);
    await endLook();
    await first;
    expect(looks).toHaveLength(2);
    await endLook();
    await Promise.all(asked);
    expect(looks).toHaveLength(2);
  });

  it('goes on after a look that fails, and says why it did', async () => {
    poller.begin(1000);
    const look = poller.look();
    looks[0].fail(new Error('away'));
    await look;
    expect(errors).toEqual([new Error('away')]);
    await jest.advanceTimersByTimeAsync(1000);
    expect(looks).toHaveLength(2);
  });

  it('ends with its last look and begins no other', async () => {
    poller.begin(1000);
    const asked = [poller.look(), poller.look()];
    let isStopped = false;
    const stop = poller.stop().then(() => (isStopped = true));
    await jest.advanceTimersByTimeAsync(5000);
    expect(isStopped).toBe(false);
    await endLook();
    await Promise.all([...asked, stop]);
    poller.begin(1000);
    await poller.look();
    await jest.advanceTimersByTimeAsync(5000);
    expect([looks.length, poller.isRunning]).toEqual([1, false]);
  });

  it('takes times beyond those of timers', async () => {
    poller.begin(1e12);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(looks).toHaveLength(0);
  });
});
