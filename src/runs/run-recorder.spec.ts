import { mongo } from 'mongoose';
import { LeaseLostError } from '../leases/lease-holder.js';
import { queuedRun } from './fixtures/queued-run.js';
import type { RunNews } from './run-event.schema.js';
import { RunRecorder } from './run-recorder.js';
import { CandidateUnknownError, RunCancelledError, RunGivenBackError } from './runs.errors.js';
import type { TrainingRun } from './training-run.schema.js';

type Changes = Partial<TrainingRun>;

/** As it is now: the recorder goes on writing into the stages. */
function copyOf(run: Changes): Changes {
  return { ...run, ...(run.stages && { stages: run.stages.map((stage) => ({ ...stage })) }) };
}

/** The queue of one run, whose document is this worker's until another one has it. */
class FakeQueue {
  readonly updates: Changes[] = [];
  readonly news: RunNews[] = [];
  readonly fences: number[] = [];
  taken = false;
  /** Answers of the next writes; then they go through. */
  readonly failures: Error[] = [];

  write(_: string, lease: FakeLease, changes: Changes, news?: RunNews): Promise<boolean> {
    lease.throwIfLost();
    const failure = this.failures.shift();
    if (failure) return Promise.reject(failure);
    if (this.taken) return Promise.resolve(false);
    this.fences.push(lease.token);
    this.updates.push(copyOf(changes));
    if (news) this.news.push(structuredClone(news));
    return Promise.resolve(true);
  }
}

class FakeLease {
  readonly token = 3;
  lost = false;

  lose(): void {
    this.lost = true;
  }

  throwIfLost(): void {
    if (this.lost) throw new LeaseLostError('training/tiny');
  }
}

const away = new mongo.MongoNetworkError('connection refused');

