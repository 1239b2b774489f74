import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { ContractsService } from '../detector/contracts.service.js';
import { DetectorUnknownError } from '../detector/detector.errors.js';
import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import { queuedRun } from './fixtures/queued-run.js';
import type { Pipeline } from './pipeline.js';
import type { RunRecorder } from './run-recorder.js';
import type { RunsRepository } from './runs.repository.js';
import {
  CandidateUnknownError,
  ReportNotReadyError,
  RunFinishedError,
  RunUnknownError,
} from './training.errors.js';
import { TrainingService } from './training.service.js';
import type { RunOptions, TrainingRun } from './training-run.schema.js';

/** Keeps runs as the database would. */
class FakeRuns {
  readonly stored = new Map<string, TrainingRun>();
  abandoned = 0;
  beats: string[][] = [];
  lost: Error | null = null;

  create(detector: string, actor: string, options: RunOptions): Promise<TrainingRun> {
    const run = { ...queuedRun(`run-${this.stored.size + 1}`), detector, actor, options };
    this.stored.set(run._id, structuredClone(run));
    return Promise.resolve(run);
  }

  update(id: string, changes: Partial<TrainingRun>): Promise<void> {
    if (this.lost) return Promise.reject(this.lost);
    Object.assign(this.stored.get(id)!, changes);
    return Promise.resolve();
  }

  get(id: string): Promise<TrainingRun> {
    const run = this.stored.get(id);
    return run ? Promise.resolve(run) : Promise.reject(new RunUnknownError(id));
  }

  async requestCancel(id: string): Promise<TrainingRun> {
    const run = await this.get(id);
    if (run.status !== 'queued' && run.status !== 'running') throw new RunFinishedError(id, run.status);
    run.cancelRequested = true;
    return run;
  }

  heartbeat(ids: readonly string[]): Promise<string[]> {
    this.beats.push([...ids]);
    return Promise.resolve(ids.filter((id) => this.stored.get(id)!.cancelRequested));
  }

  closeAbandoned(): Promise<number> {
    return Promise.resolve(this.abandoned);
  }
}

/** A pipeline whose runs end when they are told to, or cancelled. */
class FakePipeline {
  readonly started: string[] = [];
  private readonly ends = new Map<string, (error?: Error) => void>();

  execute(_: unknown, recorder: RunRecorder): Promise<void> {
    this.started.push(recorder.run._id);
    return recorder.stage(
      'training',
      ({ signal }) =>
        new Promise<void>((resolve, reject) => {
          this.ends.set(recorder.run._id, (error) => (error ? reject(error) : resolve()));
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        }),
      () => '',
    );
  }

  end(id: string, error?: Error): void {
    this.ends.get(id)!(error);
  }
}

const contracts = {
  get: (detector: string) => {
    if (detector !== 'tiny') throw new DetectorUnknownError(detector, ['tiny'], null);
    return tinyContract();
  },
} as unknown as ContractsService;

/** Gives everything that can go on now its turn. */
const settle = (): Promise<void> => wait(5);

