import type { ContractsService } from '../detector/contracts.service.js';
import { DetectorUnknownError } from '../detector/detector.errors.js';
import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import type { RunAttendant } from './awaited-runs.service.js';
import type { RunWorker } from './run-worker.service.js';
import type { RunsRepository } from './runs.repository.js';
import {
  CandidateUnknownError,
  IdempotencyKeyReusedError,
  ReportNotReadyError,
  RunUnknownError,
} from './runs.errors.js';
import { TrainingService } from './runs.service.js';
import type { TrainingRun } from './training-run.schema.js';

/** Keeps runs as the database would. */
class FakeRuns {
  readonly stored = new Map<string, TrainingRun>();

  create(run: TrainingRun): Promise<TrainingRun> {
    const known = this.stored.get(run._id);
    if (known && known.requestSha256 !== run.requestSha256) {
      return Promise.reject(new IdempotencyKeyReusedError(run._id));
    }
    this.stored.set(run._id, known ?? run);
    return Promise.resolve(known ?? run);
  }

  get(id: string): Promise<TrainingRun> {
    const run = this.stored.get(id);
    return run ? Promise.resolve(run) : Promise.reject(new RunUnknownError(id));
  }

  has(id: string): Promise<boolean> {
    return Promise.resolve(this.stored.has(id));
  }

  countWaiting(detector: string): Promise<number> {
    const waiting = [...this.stored.values()].filter(
      (run) => run.detector === detector && run.status === 'queued' && run.trigger.kind === 'manual',
    );
    return Promise.resolve(waiting.length);
  }

  cancel(id: string): Promise<TrainingRun> {
    return this.get(id);
  }
}

class FakeWorker {
  nudges = 0;
  readonly cancelled: string[] = [];

  nudge(): void {
    this.nudges++;
  }

  cancel(id: string): void {
    this.cancelled.push(id);
  }
}

const contracts = {
  get: (detector: string) => {
    if (detector !== 'tiny') throw new DetectorUnknownError(detector, ['tiny'], null);
    return tinyContract();
  },
} as unknown as ContractsService;

