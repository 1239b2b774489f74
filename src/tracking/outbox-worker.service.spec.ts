import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Environment } from '../config/environment.js';
import type { LeasesService } from '../leases/leases.service.js';
import type { RegistryService } from '../registry/registry.service.js';
import type { RunMirrorState, TrainingRun } from '../runs/training-run.schema.js';
import { FakeMlflow } from './fixtures/fake-mlflow.js';
import { FakeOutbox } from './fixtures/fake-outbox.js';
import type { MirroredRuns } from '../runs/mirrored-runs.repository.js';
import { MirrorService } from './mirror.service.js';
import { MlflowError, type MlflowErrorKind } from './mlflow/mlflow.errors.js';
import { OutboxWorker } from './outbox-worker.service.js';
import type { RunMirror } from './run-mirror.service.js';
import { Tracker } from './tracker.service.js';
import { TrackingService } from './tracking.service.js';
import type { VersionMirror } from './version-mirror.service.js';

const noon = Date.UTC(2026, 4, 1, 12);

let mlflow: FakeMlflow;
let outbox: FakeOutbox;
let worker: OutboxWorker;
let service: TrackingService;
let clock: ReturnType<typeof jest.spyOn>;
let now: number;
/** What deliveries of a subject end with; those that are not here succeed. */
let failing: Record<string, MlflowErrorKind | Error>;
let delivered: string[];
let tries: number;
let mirrors: Record<string, RunMirrorState>;
let gone: string[];
let isLeased: boolean;

beforeEach(async () => {
  mlflow = await FakeMlflow.start();
  outbox = new FakeOutbox();
  [failing, delivered, mirrors, gone, isLeased] = [{}, [], {}, [], false];
  [now, tries] = [noon, 0];
  clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
  Logger.overrideLogger(false);
  const tracker = new Tracker({ tracking: { uri: mlflow.url } } as Environment);
  const trainingRuns = {
    endedUnmirrored: () => Promise.resolve([]),
    find: (_id: string) => Promise.resolve(gone.includes(_id) ? null : ({ _id } as TrainingRun)),
    setMirror: (ids: string[], mirror: RunMirrorState) => {
      for (const id of ids) mirrors[id] = mirror;
      return Promise.resolve();
    },
    setWaiting: (error: string) => {
      for (const { subject } of outbox.entries) mirrors[subject] = { state: 'pending', url: null, error };
      return Promise.resolve();
    },
  } as unknown as MirroredRuns;
  const runs = {
    deliver: ({ _id }: TrainingRun) => {
      tries++;
      const failure = failing[_id];
      if (failure instanceof Error) return Promise.reject(failure);
      if (failure !== undefined) return Promise.reject(new MlflowError(failure, `${_id} is ${failure}`));
      delivered.push(_id);
      return Promise.resolve(`page of ${_id}`);
    },
  } as unknown as RunMirror;
  const registry = { models: () => Promise.resolve([]) } as unknown as RegistryService;
  const mirror = new MirrorService(outbox.repository, trainingRuns, registry, runs, {} as VersionMirror);
  const lease = { throwIfLost: () => undefined, release: () => Promise.resolve() };
  const leases = { hold: () => Promise.resolve(isLeased ? null : lease) } as unknown as LeasesService;
  worker = new OutboxWorker(tracker, outbox.repository, mirror, leases);
  service = new TrackingService(tracker, outbox.repository, trainingRuns, worker);
});
afterEach(async () => {
  clock.mockRestore();
  await mlflow.stop();
});
afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

/** Runs ended, a minute after the other. */
const ended = (...runs: string[]): Promise<void> =>
  outbox.note(
    'run',
    runs.map((subject, i) => ({
      subject,
      detector: subject.split('-')[0],
      at: new Date(noon - 3_600_000 + i * 60_000),
    })),
    null,
  );
const after = (seconds: number): Promise<void> => {
  now += seconds * 1000;
  return worker.look();
};

