import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { HeldLease } from './lease.schema.js';
import { LeaseHolder, LeaseLostError } from './lease-holder.js';

/** A store that answers as it is told to. */
class FakeLeases {
  renewals = 0;
  released = 0;
  answer: () => Promise<boolean> = () => Promise.resolve(true);

  renew(): Promise<boolean> {
    this.renewals++;
    return this.answer();
  }

  release(): Promise<void> {
    this.released++;
    return Promise.resolve();
  }
}

const lease: HeldLease = { _id: 'training/tiny', owner: 'spec', token: 7 };

describe('the holder of a lease', () => {
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

  let leases: FakeLeases;
  let holder: LeaseHolder;

  beforeEach(() => {
    jest.useFakeTimers();
    leases = new FakeLeases();
    holder = new LeaseHolder(leases, lease, 1000, performance.now());
  });
  afterEach(() => jest.useRealTimers());

  it('renews it five times within its time, for as long as it is held', async () => {
    await jest.advanceTimersByTimeAsync(3000);
    expect(leases.renewals).toBe(15);
    expect(() => holder.throwIfLost()).not.toThrow();
    await holder.release();
    await jest.advanceTimersByTimeAsync(1000);
    expect([leases.renewals, leases.released, holder.token]).toEqual([15, 1, 7]);
  });

  it('loses it at once when it is another’s', async () => {
    leases.answer = () => Promise.resolve(false);
    await jest.advanceTimersByTimeAsync(200);
    expect(holder.lost.reason).toBeInstanceOf(LeaseLostError);
    expect(() => holder.throwIfLost()).toThrow('the lease training/tiny is lost');
    await holder.release();
    expect([leases.renewals, leases.released]).toEqual([1, 0]);
  });

  it('goes on asking a database that is away, and gives up when the time is up', async () => {
    leases.answer = () => Promise.reject(new Error('away'));
    await jest.advanceTimersByTimeAsync(800);
    expect([leases.renewals, holder.lost.aborted]).toEqual([4, false]);
    await jest.advanceTimersByTimeAsync(200);
    expect(holder.lost.aborted).toBe(true);
  });

  it('keeps it when the database comes back in time', async () => {
    leases.answer = () => Promise.reject(new Error('away'));
    await jest.advanceTimersByTimeAsync(700);
    leases.answer = () => Promise.resolve(true);
    await jest.advanceTimersByTimeAsync(1000);
    expect(holder.lost.aborted).toBe(false);
  });

  it('counts the time from before the renewal was asked for', async () => {
    // An answer that takes 700 ms says nothing about the 700 ms to come.
    leases.answer = () => new Promise((resolve) => setTimeout(resolve, 700, true));
    await jest.advanceTimersByTimeAsync(900);
    leases.answer = () => Promise.reject(new Error('away'));
    await jest.advanceTimersByTimeAsync(250);
    expect(holder.lost.aborted).toBe(false);
    await jest.advanceTimersByTimeAsync(50);
    expect(holder.lost.aborted).toBe(true);
  });

  it('knows after a standstill that the time is up, before any timer has told', () => {
    jest.setSystemTime(Date.now());
    jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 1000);
    expect(() => holder.throwIfLost()).toThrow(LeaseLostError);
    jest.restoreAllMocks();
  });
});
