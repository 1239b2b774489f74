import { mongo } from 'mongoose';
import { queuedRun } from './fixtures/queued-run.js';
import type { RunEvent } from './run-event.schema.js';
import type { RunEventsRepository } from './run-events.repository.js';
import { RunStory } from './run-event-stream.service.js';
import type { RunsRepository } from './runs.repository.js';
import { RunUnknownError } from './runs.errors.js';
import type { TrainingRun } from './training-run.schema.js';

type Told = Pick<RunEvent, 'seq' | 'type' | 'data' | 'at'>;

const at = new Date('2026-01-02T03:04:05Z');
const event = (seq: number, stage = 'training'): Told => ({ seq, type: 'stage', data: { stage }, at });

describe("a run's story", () => {
  let run: TrainingRun;
  let events: Told[];
  let failures: Error[];
  let story: RunStory;

  beforeEach(() => {
    run = { ...queuedRun(), status: 'succeeded', version: 4, events: 3, finishedAt: at };
    events = [event(1), event(2), event(3)];
    failures = [];
    const runs = {
      summaryOf: (id: string) =>
        id === run._id ? Promise.resolve(run) : Promise.reject(new RunUnknownError(id)),
    };
    const repository = {
      after: (_: string, after: number) => {
        const failure = failures.shift();
        return failure ? Promise.reject(failure) : Promise.resolve(events.filter(({ seq }) => seq > after));
      },
    };
    story = new RunStory(runs as unknown as RunsRepository, repository as unknown as RunEventsRepository);
  });

  const textFrom = async (after: number): Promise<string[]> => {
    const told: string[] = [];
    for await (const text of (await story.tell('run-1', after))!) told.push(text);
    return told;
  };

  it('is told as an event stream that ends with the run', async () => {
    expect(await textFrom(0)).toEqual([
      'retry: 1000\n\n',
      ...[1, 2, 3].map(
        (id) => `id: ${id}\nevent: stage\ndata: {"stage":"training","at":"2026-01-02T03:04:05.000Z"}\n\n`,
      ),
    ]);
  });

  it('goes on behind the last event that the reader has', async () => {
    const told = await textFrom(2);
    expect(told.map((text) => text.split('\n')[0])).toEqual(['retry: 1000', 'id: 3']);
  });

  it('is nothing to a reader who has all of it', async () => {
    expect(await story.tell('run-1', 3)).toBeNull();
  });

  it('ends with the status although that event was never written', async () => {
    events.pop();
    const [last] = (await textFrom(1)).slice(-1);
    expect(last).toMatch(/^id: 3\nevent: status\ndata: \{"status":"succeeded".*"version":4/);
  });

  it('waits for what is still to come', async () => {
    run.status = 'running';
    events = [event(1)];
    setTimeout(() => {
      events.push(event(2, 'evaluation'));
      run.status = 'succeeded';
      run.events = 2;
    }, 50);
    expect((await textFrom(0)).at(-1)).toContain('"stage":"evaluation"');
  });

  it('outlasts a database that goes away for a while', async () => {
    failures.push(new mongo.MongoNetworkError('connection refused'));
    expect(await textFrom(0)).toHaveLength(4);
  });

  it('is broken off when the process is shut down', async () => {
    run.status = 'running';
    setTimeout(() => story.beforeApplicationShutdown(), 50);
    const told = await textFrom(0);
    expect(told).toHaveLength(4);
  });

  it('is not told of a run that is not there', async () => {
    await expect(story.tell('run-9', 0)).rejects.toThrow(RunUnknownError);
  });
});
