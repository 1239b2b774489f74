import { Logger } from '@nestjs/common';
import { mongo } from 'mongoose';
import { Subject } from 'rxjs';
import type { Environment } from '../../config/environment.js';
import type { ScoredItem } from '../../prediction/scored-item.js';
import type { ScoringService } from '../../prediction/scoring.service.js';
import { PredictionLogService } from './prediction-log.service.js';
import type { Prediction } from './prediction.schema.js';
import type { PredictionLog } from './predictions.repository.js';

const scoredRow = (id: string): ScoredItem => ({
  id,
  detector: 'tiny',
  at: new Date(),
  version: 1,
  servedBy: 'champion',
  probability: 0.2,
  modelVerdict: 'benign',
  verdict: 'benign',
  decidedBy: 'model',
  entry: null,
  context: 'alone',
  request: null,
  values: [1, 2, 'tcp'],
  shadow: null,
});
const rows = (count: number, from = 0): ScoredItem[] =>
  Array.from({ length: count }, (_, i) => scoredRow(String(from + i)));

describe('the prediction log', () => {
  let scored: Subject<readonly ScoredItem[]>;
  let stored: Prediction[];
  /** How many of a batch the database refuses. */
  let append: (batch: readonly Prediction[]) => Promise<number>;
  let warned: string[];
  let service: PredictionLogService;

  const open = (predictionLog = true): PredictionLogService => {
    scored = new Subject();
    const log = { append: (batch: readonly Prediction[]) => append(batch) } as unknown as PredictionLog;
    service = new PredictionLogService(
      { predictionLog } as Environment,
      { scored, settled: () => Promise.resolve() } as unknown as ScoringService,
      log,
    );
    service.onModuleInit();
    return service;
  };
  const away = (): Promise<number> => Promise.reject(new mongo.MongoNetworkError('gone'));
  const store = (batch: readonly Prediction[]): Promise<number> => {
    stored.push(...batch);
    return Promise.resolve(0);
  };

  beforeEach(() => {
    stored = [];
    warned = [];
    append = store;
    Logger.overrideLogger({
      log: () => undefined,
      error: () => undefined,
      warn: (text: string) => warned.push(text),
    });
  });

  afterEach(() => service.onApplicationShutdown());
  afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

  it('writes what was scored in batches, in order', async () => {
    const sizes: number[] = [];
    append = (batch) => {
      sizes.push(batch.length);
      return store(batch);
    };
    open();
    scored.next(rows(1500));
    scored.next(rows(700, 1500));
    expect(service.state).toMatchObject({ waiting: 2200, written: 0 });
    await service.flush();
    expect(sizes).toEqual([1000, 1000, 200]);
    expect(stored.map(({ _id }) => _id)).toEqual(rows(2200).map(({ id }) => id));
    expect(stored[0]).toEqual({
      ...scoredRow('0'),
      id: undefined,
      _id: '0',
      at: expect.any(Date),
      feedback: null,
    });
    expect(service.state).toEqual({ enabled: true, waiting: 0, written: 2200, dropped: 0, failedWrites: 0 });
  });

  it('keeps what it could not write until the database is back, and writes nothing twice', async () => {
    open();
    append = away;
    scored.next(rows(3));
    await service.flush();
    expect(service.state).toMatchObject({ waiting: 3, written: 0, failedWrites: 1, dropped: 0 });
    append = store;
    scored.next(rows(2, 3));
    await Promise.all([service.flush(), service.flush()]);
    expect(stored.map(({ _id }) => _id)).toEqual(['0', '1', '2', '3', '4']);
  });

  it('drops and counts what is beyond its room, and warns once a minute', async () => {
    open();
    append = away;
    scored.next(rows(49_999));
    scored.next(rows(3, 49_999));
    scored.next(rows(5, 60_000));
    expect(service.state).toMatchObject({ waiting: 50_000, dropped: 7 });
    expect(warned).toEqual(['2 predictions could not be logged']);
    append = store;
    await service.flush();
    expect(stored).toHaveLength(50_000);
    expect(stored.at(-1)!._id).toBe('49999');
  });

  it('drops what the database does not take, and goes on with the rest', async () => {
    open();
    append = (batch) => (batch.length === 1000 ? Promise.reject(new Error('no')) : store(batch));
    scored.next(rows(1004));
    await service.flush();
    expect(service.state).toMatchObject({ waiting: 0, written: 4, dropped: 1000, failedWrites: 1 });
    append = (batch) => Promise.resolve(batch.length - 1);
    scored.next(rows(3));
    await service.flush();
    expect(service.state).toMatchObject({ written: 5, dropped: 1002 });
  });

  it('takes none where it is off', async () => {
    open(false);
    scored.next(rows(3));
    await service.flush();
    expect(service.state).toEqual({ enabled: false, waiting: 0, written: 0, dropped: 0, failedWrites: 0 });
  });

  it('writes the last ones at the end of the process, also those answered while it closed', async () => {
    open();
    scored.next(rows(2));
    await service.beforeApplicationShutdown();
    scored.next(rows(1, 2));
    await service.onApplicationShutdown();
    expect(stored.map(({ _id }) => _id)).toEqual(['0', '1', '2']);
  });

  it('does not let a database that hangs keep the process', async () => {
    open();
    let giveUp!: (reason: Error) => void;
    append = () => new Promise((_, reject) => (giveUp = reject));
    scored.next(rows(2));
    const start = Date.now();
    await service.beforeApplicationShutdown();
    expect(Date.now() - start).toBeLessThan(4000);
    giveUp(new mongo.MongoNetworkError('gone'));
    append = away;
    await service.onApplicationShutdown();
    expect(warned).toEqual(['2 predictions are not in the log']);
  });
});
