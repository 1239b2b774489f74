import { setTimeout as wait } from 'node:timers/promises';
import { Deadline } from './search-deadline.js';

describe('a deadline', () => {
  it('aborts when the time is up', async () => {
    const deadline = new Deadline(new AbortController().signal, 5);
    expect([deadline.signal.aborted, deadline.expired]).toEqual([false, false]);
    await wait(30);
    expect([deadline.signal.aborted, deadline.expired]).toEqual([true, true]);
    deadline.close();
  });

  it('follows the signal it was made from, with its reason, and has then not expired', () => {
    const parent = new AbortController();
    const deadline = new Deadline(parent.signal, null);
    parent.abort('cancelled');
    expect([deadline.signal.reason, deadline.expired]).toEqual(['cancelled', false]);
    expect(new Deadline(parent.signal, 1000).signal.aborted).toBe(true);
  });

  it('stops what still goes on when it is closed, and expires no more', async () => {
    const deadline = new Deadline(new AbortController().signal, 5);
    deadline.close();
    await wait(30);
    expect([deadline.signal.aborted, deadline.expired]).toEqual([true, false]);
  });
});
