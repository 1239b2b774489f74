import { Logger } from '@nestjs/common';
import type { TrainingRun } from '../runs/training-run.schema.js';
import { FakeMlflow } from './fixtures/fake-mlflow.js';
import { bundle, endedRun, madeVersion, Mirrored, triedCandidate } from './fixtures/tracked.js';

let mlflow: FakeMlflow;
let mirrored: Mirrored;

beforeEach(async () => {
  mlflow = await FakeMlflow.start();
  mirrored = new Mirrored(mlflow.url);
});
afterEach(() => mlflow.stop());
afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

const names = (): string[] => [...mlflow.files.keys()].sort();

describe('a run that made a version', () => {
  it('is one MLflow run with what was asked for and what came of it', async () => {
    mirrored.has(madeVersion(1), endedRun(1));
    const page = await mirrored.runMirror.deliver(mirrored.runs[0]);
    const { info, params, metrics, tags, inputs } = mlflow.run('netwarden.run', 'run-1');
    expect(page).toBe(`${mlflow.url}/#/experiments/1/runs/${info.run_id}?workflowType=machine_learning`);
    expect(info).toMatchObject({
      run_name: 'tiny version 1',
      status: 'FINISHED',
      start_time: Date.UTC(2026, 4, 1, 2, 1),
      end_time: Date.UTC(2026, 4, 1, 2, 10),
    });
    expect(params).toMatchObject({
      seed: '42',
      candidate: 'forest',
      'options.nEstimators': '20',
      'threshold.malicious': '0.9',
    });
    expect(metrics).toMatchObject({
      'test.f1@0': 0.9,
      'test.f1.low@0': 0.85,
      'test.f1.high@0': 0.94,
      'test.tp@0': 9,
      'test.rows@0': 20,
      'validation.f1@0': 0.88,
      'cv.f1@0': 0.85,
    });
    expect(tags).toMatchObject({
      'netwarden.detector': 'tiny',
      'netwarden.status': 'succeeded',
      'netwarden.version': '1',
      'netwarden.code_version': '1.0.0',
    });
    expect(inputs.map(({ dataset }) => [dataset.digest, dataset.profile])).toEqual([
      ['0123456789abcdef-train', '{"num_rows":80,"num_features":1}'],
      ['0123456789abcdef-test', '{"num_rows":20,"num_features":1}'],
    ]);
  });

  it('has each candidate below it, one step a fold', async () => {
    mirrored.has(madeVersion(1), endedRun(1));
    await mirrored.runMirror.deliver(mirrored.runs[0]);
    const parent = mlflow.run('netwarden.run', 'run-1');
    const children = mlflow.runs.filter(({ tags }) => tags['mlflow.parentRunId'] === parent.info.run_id);
    expect(
      children.map(({ info, tags }) => [info.run_name, info.status, tags['netwarden.selected']]),
    ).toEqual([
      ['forest', 'FINISHED', 'true'],
      ['trees', 'FINISHED', 'false'],
    ]);
    expect(children[0].metrics).toMatchObject({ 'fold.f1@0': 0.8, 'fold.f1@1': 0.9, 'cv.f1.std@0': 0.05 });
    expect(children[0].tags).toMatchObject({ 'mlflow.user': 'spec', 'mlflow.source.name': 'netwarden' });
  });

  it('has its files, and its model once more as a logged model with the figures of the test part', async () => {
    mirrored.has(madeVersion(1), endedRun(1));
    await mirrored.runMirror.deliver(mirrored.runs[0]);
    expect(names()).toEqual([
      '1/models/m-1/artifacts/MLmodel',
      '1/models/m-1/artifacts/tiny.bundle',
      '1/r1/artifacts/curves/precision-recall.svg',
      '1/r1/artifacts/curves/roc.svg',
      '1/r1/artifacts/model-card.md',
      '1/r1/artifacts/model/MLmodel',
      '1/r1/artifacts/model/tiny.bundle',
      '1/r1/artifacts/reports/validation.html',
    ]);
    expect(mlflow.files.get('1/r1/artifacts/model/tiny.bundle')).toEqual(bundle);
    expect(mlflow.models).toMatchObject([
      {
        info: { name: 'forest-1', source_run_id: 'r1', status: 'LOGGED_MODEL_READY' },
        metrics: { 'test.f1': 0.9, 'test.rocAuc': 0.95 },
      },
    ]);
    expect(mlflow.calls).toContain('POST runs/outputs');
    expect(mlflow.calls).not.toContain('POST runs/log-model');
  });

  it('says of a version that passed the gate and was not promoted both', async () => {
    const gate = { passed: true } as NonNullable<TrainingRun['gate']>;
    mirrored.has(madeVersion(1), endedRun(1, { gate, promoted: false }));
    await mirrored.runMirror.deliver(mirrored.runs[0]);
    expect(mlflow.run('netwarden.run', 'run-1').tags).toMatchObject({
      'netwarden.gate': 'passed',
      'netwarden.promoted': 'false',
    });
  });

  it('notes its model once where there are no logged models, however many columns it has', async () => {
    mlflow.lacks = ['POST logged-models'];
    const signature = Array.from({ length: 200 }, (_, i) => ({ name: `a_long_column_${i}`, type: 'number' }));
    mirrored.has(madeVersion(1, { signature }), endedRun(1));
    await mirrored.runMirror.deliver(mirrored.runs[0]);
    await mirrored.promote(1);
    await mirrored.runMirror.deliver(mirrored.runs[0]);
    const { tags } = mlflow.run('netwarden.run', 'run-1');
    const [note, ...more] = JSON.parse(tags['mlflow.log-model.history']) as object[];
    expect(note).toMatchObject({ run_id: 'r1', artifact_path: 'model', flavors: { netwarden: {} } });
    expect(more).toEqual([]);
  });

  it.each([
    ['POST logged-models/search', 500],
    ['GET /version', 403],
    ['GET mlflow-artifacts/artifacts', 403],
    ['POST runs/log-inputs', 500],
  ])('is told all the same to a server that stumbles over %s', async (call, status) => {
    mlflow.broken = { [call]: status };
    mirrored.has(madeVersion(1), endedRun(1));
    await mirrored.runMirror.deliver(mirrored.runs[0]);
    expect(mlflow.run('netwarden.run', 'run-1').info.status).toBe('FINISHED');
    expect(mlflow.files.get('1/r1/artifacts/model/tiny.bundle')).toEqual(bundle);
  });

  it('is told all the same to an old server that stumbles over the note on its model', async () => {
    mlflow.lacks = ['POST logged-models'];
    mlflow.broken = { 'POST runs/log-model': 500 };
    mirrored.has(madeVersion(1), endedRun(1));
    await mirrored.runMirror.deliver(mirrored.runs[0]);
    expect(mirrored.warnings).toEqual([
      expect.stringContaining('the tracking server did not take notes on logged models'),
    ]);
  });

  it('is not shown as one that goes on where a file cannot be stored', async () => {
    mlflow.broken = { 'PUT mlflow-artifacts': 413 };
    mirrored.has(madeVersion(1), endedRun(1));
    await expect(mirrored.runMirror.deliver(mirrored.runs[0])).rejects.toMatchObject({ kind: 'refused' });
    expect(mlflow.run('netwarden.run', 'run-1').info.status).toBe('FINISHED');
  });

  it('is one run where a call that was given up was carried out late', async () => {
    mirrored.has(madeVersion(1), endedRun(1));
    await mirrored.runMirror.deliver(mirrored.runs[0]);
    const [first] = mlflow.runs;
    mlflow.runs.push({ ...first, info: { ...first.info, run_id: 'r-late', status: 'RUNNING' } });
    await mirrored.promote(1);
    expect(mlflow.run('netwarden.run', 'run-1').info.run_id).toBe('r1');
  });

  it('comes to the same when it is delivered again, and no bundle is sent twice', async () => {
    mirrored.has(madeVersion(1), endedRun(1));
    await mirrored.runMirror.deliver(mirrored.runs[0]);
    const before = { runs: mlflow.runs.length, files: names(), models: mlflow.models.length };
    mlflow.calls.length = 0;
    await mirrored.runMirror.deliver(mirrored.runs[0]);
    expect({ runs: mlflow.runs.length, files: names(), models: mlflow.models.length }).toEqual(before);
    expect(mlflow.calls.filter((call) => /^PUT .*bundle$/.test(call))).toEqual([]);
  });

  it('is sent in as many batches as the server’s limits ask for', async () => {
    const options = Object.fromEntries(Array.from({ length: 230 }, (_, i) => [`o${i}`, i]));
    const candidates = [triedCandidate('forest', true, options)];
    mirrored.has(madeVersion(1), endedRun(1, { candidates }));
    await mirrored.runMirror.deliver(mirrored.runs[0]);
    expect(mlflow.run('netwarden.run', 'run-1').params).toMatchObject({
      'options.o0': '0',
      'options.o229': '229',
    });
  });
});

describe('a run that made nothing', () => {
  it.each([
    ['failed', 'FAILED'],
    ['cancelled', 'KILLED'],
  ] as const)('and %s is %s, with the reason and without a model', async (status, told) => {
    const failure = { code: 'NOT_ENOUGH_DATA', message: 'too few rows', stage: 'validation' } as const;
    const nothing = { version: null, candidates: [], evaluation: null, validation: null };
    const run = endedRun(1, { ...nothing, status, failure });
    await mirrored.runMirror.deliver(run);
    const { info, tags } = mlflow.run('netwarden.run', 'run-1');
    expect(info).toMatchObject({ status: told, run_name: 'tiny 1970-01-01 00:00' });
    expect(tags['netwarden.failure']).toBe('NOT_ENOUGH_DATA: too few rows');
    expect([...names(), ...mlflow.models, ...mlflow.versions]).toEqual([]);
  });

  it('that was promoted by nobody registers no version', async () => {
    mirrored.has(madeVersion(1), endedRun(1, { promoted: false }));
    await mirrored.runMirror.deliver(mirrored.runs[0]);
    expect(mlflow.versions).toEqual([]);
    expect(mlflow.calls.filter((call) => /registered-models\/(create|alias)/.test(call))).toEqual([]);
  });
});
