import { Logger } from '@nestjs/common';
import { parse } from 'yaml';
import { FakeMlflow } from './fixtures/fake-mlflow.js';
import { bundle, endedRun, madeVersion, Mirrored } from './fixtures/tracked.js';

let mlflow: FakeMlflow;
let mirrored: Mirrored;

beforeEach(async () => {
  mlflow = await FakeMlflow.start();
  mirrored = new Mirrored(mlflow.url);
  mirrored.has(madeVersion(1), endedRun(1));
});
afterEach(() => mlflow.stop());
afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

const deliver = (): Promise<string> => mirrored.runMirror.deliver(mirrored.runs[0]);
const file = '1/r1/artifacts/model/tiny.bundle';

describe('the files of a version', () => {
  it('say what they are, without what makes old servers stumble', async () => {
    await deliver();
    const described = parse(mlflow.files.get('1/r1/artifacts/model/MLmodel')!.toString()) as Record<
      string,
      never
    >;
    expect(described).toMatchObject({
      artifact_path: 'model',
      run_id: 'r1',
      flavors: { netwarden: { data: 'tiny.bundle', learner: 'random-forest' } },
      signature: { inputs: '[{"type":"double","name":"duration"}]' },
    });
  });

  it('that were cut off in the middle are sent again as a whole', async () => {
    await deliver();
    mlflow.files.set(file, bundle.subarray(0, 5));
    await deliver();
    expect(mlflow.files.get(file)).toEqual(bundle);
  });

  it('that the server cut short are a failure which may be tried again', async () => {
    mirrored.versions[0] = madeVersion(1, { size: bundle.length + 1 });
    await expect(deliver()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it.each(['s3://bucket/', '/srv/mlruns/', 'file:///srv/'])(
    'stay here where artifacts are at %s, with one warning and a tag',
    async (root) => {
      mlflow.artifactRoot = root;
      await deliver();
      await deliver();
      const run = mlflow.run('netwarden.run', 'run-1');
      expect(run.info.status).toBe('FINISHED');
      expect(run.tags['netwarden.files']).toBe('kept by Netwarden');
      expect([mlflow.files.size, mlflow.models.length]).toEqual([0, 0]);
      expect(mirrored.warnings).toEqual([
        'the tracking server leaves it to its clients to store artifacts: files stay here',
      ]);
    },
  );

  it('stay here where the server has no proxy for them', async () => {
    mlflow.lacks = ['GET mlflow-artifacts', 'PUT mlflow-artifacts'];
    await deliver();
    expect(mlflow.run('netwarden.run', 'run-1').tags['netwarden.files']).toBe('kept by Netwarden');
    expect(mlflow.calls.filter((call) => call.startsWith('PUT'))).toEqual([]);
    expect(mirrored.warnings).toEqual([
      'the tracking server takes no artifacts through its API: files stay here',
    ]);
  });
});

describe('the logged model', () => {
  it('that was begun by a delivery which was cut off is completed', async () => {
    mlflow.broken = { 'PATCH logged-models': 502 };
    await expect(deliver()).rejects.toMatchObject({ kind: 'unavailable' });
    mlflow.broken = {};
    await deliver();
    expect(mlflow.models.map(({ info }) => [info.model_id, info.status])).toEqual([
      ['m-1', 'LOGGED_MODEL_READY'],
    ]);
  });

  it('that the server refuses is deleted, so that it hides nothing', async () => {
    mlflow.broken = { 'PUT mlflow-artifacts/artifacts/1/models': 400 };
    await expect(deliver()).rejects.toMatchObject({ kind: 'refused' });
    expect(mlflow.models).toEqual([]);
    mlflow.broken = {};
    await deliver();
    expect(mlflow.models).toHaveLength(1);
  });

  it('that failed and was left over is replaced', async () => {
    await deliver();
    mlflow.models[0].info.status = 'LOGGED_MODEL_UPLOAD_FAILED';
    mlflow.models[0].info.model_id = 'm-left-over';
    await deliver();
    expect(mlflow.models.map(({ info }) => info.status)).toEqual(['LOGGED_MODEL_READY']);
    expect(mlflow.calls).toContain('DELETE logged-models/m-left-over');
  });
});
