import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Environment } from '../config/environment.js';
import type { Contract } from '../detector/contract.js';
import type { ContractsService } from '../detector/contracts.service.js';
import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import { LeaseLostError } from '../leases/lease-holder.js';
import type { LeasesService } from '../leases/leases.service.js';
import { TriggerWatch } from './trigger-watch.service.js';
import type { TriggersService } from './triggers.service.js';

/** One lease for all processes. */
class FakeLeases {
  holder: object | null = null;

  hold(): Promise<object | null> {
    if (this.holder) return Promise.resolve(null);
    const controller = new AbortController();
    this.holder = {
      lost: controller.signal,
      lose: () => {
        controller.abort(new LeaseLostError('schedule/triggers'));
        this.holder = null;
      },
      throwIfLost: () => controller.signal.throwIfAborted(),
      release: () => Promise.resolve(void (this.holder = null)),
    };
    return Promise.resolve(this.holder);
  }
}

describe('the watch over triggers', () => {
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

  const detectors = new Map<string, Contract>([
    ['asks', tinyContract({ detector: 'asks', retraining: { newRecords: 10 } })],
    ['never', tinyContract({ detector: 'never' })],
    ['drifts', tinyContract({ detector: 'drifts', retraining: { drift: 0.5 } })],
  ]);
  let leases: FakeLeases;
  let looks: string[];
  let failing: string | null;

  const processNamed = (name: string): TriggerWatch => {
    const check = ({ detector }: Contract): Promise<void> => {
      looks.push(`${name} ${detector}`);
      return detector === failing ? Promise.reject(new Error('wrong')) : Promise.resolve();
    };
    const watch = new TriggerWatch(
      { triggerCheckMs: 1000, runLeaseMs: 500 } as Environment,
      {
        detectors: [...detectors.keys()],
        get: (name: string) => detectors.get(name),
      } as unknown as ContractsService,
      leases as unknown as LeasesService,
      { check } as unknown as TriggersService,
    );
    watch.begin();
    return watch;
  };

  beforeEach(() => {
    jest.useFakeTimers();
    leases = new FakeLeases();
    looks = [];
    failing = null;
  });
  afterEach(() => jest.useRealTimers());

  it('looks at each detector with triggers, in one process, again and again', async () => {
    const [a, b] = [processNamed('a'), processNamed('b')];
    await jest.advanceTimersByTimeAsync(2000);
    expect(looks).toEqual(['a asks', 'a drifts', 'a asks', 'a drifts']);
    await Promise.all([a, b].map((watch) => watch.beforeApplicationShutdown()));
  });

  it('goes over to another process when the first one stops', async () => {
    const [a, b] = [processNamed('a'), processNamed('b')];
    await jest.advanceTimersByTimeAsync(1000);
    await a.beforeApplicationShutdown();
    await jest.advanceTimersByTimeAsync(1000);
    expect(looks).toEqual(['a asks', 'a drifts', 'b asks', 'b drifts']);
    await b.beforeApplicationShutdown();
  });

  it('stays away from the moment at which the lease is lost, and asks for it again', async () => {
    const watch = processNamed('a');
    await jest.advanceTimersByTimeAsync(1000);
    const { lose } = leases.holder as { lose: () => void };
    lose();
    const other = await leases.hold();
    await jest.advanceTimersByTimeAsync(2000);
    expect(looks).toHaveLength(2);
    (other as { lose: () => void }).lose();
    await jest.advanceTimersByTimeAsync(1000);
    expect(looks).toHaveLength(4);
    await watch.beforeApplicationShutdown();
  });

  it('looks at the next detector where one goes wrong', async () => {
    failing = 'asks';
    const watch = processNamed('a');
    await jest.advanceTimersByTimeAsync(1000);
    expect(looks).toEqual(['a asks', 'a drifts']);
    await watch.beforeApplicationShutdown();
  });
});
