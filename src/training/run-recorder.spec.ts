import { NoRecordsError } from '../ingestion/ingestion.errors.js';
import { queuedRun } from './fixtures/queued-run.js';
import { RunRecorder } from './run-recorder.js';
import type { RunsRepository } from './runs.repository.js';
import { RunCancelledError } from './training.errors.js';
import type { TrainingRun } from './training-run.schema.js';

/** As it is now: the recorder goes on writing into the stages. */
function copyOf<T extends Partial<TrainingRun>>(run: T): T {
  return { ...run, ...(run.stages && { stages: run.stages.map((stage) => ({ ...stage })) }) };
}

class FakeRuns {
  readonly updates: Partial<TrainingRun>[] = [];
  failing = false;

  update(_: string, changes: Partial<TrainingRun>): Promise<void> {
    if (this.failing) return Promise.reject(new Error('gone'));
    this.updates.push(copyOf(changes));
    return Promise.resolve();
  }
}

describe("a run's recorder", () => {
  let run: TrainingRun;
  let runs: FakeRuns;
  let controller: AbortController;
  let seen: TrainingRun[];
  let recorder: RunRecorder;

  beforeEach(() => {
    run = queuedRun();
    runs = new FakeRuns();
    controller = new AbortController();
    seen = [];
    recorder = new RunRecorder(run, runs as unknown as RunsRepository, controller.signal, (now) =>
      seen.push(copyOf(now)),
    );
  });

  it('records when a run starts and ends', async () => {
    await recorder.started();
    await recorder.finished();
    expect(runs.updates).toEqual([
      { status: 'running', startedAt: expect.any(Date) },
      { status: 'succeeded', finishedAt: expect.any(Date) },
    ]);
    expect(seen.map(({ status }) => status)).toEqual(['running', 'succeeded']);
  });

  it('records what a stage found and gives it on', async () => {
    const result = await recorder.stage(
      'validation',
      () => Promise.resolve(7),
      (found) => `found ${found}`,
    );
    expect(result).toBe(7);
    const [before, after] = runs.updates.map(({ stages }) => stages![1]);
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
  });

  it('tells every progress to those who watch, but the database only now and then', async () => {
    await recorder.stage(
      'training',
      ({ onProgress }) => {
        for (let done = 0; done <= 100; done++) onProgress(done, 100);
        return Promise.resolve();
      },
      () => '',
    );
    expect(seen.map(({ stages }) => stages[3].progress)).toHaveLength(103);
    expect(seen[51].stages[3].progress).toBe(0.5);
    expect(runs.updates).toHaveLength(3);
  });

  it('never tells more than all', async () => {
    const work = ({ onProgress }: { onProgress: (done: number, total: number) => void }): Promise<void> => {
      onProgress(3, 2);
      return Promise.resolve();
    };
    await recorder.stage('training', work, () => '');
    expect(Math.max(...seen.map(({ stages }) => stages[3].progress))).toBe(1);
  });

  it('goes on when a progress figure cannot be written', async () => {
    const result = recorder.stage(
      'training',
      async ({ onProgress }) => {
        runs.failing = true;
        onProgress(1, 2);
        await Promise.resolve();
        runs.failing = false;
        return 'done';
      },
      (found) => found,
    );
    expect(await result).toBe('done');
  });

  it('records a failed stage and passes its error on', async () => {
    const failing = recorder.stage(
      'ingestion',
      () => Promise.reject(new NoRecordsError('tiny')),
      () => '',
    );
    await expect(failing).rejects.toThrow(NoRecordsError);
    expect(run.stages[0]).toMatchObject({ status: 'failed', durationMs: expect.any(Number) });
    await recorder.ended(new NoRecordsError('tiny'));
    expect(run).toMatchObject({
      status: 'failed',
      finishedAt: expect.any(Date),
      failure: {
        code: 'NOT_ENOUGH_DATA',
        stage: 'ingestion',
        message: expect.stringContaining('no records of tiny'),
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

  it('starts nothing in a run that is cancelled', async () => {
    controller.abort();
    await expect(recorder.started()).rejects.toThrow(RunCancelledError);
    let worked = false;
    const stage = recorder.stage(
      'ingestion',
      () => Promise.resolve((worked = true)),
      () => '',
    );
    await expect(stage).rejects.toThrow(RunCancelledError);
    expect([worked, run.stages[0].status, runs.updates]).toEqual([false, 'pending', []]);
  });

  it('hands the signal to the stage and records its end as cancelled, whatever it threw', async () => {
    const stage = recorder.stage(
      'training',
      ({ signal }) => {
        controller.abort();
        return Promise.reject(new Error(signal.aborted ? 'aborted' : 'went on'));
      },
      () => '',
    );
    await expect(stage).rejects.toThrow('aborted');
    await recorder.ended(new Error('The task has been aborted'));
    expect(run).toMatchObject({
      status: 'cancelled',
      failure: { code: 'RUN_CANCELLED', message: 'The run was cancelled.', stage: 'training' },
    });
  });
});