describe('the outbox', () => {
  it('is delivered in the order in which things happened', async () => {
    await ended('url-1', 'flow-1', 'url-2', 'flow-2', 'url-3');
    await worker.look();
    expect(delivered.filter((run) => run.startsWith('url'))).toEqual(['url-1', 'url-2', 'url-3']);
    expect(delivered.filter((run) => run.startsWith('flow'))).toEqual(['flow-1', 'flow-2']);
    expect(mirrors['url-1']).toEqual({ state: 'delivered', url: 'page of url-1', error: null });
    expect(outbox.get('run/url-1').deliveredAt).not.toBeNull();
  });

  it('holds back what is behind a failure, of that detector only', async () => {
    failing = { 'url-1': 'unavailable' };
    await ended('url-1', 'url-2', 'flow-1', 'flow-2');
    await worker.look();
    expect(delivered).toEqual(['flow-1', 'flow-2']);
    failing = {};
    await after(3);
    expect(delivered).toEqual(['flow-1', 'flow-2']);
    await after(1);
    expect(delivered).toEqual(['flow-1', 'flow-2', 'url-1', 'url-2']);
  });

  it.each([
    ['forbidden', 'url-1 is forbidden', 'forbidden'],
    [
      'an error here',
      'something went wrong here; the log has it',
      new TypeError('of undefined, with a secret'),
    ],
  ] as const)(
    'gives up what is %s after eight tries, later and later, and goes on',
    async (_, error, thrown) => {
      failing = { 'url-1': thrown };
      await ended('url-1', 'url-2');
      const pauses: number[] = [];
      for (let attempt = 1; attempt <= 8; attempt++) {
        await worker.look();
        expect(outbox.get('run/url-1')).toMatchObject({ attempts: attempt, error });
        pauses.push((outbox.get('run/url-1').nextAt.getTime() - now) / 1000);
        now = Math.max(now, outbox.get('run/url-1').nextAt.getTime());
      }
      expect(pauses.slice(0, 7)).toEqual([4, 8, 16, 32, 64, 128, 256]);
      expect(mirrors['url-1']).toEqual({ state: 'dead', url: null, error });
      expect(delivered).toEqual(['url-2']);
    },
  );

  it('waits hours for a part of the server that is away', async () => {
    failing = { 'url-1': 'unavailable' };
    await ended('url-1');
    for (let minute = 0; minute < 7 * 60; minute++) await after(60);
    expect(outbox.get('run/url-1')).toMatchObject({ status: 'pending' });
    for (let minute = 0; minute < 2 * 60; minute++) await after(60);
    expect(outbox.get('run/url-1')).toMatchObject({ status: 'dead', attempts: 100 });
  });

  it('gives up at once what a server that is well refuses', async () => {
    failing = { 'url-1': 'refused' };
    await ended('url-1', 'url-2');
    await worker.look();
    expect(delivered).toEqual(['url-2']);
    expect(outbox.get('run/url-1')).toMatchObject({ status: 'dead', error: 'url-1 is refused' });
  });

  it('drops an entry whose subject was deleted before it was delivered', async () => {
    gone = ['url-1'];
    await ended('url-1', 'url-2');
    await worker.look();
    expect(outbox.entries.map(({ _id }) => _id)).toEqual(['run/url-2']);
    expect(delivered).toEqual(['url-2']);
  });

  it('is left to the process that is at it', async () => {
    isLeased = true;
    await ended('url-1');
    await worker.look();
    expect(delivered).toEqual([]);
  });
});

