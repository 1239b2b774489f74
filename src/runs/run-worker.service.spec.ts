import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Environment } from '../config/environment.js';
import type { ContractsService } from '../detector/contracts.service.js';
import { type LeaseHolder, LeaseLostError } from '../leases/lease-holder.js';
import type { LeasesService } from '../leases/leases.service.js';
import { queuedRun } from './fixtures/queued-run.js';
import type { RunExecutor } from './run-executor.service.js';
import type { OpenRun, RunQueueRepository } from './run-queue.repository.js';
import { RunWorker } from './run-worker.service.js';
import type { TrainingRun } from './training-run.schema.js';

/** Leases of one process; those in `others` are somebody else's. */
class FakeLeases {
  readonly owner = 'spec';
  readonly others = new Set<string>();
  readonly held = new Map<string, AbortController>();
  token = 0;

  hold(name: string): Promise<LeaseHolder | null> {
    if (this.others.has(name) || this.held.has(name)) return Promise.resolve(null);
    const controller = new AbortController();
    this.held.set(name, controller);
    const holder = {
      token: ++this.token,
      lost: controller.signal,
      throwIfLost: () => controller.signal.throwIfAborted(),
      release: () => Promise.resolve(void this.held.delete(name)),
    };
    return Promise.resolve(holder as unknown as LeaseHolder);
  }
}

/** Runs in the order in which they came; those of `orphans` are put back when their detector is taken. */
class FakeQueue {
  readonly waiting: TrainingRun[] = [];
  readonly orphans: TrainingRun[] = [];
  readonly running = new Map<string, TrainingRun>();
  readonly claims: [run: string, fence: number][] = [];

  add(_id: string, detector = 'tiny'): void {
    this.waiting.push({ ...queuedRun(_id), detector });
  }

  open(): Promise<OpenRun[]> {
    return Promise.resolve([...this.running.values(), ...this.orphans, ...this.waiting]);
  }

  takeBack(detector: string): Promise<number> {
    const lost = this.orphans.filter((run) => run.detector === detector);
    this.waiting.unshift(...lost);
    this.orphans.length = 0;
    return Promise.resolve(lost.length);
  }

  claim(detector: string, lease: LeaseHolder, _: string, id?: string): Promise<TrainingRun | null> {
    lease.throwIfLost();
    const place = this.waiting.findIndex(
      (run) => run.detector === detector && (id === undefined || run._id === id),
    );
    if (place < 0) return Promise.resolve(null);
    const [run] = this.waiting.splice(place, 1);
    this.running.set(run._id, run);
    this.claims.push([run._id, lease.token]);
    return Promise.resolve(run);
  }
}

/** Runs end when they are told to, or are left. */
class FakeExecutor {
  readonly left = new Map<string, unknown>();
  private readonly ends = new Map<string, () => void>();

  constructor(private readonly queue: FakeQueue) {}

  execute(run: TrainingRun, lease: LeaseHolder, stop: AbortSignal): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      this.ends.set(run._id, resolve);
      const leave = (signal: AbortSignal): void => {
        this.left.set(run._id, signal.reason);
        resolve();
      };
      for (const signal of [stop, lease.lost]) signal.addEventListener('abort', () => leave(signal));
    });
    return ended.finally(() => this.queue.running.delete(run._id));
  }

  end(id: string): void {
    this.ends.get(id)!();
  }
}

describe('a worker', () => {
  let leases: FakeLeases;
  let queue: FakeQueue;
  let executor: FakeExecutor;
  let worker: RunWorker;

  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

  beforeEach(() => {
    leases = new FakeLeases();
    queue = new FakeQueue();
    executor = new FakeExecutor(queue);
    worker = new RunWorker(
      { runLeaseMs: 1000 } as Environment,
      { detectors: ['tiny', 'other'] } as unknown as ContractsService,
      leases as unknown as LeasesService,
      queue as unknown as RunQueueRepository,
      executor as unknown as RunExecutor,
    );
  });
  afterEach(() => worker.beforeApplicationShutdown());

  const claimed = (): string[] => queue.claims.map(([run]) => run);
  const look = async (): Promise<void> => {
    worker.nudge();
    await wait(5);
  };

  it('takes the runs of a detector one after the other, oldest first', async () => {
    for (const run of ['a', 'b', 'c']) queue.add(run);
    worker.begin();
    await look();
    await look();
    expect(claimed()).toEqual(['a']);
    executor.end('a');
    await wait(5);
    expect(claimed()).toEqual(['a', 'b']);
    expect(leases.held.has('training/tiny')).toBe(true);
  });

  it('works on several detectors side by side, and on none that it does not know', async () => {
    queue.add('a');
    queue.add('b', 'other');
    queue.add('c', 'elsewhere');
    worker.begin();
    await look();
    expect(claimed()).toEqual(['a', 'b']);
  });

  it('leaves a detector alone that another process is at, until that one is done', async () => {
    leases.others.add('training/tiny');
    queue.add('a');
    worker.begin();
    await look();
    expect(claimed()).toEqual([]);
    leases.others.clear();
    await look();
    expect(claimed()).toEqual(['a']);
  });

  it('takes up what a dead worker left before what waits', async () => {
    queue.add('new');
    queue.orphans.push({ ...queuedRun('left'), status: 'running' });
    worker.begin();
    await look();
    expect(queue.claims).toEqual([['left', 1]]);
  });

  it('gives the lease back when nothing waits any more', async () => {
    queue.add('a');
    worker.begin();
    await look();
    executor.end('a');
    await wait(5);
    expect(leases.held.size).toBe(0);
  });

  it('leaves a run that somebody wants cancelled, and goes on with the next', async () => {
    queue.add('a');
    queue.add('b');
    worker.begin();
    await look();
    queue.running.get('a')!.cancelRequested = true;
    await look();
    expect(executor.left.get('a')).toMatchObject({ code: 'RUN_CANCELLED' });
    expect(claimed()).toEqual(['a', 'b']);
  });

  it('takes no other run after its lease is lost', async () => {
    queue.add('a');
    queue.add('b');
    worker.begin();
    await look();
    leases.held.get('training/tiny')!.abort(new LeaseLostError('training/tiny'));
    await wait(5);
    expect(executor.left.get('a')).toBeInstanceOf(LeaseLostError);
    expect(claimed()).toEqual(['a']);
  });

  it('gives its run back when it is shut down, takes no other, and waits until that is done', async () => {
    queue.add('a');
    queue.add('b');
    worker.begin();
    await look();
    await worker.beforeApplicationShutdown();
    expect(executor.left.get('a')).toMatchObject({ message: 'its worker was shut down' });
    expect([claimed(), leases.held.size]).toEqual([['a'], 0]);
  });

  it('works on the one run that it is given where it does not look for work', async () => {
    queue.add('a');
    queue.add('b');
    worker.nudge();
    await wait(5);
    expect(claimed()).toEqual([]);
    await worker.take({ _id: 'b', detector: 'tiny' });
    await wait(5);
    executor.end('b');
    await wait(5);
    expect([claimed(), leases.held.size]).toEqual([['b'], 0]);
  });
});
