import { Logger } from '@nestjs/common';
import type { Environment } from '../config/environment.js';
import { FakeMlflow } from './fixtures/fake-mlflow.js';
import { MlflowError } from './mlflow/mlflow.errors.js';
import { Tracker } from './tracker.service.js';

let mlflow: FakeMlflow;
let tracker: Tracker;
let warnings: string[];

beforeEach(async () => {
  mlflow = await FakeMlflow.start();
  warnings = [];
  Logger.overrideLogger({
    log: () => undefined,
    error: () => undefined,
    warn: (text: string) => void warnings.push(text),
  });
  tracker = new Tracker({ tracking: { uri: mlflow.url } } as Environment);
});
afterEach(() => mlflow.stop());
afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

const probes = (): number => mlflow.calls.filter((call) => call === 'POST experiments/search').length;

describe('what the tracking server can do', () => {
  it('is all there on one of today', async () => {
    expect(await tracker.capabilities()).toEqual({
      version: '3.17.2',
      registry: true,
      artifacts: true,
      loggedModels: true,
      forbidden: [],
    });
    expect(warnings).toEqual([]);
  });

  it('warns once where something lacks', async () => {
    mlflow.lacks = ['GET /version', 'GET registered-models', 'GET mlflow-artifacts', 'POST logged-models'];
    const can = await tracker.capabilities();
    expect(can).toEqual({
      version: null,
      registry: false,
      artifacts: false,
      loggedModels: false,
      forbidden: [],
    });
    await tracker.capabilities();
    expect(warnings).toEqual([
      'the tracking server has no model registry: versions and aliases become tags of runs',
      'the tracking server takes no artifacts through its API: files stay here',
    ]);
  });

  it('is asked again after ten minutes, and after a failure: servers are upgraded', async () => {
    mlflow.lacks = ['POST logged-models'];
    const { client } = tracker;
    const now = Date.now();
    expect((await client.capabilities(now)).loggedModels).toBe(false);
    mlflow.lacks = [];
    expect((await client.capabilities(now + 599_000)).loggedModels).toBe(false);
    expect((await client.capabilities(now + 600_000)).loggedModels).toBe(true);
    expect(probes()).toBe(2);
    client.forget();
    await client.capabilities(now + 600_001);
    expect(probes()).toBe(3);
  });

  it('is not the same as what it forbids this user', async () => {
    mlflow.broken = { 'GET registered-models': 403 };
    expect(await tracker.capabilities()).toMatchObject({ registry: false, forbidden: ['registry'] });
    expect(warnings).toEqual([
      'the tracking server gives this user no right to its model registry: versions become tags of runs',
    ]);
    mlflow.broken = {};
    tracker.client.forget();
    expect(await tracker.capabilities()).toMatchObject({ registry: true, forbidden: [] });
  });

  it('includes files where only the list of all is forbidden', async () => {
    mlflow.broken = { 'GET mlflow-artifacts': 403 };
    expect(await tracker.capabilities()).toMatchObject({ artifacts: true, forbidden: [] });
  });

  it('is not known where the token is rejected, and is once that is mended', async () => {
    mlflow.broken = { 'POST experiments/search': 401 };
    await expect(tracker.capabilities()).rejects.toMatchObject({ kind: 'unauthorized' });
    expect(await tracker.client.isWell()).toBe(false);
    mlflow.broken = {};
    expect(await tracker.capabilities()).toMatchObject({ registry: true });
    expect(await tracker.client.isWell()).toBe(true);
  });
});

describe('what a server may lack', () => {
  it('is warned of once, and other failures are none of it', async () => {
    const unsupported = (): Promise<void> => Promise.reject(new MlflowError('unsupported', 'no such call'));
    expect(await tracker.optional('aliases', unsupported)).toBe(false);
    expect(await tracker.optional('aliases', unsupported)).toBe(false);
    expect(await tracker.optional('aliases', () => Promise.resolve())).toBe(true);
    expect(warnings).toEqual(['the tracking server does not support aliases']);
    const forbidden = (): Promise<void> => Promise.reject(new MlflowError('forbidden', '403'));
    await expect(tracker.optional('aliases', forbidden)).rejects.toThrow('403');
  });
});

describe('without a tracking server', () => {
  it('nothing is asked', () => {
    const none = new Tracker({} as Environment);
    expect(none.enabled).toBe(false);
    expect(() => none.client).toThrow('MLFLOW_TRACKING_URI is not set');
  });
});