describe('the training service', () => {
  let runs: FakeRuns;
  let pipeline: FakePipeline;
  let training: TrainingService;
  const order = { actor: 'spec' };

  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

  beforeEach(() => {
    runs = new FakeRuns();
    pipeline = new FakePipeline();
    training = new TrainingService(
      contracts,
      runs as unknown as RunsRepository,
      pipeline as unknown as Pipeline,
    );
  });
  afterEach(() => training.beforeApplicationShutdown());

  it('queues a run with the candidates that are not optional, and returns at once', async () => {
    const run = await training.start('tiny', order);
    expect(run).toMatchObject({ _id: 'run-1', status: 'queued', actor: 'spec' });
    expect(run.options).toEqual({ candidates: ['forest', 'logistic'], seed: 42, promote: 'gate' });
    await settle();
    expect(run.status).toBe('queued');
    expect((await training.get('run-1')).status).toBe('running');
  });

  it('takes candidates by name, optional ones too and each once, a seed and a policy', async () => {
    const candidates = ['neighbours', 'forest', 'neighbours'];
    const { options } = await training.start('tiny', { ...order, candidates, seed: 0, promote: 'never' });
    expect(options).toEqual({ candidates: ['neighbours', 'forest'], seed: 0, promote: 'never' });
  });

  it('creates no run of an unknown detector or candidate', async () => {
    await expect(training.start('dns', order)).rejects.toThrow(DetectorUnknownError);
    const unknown = training.start('tiny', { ...order, candidates: ['forest', 'tree'] });
    await expect(unknown).rejects.toThrow(CandidateUnknownError);
    await expect(unknown).rejects.toThrow("no candidate 'tree'. It has: forest, logistic, neighbours.");
    expect(runs.stored.size).toBe(0);
  });

  it('runs one after the other, also after one that failed', async () => {
    for (let i = 0; i < 3; i++) await training.start('tiny', order);
    await settle();
    expect(pipeline.started).toEqual(['run-1']);
    pipeline.end('run-1', new Error('broken'));
    await settle();
    expect(pipeline.started).toEqual(['run-1', 'run-2']);
    pipeline.end('run-2');
    await settle();
    expect(pipeline.started).toEqual(['run-1', 'run-2', 'run-3']);
    expect([...runs.stored.values()].map(({ status }) => status)).toEqual(['failed', 'succeeded', 'running']);
  });

  it('waits for the end of a run where that is asked for, and tells how it goes', async () => {
    const seen = new Set<string>();
    const ended = training.train('tiny', order, ({ status }) => seen.add(status));
    await settle();
    pipeline.end('run-1');
    expect(await ended).toMatchObject({ _id: 'run-1', status: 'succeeded', finishedAt: expect.any(Date) });
    expect([...seen]).toEqual(['running', 'succeeded']);
  });

  it('gives a failed run back rather than throwing', async () => {
    const ended = training.train('tiny', order, () => undefined);
    await settle();
    pipeline.end('run-1', new RangeError('too few rows'));
    expect(await ended).toMatchObject({
      status: 'failed',
      failure: { message: 'too few rows', stage: 'training' },
    });
  });

  it('cancels a run that goes on', async () => {
    await training.start('tiny', order);
    await settle();
    expect((await training.cancel('run-1')).cancelRequested).toBe(true);
    await settle();
    expect(await training.get('run-1')).toMatchObject({
      status: 'cancelled',
      failure: { code: 'RUN_CANCELLED' },
    });
    await expect(training.cancel('run-1')).rejects.toThrow('has been cancelled already');
    await expect(training.cancel('run-9')).rejects.toThrow(RunUnknownError);
  });

  it('cancels a run that waits, without starting it', async () => {
    await training.start('tiny', order);
    await training.start('tiny', order);
    await training.cancel('run-2');
    await settle();
    pipeline.end('run-1');
    await settle();
    expect(pipeline.started).toEqual(['run-1']);
    expect(await training.get('run-2')).toMatchObject({
      status: 'cancelled',
      startedAt: null,
      failure: { code: 'RUN_CANCELLED', stage: null },
    });
    await training.start('tiny', order);
    await settle();
    expect(pipeline.started).toEqual(['run-1', 'run-3']);
  });

  it('cancels what it still has when the process ends, and waits for the record of it', async () => {
    await training.start('tiny', order);
    await training.start('tiny', order);
    await settle();
    await training.beforeApplicationShutdown();
    expect([...runs.stored.values()].map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
    expect(pipeline.started).toEqual(['run-1']);
  });

  it('ends although the end of a run cannot be recorded', async () => {
    await training.start('tiny', order);
    await settle();
    runs.lost = new Error('gone');
    await training.beforeApplicationShutdown();
    expect(runs.stored.get('run-1')!.status).toBe('running'); // closed as abandoned by the next process
  });

  it('notices within seconds that another process wants a run cancelled', async () => {
    await training.start('tiny', order);
    await settle();
    runs.stored.get('run-1')!.cancelRequested = true;
    await wait(1100);
    expect(runs.beats[0]).toEqual(['run-1']);
    expect((await training.get('run-1')).status).toBe('cancelled');
  });

  it('gives the validation report once there is one', async () => {
    const { _id } = await training.start('tiny', order);
    await expect(training.report(_id)).rejects.toThrow(ReportNotReadyError);
    const validation = { status: 'passed' } as TrainingRun['validation'];
    await runs.update(_id, { validation });
    expect(await training.report(_id)).toEqual(validation);
    await expect(training.report('run-9')).rejects.toThrow(RunUnknownError);
  });
});

describe('at the start of the service', () => {
  it('runs of a process that died are closed, and that is said', async () => {
    const warnings: unknown[] = [];
    const nothing = (): void => undefined;
    Logger.overrideLogger({ log: nothing, error: nothing, warn: (text: unknown) => warnings.push(text) });
    const runs = new FakeRuns();
    const training = new TrainingService(contracts, runs as unknown as RunsRepository, {} as Pipeline);
    await training.onApplicationBootstrap();
    expect(warnings).toEqual([]);
    runs.abandoned = 2;
    await training.onApplicationBootstrap();
    expect(warnings).toEqual(['2 training runs of a process that died are closed as failed']);
    await training.beforeApplicationShutdown();
  });
});
