import { setTimeout as wait } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { mongo } from 'mongoose';
import type { ContractsService } from '../detector/contracts.service.js';
import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import type { Retraining } from '../detector/retraining.js';
import { CronJobs } from './cron-jobs.service.js';
import { FakeClock } from './fixtures/fakes.js';
import type { SlotsService } from './slots.service.js';

/** Notes the slots that are come to. */
class FakeSlots {
  readonly taken: string[] = [];
  failures: Error[] = [];

  take(detector: string, slot: Date): Promise<void> {
    const failure = this.failures.shift();
    if (failure) return Promise.reject(failure);
    this.taken.push(`${detector} ${slot.toISOString()}`);
    return Promise.resolve();
  }
}

describe('the cron jobs', () => {
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

  let clock: FakeClock;
  let slots: FakeSlots;
  let registry: SchedulerRegistry;
  let jobs: CronJobs;

  const begin = (retraining: Partial<Retraining>, time = clock): void => {
    const contract = tinyContract({ retraining });
    const contracts = { detectors: ['tiny'], get: () => contract } as unknown as ContractsService;
    jobs = new CronJobs(contracts, registry, slots as unknown as SlotsService, time);
    jobs.begin();
  };
  const tickAt = async (moment: string): Promise<void> => {
    clock.set(moment);
    jest.advanceTimersByTime(500);
    await wait(5);
  };

  beforeEach(() => {
    // Only the interval's: the promises of timers are real ones.
    jest.useFakeTimers();
    clock = new FakeClock('2026-03-01T00:30:00Z');
    slots = new FakeSlots();
    registry = new SchedulerRegistry();
  });
  afterEach(async () => {
    await jobs.beforeApplicationShutdown();
    jest.useRealTimers();
  });

  it('come to each slot of the zone, at the slot’s time and not the tick’s', async () => {
    begin({ cron: '17 2 * * *', timeZone: 'Europe/Berlin' });
    await tickAt('2026-03-01T01:17:00.040Z');
    await tickAt('2026-03-02T01:17:01.900Z');
    expect(slots.taken).toEqual(['tiny 2026-03-01T01:17:00.000Z', 'tiny 2026-03-02T01:17:00.000Z']);
  });

  it('take the last of five slots that the process slept through, once', async () => {
    begin({ cron: '*/10 * * * *' });
    await tickAt('2026-03-01T01:25:00Z');
    await tickAt('2026-03-01T01:29:59Z');
    expect(slots.taken).toEqual(['tiny 2026-03-01T01:20:00.000Z']);
  });

  it('take no slot that was due an hour ago', async () => {
    begin({ cron: '17 2 * * *' });
    await tickAt('2026-03-01T03:17:01Z');
    expect(slots.taken).toEqual([]);
    await tickAt('2026-03-02T02:17:00Z');
    expect(slots.taken).toEqual(['tiny 2026-03-02T02:17:00.000Z']);
  });

  it('take nothing old on start', async () => {
    clock.set('2026-03-01T02:17:00.001Z');
    begin({ cron: '17 2 * * *' });
    await tickAt('2026-03-01T02:17:30Z');
    expect(slots.taken).toEqual([]);
  });

  it('wait for the jitter, and leave when the process stops', async () => {
    begin({ cron: '17 2 * * *', jitterSeconds: 3600 });
    await tickAt('2026-03-01T02:17:00Z');
    await jobs.beforeApplicationShutdown();
    expect(slots.taken).toEqual([]);
  });

  it('ask again while the database is away, and give up what fails otherwise', async () => {
    begin({ cron: '17 2 * * *' });
    slots.failures = [new mongo.MongoNetworkError('away')];
    await tickAt('2026-03-01T02:17:00Z');
    expect(slots.taken).toEqual([]);
    await wait(1100);
    expect(slots.taken).toEqual(['tiny 2026-03-01T02:17:00.000Z']);
    slots.failures = [new Error('wrong')];
    await tickAt('2026-03-02T02:17:00Z');
    await wait(1100);
    expect(slots.taken).toHaveLength(1);
  });

  it('are none where the contract has no times', () => {
    begin({ newRecords: 10 });
    expect(registry.getIntervals()).toEqual([]);
  });

  it('come to each slot once, by themselves', async () => {
    const real = { now: () => new Date() } as FakeClock;
    begin({ cron: '* * * * * *' }, real);
    for (let i = 0; i < 10; i++) {
      jest.advanceTimersByTime(500);
      await wait(5);
    }
    expect(slots.taken.length).toBeGreaterThanOrEqual(4);
    expect(new Set(slots.taken).size).toBe(slots.taken.length);
    for (const slot of slots.taken) expect(slot).toMatch(/:\d\d\.000Z$/);
  });

  it('take no slot again where the clock is set back', async () => {
    begin({ cron: '17 2 * * *' });
    await tickAt('2026-03-01T02:17:00Z');
    await tickAt('2026-03-01T01:00:00Z');
    await tickAt('2026-03-01T02:17:01Z');
    expect(slots.taken).toHaveLength(1);
    await tickAt('2026-03-02T02:17:00Z');
    expect(slots.taken).toHaveLength(2);
  });
});