describe("a run's recorder", () => {
  let run: TrainingRun;
  let queue: FakeQueue;
  let lease: FakeLease;
  let controller: AbortController;
  let recorder: RunRecorder;

  beforeEach(() => {
    run = { ...queuedRun(), status: 'running', attempts: 1 };
    queue = new FakeQueue();
    lease = new FakeLease();
    controller = new AbortController();
    recorder = new RunRecorder(run, queue, lease, controller.signal);
  });

  it('records the end of a run and tells its outcome', async () => {
    await recorder.save({ version: 4, promoted: true });
    await recorder.finished();
    expect(queue.updates[1]).toEqual({ status: 'succeeded', finishedAt: expect.any(Date) });
    const data = {
      status: 'succeeded',
      reason: null,
      attempts: 1,
      version: 4,
      promoted: true,
      failure: null,
    };
    expect(queue.news).toEqual([{ type: 'status', data }]);
    expect(queue.fences).toEqual([3, 3]);
  });

  it('records what a stage found and gives it on', async () => {
    const work = (): Promise<number> => Promise.resolve(7);
    expect(await recorder.stage('validation', work, (found) => `found ${found}`)).toBe(7);
    const [before, after] = queue.updates.map(({ stages }) => stages![1]);
    expect(before).toMatchObject({
      name: 'validation',
      status: 'running',
      progress: 0,
      summary: '',
      durationMs: null,
    });
    expect(after).toMatchObject({ status: 'succeeded', progress: 1, summary: 'found 7' });
    expect(after.startedAt).toBeInstanceOf(Date);
    expect(after.durationMs).toBeGreaterThanOrEqual(0);
    expect(run.stages.filter(({ status }) => status === 'pending')).toHaveLength(5);
    expect(queue.news.map(({ data }) => data)).toEqual([
      { stage: 'validation', status: 'running', summary: '', durationMs: null },
      { stage: 'validation', status: 'succeeded', summary: 'found 7', durationMs: after.durationMs },
    ]);
  });

  it('tells progress only now and then, and never more than all', async () => {
    await recorder.stage(
      'training',
      ({ onProgress }) => {
        for (let done = 51; done <= 1000; done++) onProgress(done, 100);
        return Promise.resolve();
      },
      () => '',
    );
    expect(queue.news.map(({ type }) => type)).toEqual(['stage', 'progress', 'stage']);
    expect(queue.news[1].data).toEqual({ stage: 'training', progress: 0.51 });
    expect(queue.updates[1].stages![3].progress).toBe(1);
  });

  it('goes on when a progress figure cannot be written', async () => {
    const result = recorder.stage(
      'training',
      async ({ onProgress }) => {
        queue.failures.push(new Error('too large'));
        onProgress(1, 2);
        await Promise.resolve();
        return 'done';
      },
      (found) => found,
    );
    expect(await result).toBe('done');
  });

  it('records a failed stage and passes its error on', async () => {
    const failing = recorder.stage(
      'ingestion',
      () => Promise.reject(new CandidateUnknownError('tiny', 'forest', ['tree'])),
      () => '',
    );
    await expect(failing).rejects.toThrow(CandidateUnknownError);
    expect(run.stages[0]).toMatchObject({ status: 'failed', durationMs: expect.any(Number) });
    await recorder.ended(new CandidateUnknownError('tiny', 'forest', ['tree']));
    expect(run).toMatchObject({
      status: 'failed',
      finishedAt: expect.any(Date),
      failure: {
        code: 'CANDIDATE_UNKNOWN',
        stage: 'ingestion',
        message: expect.stringContaining('has no candidate'),
      },
    });
  });

  it('says why data cannot be trained on', async () => {
    await recorder.ended(new RangeError('class 1 stands in 1 groups: at least 2 are needed to split'));
    expect(run.failure).toEqual({
      code: 'INTERNAL',
      stage: null,
      message: 'class 1 stands in 1 groups: at least 2 are needed to split',
    });
  });

  it.each([
    ['an error of which nothing is known', new TypeError('x is undefined at /srv/app.js')],
    ['something that is no error', 'mongodb://admin:s3cret@db is away'],
  ])('hides the text of %s', async (_, thrown) => {
    await recorder.ended(thrown);
    expect(run.failure).toEqual({
      code: 'INTERNAL',
      stage: null,
      message: 'Something went wrong here. The log has it under the run’s id.',
    });
  });

  it('takes secrets out of the text that it keeps', async () => {
    await recorder.ended(new RangeError('cannot reach mongodb://admin:s3cret@db/x'));
    expect(run.failure!.message).toBe('cannot reach mongodb://***@db/x');
  });

  it('keeps the reason of a run that is skipped', async () => {
    await recorder.skipped('version 3 was made from the same data, contract and code');
    expect(run).toMatchObject({ status: 'skipped', failure: null, reason: expect.stringContaining('3') });
    expect(queue.news[0].data).toMatchObject({ status: 'skipped', reason: run.reason });
  });

  describe('that is to be left', () => {
    const leftWith = async (reason: Error): Promise<void> => {
      const stage = recorder.stage(
        'training',
        ({ signal }) => {
          controller.abort(reason);
          return Promise.reject(new Error(signal.aborted ? 'aborted' : 'went on'));
        },
        () => '',
      );
      await expect(stage).rejects.toThrow('aborted');
      await recorder.ended(new Error('The task has been aborted'));
    };

    it('starts nothing any more', async () => {
      controller.abort(new RunCancelledError());
      let worked = false;
      const stage = recorder.stage(
        'ingestion',
        () => Promise.resolve((worked = true)),
        () => '',
      );
      await expect(stage).rejects.toThrow(RunCancelledError);
      expect([worked, run.stages[0].status, queue.updates]).toEqual([false, 'pending', []]);
    });

    it('ends as cancelled where somebody wants that, whatever the stage threw', async () => {
      await leftWith(new RunCancelledError());
      expect(run).toMatchObject({
        status: 'cancelled',
        failure: { code: 'RUN_CANCELLED', message: 'The run was cancelled.', stage: 'training' },
      });
    });

    it('waits again where its worker is shut down, and that counts as no attempt', async () => {
      await leftWith(new RunGivenBackError('its worker was shut down'));
      expect(run).toMatchObject({
        status: 'queued',
        attempts: 0,
        reason: 'its worker was shut down',
        failure: null,
        finishedAt: null,
      });
    });
  });

  describe('whose database goes away', () => {
    it('writes again until it is back', async () => {
      queue.failures.push(away, away);
      await recorder.finished();
      expect(queue.updates).toHaveLength(1);
    });

    it('gives up once the lease is over', async () => {
      queue.failures.push(away, away);
      const finished = recorder.finished();
      lease.lost = true;
      await expect(finished).rejects.toThrow(LeaseLostError);
      expect(queue.updates).toEqual([]);
    });

    it('gives the run back for another attempt, and fails it after the third', async () => {
      await recorder.ended(away);
      expect(run).toMatchObject({ status: 'queued', attempts: 1, failure: null });
      run = { ...queuedRun(), status: 'running', attempts: 3 };
      await new RunRecorder(run, queue, lease, controller.signal).ended(away);
      expect(run).toMatchObject({ status: 'failed', failure: { code: 'INTERRUPTED' } });
    });
  });

  describe('whose lease is lost', () => {
    it('notices it where another worker has the run, and writes nothing more', async () => {
      queue.taken = true;
      await expect(recorder.save({ version: 1 })).rejects.toThrow(LeaseLostError);
      queue.taken = false;
      await expect(recorder.ended(new Error('anything'))).rejects.toThrow(LeaseLostError);
      await expect(recorder.finished()).rejects.toThrow(LeaseLostError);
      expect([queue.updates, lease.lost]).toEqual([[], true]);
    });

    it('gives no fence out any more', () => {
      expect(recorder.fence).toBe(3);
      lease.lost = true;
      expect(() => recorder.fence).toThrow(LeaseLostError);
    });

    it('ends its stage with that, whatever the stage gave', async () => {
      const stage = recorder.stage(
        'training',
        () => {
          lease.lost = true;
          return Promise.resolve('a model');
        },
        (found) => found,
      );
      await expect(stage).rejects.toThrow(LeaseLostError);
      expect(queue.updates).toHaveLength(1);
    });
  });
});