describe('a server that is away, or rejects the token', () => {
  it.each([
    ['unauthorized', 401],
    ['refused', 403],
    ['refused', 302],
  ] as const)('(%s, %i) is waited for; nothing goes dead, and it goes on', async (kind, status) => {
    mlflow.broken = { 'POST experiments/search': status };
    failing = { 'url-1': kind };
    await ended('url-1', 'flow-1');
    await worker.look();
    expect(mirrors['url-1']).toEqual({ state: 'pending', url: null, error: `url-1 is ${kind}` });
    expect(mirrors['flow-1']).toMatchObject({ state: 'pending', error: `url-1 is ${kind}` });
    for (let hour = 0; hour < 20; hour++) await after(3600);
    expect(outbox.entries.map((entry) => [entry.status, entry.attempts])).toEqual([
      ['pending', 0],
      ['pending', 0],
    ]);
    mlflow.broken = {};
    failing = {};
    await after(299);
    expect(delivered).toEqual([]);
    await after(1);
    expect(delivered).toEqual(['url-1', 'flow-1']);
  });

  it('is left alone for 2 s, then 4 s, and 2 s again after a success', async () => {
    mlflow.broken = { 'POST experiments/search': 401 };
    failing = { 'url-1': 'unauthorized', 'url-2': 'unauthorized' };
    await ended('url-1', 'url-2');
    const isTriedAfter = async (seconds: number): Promise<boolean> => {
      const before = tries;
      await after(seconds);
      return tries > before;
    };
    expect(await isTriedAfter(0)).toBe(true);
    expect([await isTriedAfter(1.9), await isTriedAfter(0.1)]).toEqual([false, true]);
    expect([await isTriedAfter(3.9), await isTriedAfter(0.1)]).toEqual([false, true]);
    delete failing['url-1'];
    expect(await isTriedAfter(8)).toBe(true);
    expect(delivered).toEqual(['url-1']);
    expect([await isTriedAfter(1.9), await isTriedAfter(0.1)]).toEqual([false, true]);
  });

  it('is shown in the status', async () => {
    mlflow.broken = { 'POST experiments/search': 401 };
    const { capabilities, problem } = await service.status();
    expect(capabilities).toBeNull();
    expect(problem).toMatch(/401: the user name, password or token is wrong$/);
  });
});

describe('dead letters', () => {
  beforeEach(async () => {
    failing = { 'url-1': 'refused', 'flow-1': 'refused' };
    await ended('url-1', 'flow-1');
    await worker.look();
    failing = {};
  });

  it('are listed with their error', async () => {
    const { counts, dead } = await service.status();
    expect(counts).toEqual({ pending: 0, delivered: 0, dead: 2 });
    expect(dead.map(({ id, error }) => [id, error])).toEqual([
      ['run/flow-1', 'flow-1 is refused'],
      ['run/url-1', 'url-1 is refused'],
    ]);
  });

  it('are sent again, all or some', async () => {
    expect(await service.retry(['run/url-1'])).toBe(1);
    expect(mirrors['url-1']).toEqual({ state: 'pending', url: null, error: null });
    await worker.look();
    expect(delivered).toEqual(['url-1']);
    expect(await service.retry()).toBe(1);
    await worker.look();
    expect(delivered).toEqual(['url-1', 'flow-1']);
  });

  it('are none of what is not one: then none is sent again', async () => {
    await expect(service.retry(['run/url-1', 'run/other'])).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      errors: [{ path: 'ids', message: 'run/other is no entry that was given up' }],
    });
    expect(outbox.get('run/url-1').status).toBe('dead');
  });
});

describe('delivering all now', () => {
  it('leaves nothing, and tries what is not due yet', async () => {
    failing = { 'url-1': 'unavailable' };
    await ended('url-1', 'url-2');
    await worker.look();
    failing = {};
    expect(await service.sync()).toMatchObject({ left: [], problem: null, counts: { delivered: 2 } });
  });

  it('says what waits for a server that is away', async () => {
    mlflow.broken = { 'POST experiments/search': 401 };
    failing = { 'url-1': 'unauthorized' };
    await ended('url-1', 'url-2');
    expect((await service.sync()).left).toEqual(['2 waiting, because url-1 is unauthorized']);
  });

  it('says what failed, and what was given up', async () => {
    failing = { 'url-1': 'unavailable', 'flow-1': 'refused' };
    await ended('url-1', 'flow-1');
    expect((await service.sync()).left).toEqual([
      '1 waiting, because url-1 is unavailable',
      '1 given up, the newest because flow-1 is refused',
    ]);
  });

  it('says that another process is at it', async () => {
    isLeased = true;
    await ended('url-1');
    expect((await service.sync()).left).toEqual(['1 waiting, because another process is delivering']);
  });
});