describe('the training service', () => {
  let runs: FakeRuns;
  let worker: FakeWorker;
  let training: TrainingService;
  const order = { actor: 'spec' };
  const { search } = tinyContract();

  beforeEach(() => {
    runs = new FakeRuns();
    worker = new FakeWorker();
    training = new TrainingService(
      contracts,
      runs as unknown as RunsRepository,
      worker as unknown as RunWorker,
      {} as RunAttendant,
    );
  });

  it('queues a run with the candidates that are not optional, and tells the worker', async () => {
    const run = await training.start('tiny', order);
    expect(run).toMatchObject({ status: 'queued', actor: 'spec', attempts: 0, requestSha256: null });
    expect(run.options).toEqual({
      candidates: ['forest', 'logistic'],
      seed: 42,
      promote: 'gate',
      search,
      unlessUnchanged: false,
    });
    expect(worker.nudges).toBe(1);
  });

  it('takes candidates by name, optional ones too and each once, a seed and a policy', async () => {
    const candidates = ['neighbours', 'forest', 'neighbours'];
    const { options } = await training.start('tiny', { ...order, candidates, seed: 0, promote: 'never' });
    expect(options).toMatchObject({ candidates: ['neighbours', 'forest'], seed: 0, promote: 'never' });
  });

  it('keeps why a run was started', async () => {
    const trigger = { kind: 'records', detail: '12 records are new' } as const;
    expect((await training.start('tiny', { ...order, trigger })).trigger).toEqual(trigger);
    expect((await training.start('tiny', order)).trigger).toEqual({ kind: 'manual', detail: '' });
  });

  it('takes a search and its budget, and the rest of it from the contract', async () => {
    const limits = { maxFits: 7, maxSeconds: 3 };
    const { options } = await training.start('tiny', { ...order, search: 'halving', ...limits });
    expect(options.search).toEqual({ ...search, method: 'halving', ...limits });
    const { options: others } = await training.start('tiny', { ...order, search: 'random' });
    expect(others.search).toEqual({ ...search, method: 'random', maxFits: 60, maxSeconds: null });
  });

  it('refuses the budget of a search that the run does not make', async () => {
    const refused = training.start('tiny', { ...order, maxFits: 7, maxSeconds: 3 });
    await expect(refused).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      errors: [{ path: 'maxFits' }, { path: 'maxSeconds' }],
    });
    expect(runs.stored.size).toBe(0);
  });

  it('creates no run of an unknown detector or candidate', async () => {
    await expect(training.start('dns', order)).rejects.toThrow(DetectorUnknownError);
    const unknown = training.start('tiny', { ...order, candidates: ['forest', 'tree'] });
    await expect(unknown).rejects.toThrow(CandidateUnknownError);
    await expect(unknown).rejects.toThrow("no candidate 'tree'. It has: forest, logistic, neighbours.");
    expect(runs.stored.size).toBe(0);
  });

  it('gives the same run for the same request of the same actor, whatever the order of its members', async () => {
    const request = { ...order, idempotencyKey: 'nightly 7' };
    const first = await training.start('tiny', { ...request, seed: 1, promote: 'never' });
    const again = await training.start('tiny', { promote: 'never', seed: 1, ...request });
    expect([again, runs.stored.size]).toEqual([first, 1]);
    const others = await training.start('tiny', { ...request, seed: 1, promote: 'never', actor: 'other' });
    expect(others._id).not.toBe(first._id);
  });

  it('refuses a key that belongs to another request', async () => {
    const request = { ...order, idempotencyKey: 'nightly 7' };
    await training.start('tiny', request);
    const other = training.start('tiny', { ...request, seed: 43 });
    await expect(other).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('makes a new run of each request without a key', async () => {
    const [a, b] = [await training.start('tiny', order), await training.start('tiny', order)];
    expect(a._id).not.toBe(b._id);
  });

  it('lets ten runs of a detector wait, of fifty that are asked for at once, and says what to do', async () => {
    const asked = await Promise.allSettled(Array.from({ length: 50 }, () => training.start('tiny', order)));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(runs.stored.size).toBe(10);
    const refused = asked.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(refused.reason).toMatchObject({
      code: 'QUEUE_FULL',
      message: expect.stringMatching(/cancel one/),
    });
    const [first] = runs.stored.values();
    Object.assign(first, { status: 'running' });
    await training.start('tiny', order);
    expect(runs.stored.size).toBe(11);
  });

  it('gives a full queue’s run to who asks for it again, and takes what the schedule asks for', async () => {
    const mine = { ...order, idempotencyKey: 'nightly 7' };
    const run = await training.start('tiny', mine);
    for (let i = 0; i < 9; i++) await training.start('tiny', order);
    expect(await training.start('tiny', mine)).toEqual(run);
    await expect(training.start('tiny', { ...mine, seed: 7 })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    await expect(training.start('tiny', { ...mine, idempotencyKey: 'nightly 8' })).rejects.toMatchObject({
      code: 'QUEUE_FULL',
    });
    for (const kind of ['cron', 'records', 'drift'] as const)
      await training.start('tiny', { ...order, trigger: { kind, detail: 'due' } });
    expect(runs.stored.size).toBe(13);
  });

  it('cancels in this process without waiting for the next look', async () => {
    const { _id } = await training.start('tiny', order);
    await training.cancel(_id);
    expect(worker.cancelled).toEqual([_id]);
    await expect(training.cancel('run-9')).rejects.toThrow(RunUnknownError);
  });

  it('gives the validation report once there is one', async () => {
    const { _id } = await training.start('tiny', order);
    await expect(training.report(_id)).rejects.toThrow(ReportNotReadyError);
    const validation = { status: 'passed' } as TrainingRun['validation'];
    Object.assign(runs.stored.get(_id)!, { validation });
    expect(await training.report(_id)).toEqual(validation);
    await expect(training.report('run-9')).rejects.toThrow(RunUnknownError);
  });
});
