import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { AuditService } from '../access/audit.service.js';
import type { Environment } from '../config/environment.js';
import { RetentionRunningError } from './retention.errors.js';
import type { RetentionOutcome } from './retention-outcome.schema.js';
import { RetentionSchedule } from './retention-schedule.service.js';
import type { RetentionService } from './retention.service.js';

/** Local time: the hours are the machine's. */
const night = (hour: number, minute = 0): Date => new Date(2099, 4, 10, hour, minute);

describe('the nightly retention', () => {
  let last: RetentionOutcome | null;
  let applied: string[];
  let audited: unknown[];
  let failure: Error | null;
  let logged: string[];
  let schedule: RetentionSchedule;

  beforeEach(() => {
    jest.useFakeTimers();
    [last, applied, audited, failure, logged] = [null, [], [], null, []];
    const outcome = { at: night(3, 5), detectors: [] } as unknown as RetentionOutcome;
    const retention = {
      last: () => Promise.resolve(last),
      apply: (by: string) => {
        if (failure) return Promise.reject(failure);
        applied.push(by);
        last = outcome;
        return Promise.resolve(outcome);
      },
    };
    const audit = { record: (...event: unknown[]) => Promise.resolve(void audited.push(event)) };
    const keep = (_: unknown, text: string): unknown => logged.push(text);
    Logger.overrideLogger({ log: () => undefined, debug: () => undefined, warn: keep, error: keep });
    schedule = new RetentionSchedule(
      { retention: true } as Environment,
      retention as unknown as RetentionService,
      audit as unknown as AuditService,
    );
  });

  afterEach(() => jest.useRealTimers());
  afterAll(() => Logger.overrideLogger(['log', 'debug', 'warn', 'error']));

  const lookAt = (time: Date): Promise<void> => {
    jest.setSystemTime(time);
    return schedule.look();
  };
  const lastAt = (at: Date): void => {
    last = { at, detectors: [] } as unknown as RetentionOutcome;
  };

  it('is due once a night, from three o’clock on, and leaves an event in the audit', async () => {
    lastAt(new Date(2099, 4, 9, 3, 10));
    await lookAt(night(2, 59));
    expect(applied).toEqual([]);
    await lookAt(night(3, 0));
    await lookAt(night(3, 10));
    await lookAt(night(23));
    expect(applied).toEqual(['retention']);
    expect(audited).toEqual([['retention', 'POST', '/v1/admin/retention', 200]]);
  });

  it('is made up for by whoever looks next when nobody was there at three', async () => {
    lastAt(new Date(2099, 4, 8, 3));
    await lookAt(night(14));
    expect(applied).toHaveLength(1);
  });

  it('does not begin in the moment of a first start, but with the next night', async () => {
    await lookAt(new Date());
    expect(applied).toEqual([]);
    await lookAt(night(3));
    expect(applied).toHaveLength(1);
  });

  it('leaves it to another process that is at it, and tells of failures', async () => {
    failure = new RetentionRunningError();
    await lookAt(night(4));
    expect([applied, audited, logged]).toEqual([[], [], []]);
    failure = new Error('broken');
    await lookAt(night(4));
    expect(logged).toEqual(['the retention policy could not be applied']);
    failure = null;
    await lookAt(night(4));
    expect(applied).toHaveLength(1);
  });
});
