import { Logger } from '@nestjs/common';
import { FakeMlflow } from './fixtures/fake-mlflow.js';
import { endedRun, madeVersion, Mirrored, moved } from './fixtures/tracked.js';

let mlflow: FakeMlflow;
let mirrored: Mirrored;

beforeEach(async () => {
  mlflow = await FakeMlflow.start();
  mirrored = new Mirrored(mlflow.url);
});
afterEach(() => mlflow.stop());
afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

const imported = { run: 'import/tiny/abc', imported: { source: 'elsewhere', by: 'ann' } };
const importedVersion = madeVersion(1, {
  lineage: { ...madeVersion(1).lineage, ...imported } as ReturnType<typeof madeVersion>['lineage'],
});
const tagged = (key: string): string[] =>
  [
    ...mlflow.versions.map(({ version, tags }) => [version, tags] as const),
    ...mlflow.runs.map(({ tags }) => [tags['netwarden.run'], tags] as const),
  ]
    .filter(([, tags]) => tags[key] !== undefined)
    .map(([name]) => name);

describe('a version that an alias was moved to', () => {
  it('is registered from its logged model, once, and the alias stands there', async () => {
    mirrored.has(madeVersion(1), endedRun(1));
    const page = await mirrored.promote(1);
    expect(page).toBe(`${mlflow.url}/#/models/netwarden-tiny/versions/1?workflowType=machine_learning`);
    await mirrored.promote(1);
    expect(mlflow.versions).toMatchObject([
      {
        name: 'netwarden-tiny',
        source: 'models:/m-1',
        run_id: 'r1',
        tags: { 'netwarden.made_by': 'run-1', 'netwarden.version': '1', 'netwarden.bundle': 'tiny.bundle' },
      },
    ]);
    expect(mlflow.aliases).toEqual({ champion: '1' });
    expect(mlflow.models).toHaveLength(1);
  });

  it('is registered from its run’s files by servers without logged models', async () => {
    mlflow.lacks = ['POST logged-models'];
    mirrored.has(madeVersion(1), endedRun(1));
    await mirrored.promote(1);
    expect(mlflow.versions[0].source).toBe('mlflow-artifacts:/1/r1/artifacts/model');
    expect(mlflow.files.has('1/r1/artifacts/model/tiny.bundle')).toBe(true);
    expect(mirrored.warnings).toEqual([]);
  });

  it('stays where the registry’s alias is when an old move is delivered late', async () => {
    mirrored.has(madeVersion(1), endedRun(1));
    mirrored.has(madeVersion(2), endedRun(2));
    await mirrored.promote(2);
    await mirrored.versionMirror.deliver(moved(1));
    const champion = mlflow.versions.find(({ version }) => version === mlflow.aliases.champion)!;
    expect(champion.tags['netwarden.version']).toBe('2');
    expect(mlflow.versions).toHaveLength(2);
  });

  it('leaves no alias behind when it is moved away for good', async () => {
    mirrored.has(madeVersion(1), endedRun(1));
    mirrored.aliases.challenger = 1;
    await mirrored.versionMirror.deliver(moved(1, 'challenger'));
    expect(mlflow.aliases).toEqual({ challenger: '1' });
    mirrored.aliases.challenger = null;
    expect(await mirrored.versionMirror.deliver(moved(null, 'challenger'))).toBeNull();
    expect(mlflow.aliases).toEqual({});
  });

  it('that was pruned is registered without files', async () => {
    const pruned = { at: new Date(0), by: 'retention', reason: 'old' };
    mirrored.has(madeVersion(1, { pruned }), endedRun(1));
    await mirrored.promote(1);
    expect(mlflow.versions).toHaveLength(1);
    expect(mlflow.files.size).toBe(0);
  });
});

describe('the run of a version that no entry is of', () => {
  it('has the status, the times and the figures of the training run, where that is known', async () => {
    mirrored.has(madeVersion(1), endedRun(1));
    await mirrored.promote(1);
    const { info, metrics, params, tags } = mlflow.run('netwarden.run', 'run-1');
    expect(info).toMatchObject({
      status: 'FINISHED',
      start_time: Date.UTC(2026, 4, 1, 2, 1),
      end_time: Date.UTC(2026, 4, 1, 2, 10),
    });
    expect(metrics).toMatchObject({ 'test.f1@0': 0.9, 'cv.f1@0': 0.85 });
    expect(params).toMatchObject({ candidate: 'forest', 'options.nEstimators': '20' });
    expect(tags).toMatchObject({ 'netwarden.bundle_sha256': mirrored.versions[0].sha256 });
  });

  it('ended when the version was made, where its run is gone', async () => {
    mirrored.has(madeVersion(1));
    await mirrored.promote(1);
    expect(mlflow.run('netwarden.run', 'run-1').info).toMatchObject({
      status: 'FINISHED',
      end_time: Date.UTC(2026, 4, 1, 2, 9),
    });
  });

  it('ended when the version was imported, where it was made elsewhere', async () => {
    mirrored.has(importedVersion);
    await mirrored.promote(1);
    const { info, metrics, params, tags } = mlflow.run('netwarden.run', 'import/tiny/abc');
    expect(info).toMatchObject({ status: 'FINISHED', run_name: 'tiny version 1' });
    expect(metrics).toEqual({
      'test.rocAuc@0': 0.95,
      'test.f1@0': 0.9,
      'test.tp@0': 9,
      'test.fp@0': 1,
      'test.tn@0': 9,
      'test.fn@0': 1,
      'test.rows@0': 20,
    });
    expect(params).toMatchObject({ candidate: 'forest', 'threshold.malicious': '0.9' });
    expect(tags).toMatchObject({ 'mlflow.user': 'ann', 'netwarden.bundle': 'tiny.bundle' });
  });

  it('goes on while the training run does', async () => {
    mirrored.has(madeVersion(1), endedRun(1, { status: 'running', finishedAt: null }));
    await mirrored.promote(1);
    expect(mlflow.run('netwarden.run', 'run-1').info.status).toBe('RUNNING');
  });
});

describe('on an old or a small server', () => {
  const promoteBoth = async (): Promise<void> => {
    mirrored.has(madeVersion(1), endedRun(1));
    mirrored.has(madeVersion(2), endedRun(2));
    await mirrored.promote(1);
    await mirrored.promote(2);
  };

  it('a tag stands for an alias that the server does not know, and is taken from who had it', async () => {
    mlflow.lacks = ['POST registered-models/alias', 'DELETE registered-models/alias', 'POST logged-models'];
    await promoteBoth();
    expect(tagged('alias.champion')).toEqual(['2']);
    await mirrored.promote(null);
    expect(tagged('alias.champion')).toEqual([]);
    expect(mirrored.warnings).toEqual(['the tracking server does not support aliases']);
  });

  it('the tag goes when the server learns aliases', async () => {
    mlflow.lacks = ['POST registered-models/alias'];
    mirrored.has(madeVersion(1), endedRun(1));
    await mirrored.promote(1);
    expect(tagged('alias.champion')).toEqual(['1']);
    mlflow.lacks = [];
    await mirrored.promote(1);
    expect(tagged('alias.champion')).toEqual([]);
    expect(mlflow.aliases).toEqual({ champion: '1' });
  });

  it('versions and aliases are tags of runs where there is no registry', async () => {
    mlflow.lacks = ['GET registered-models', 'POST registered-models', 'POST model-versions'];
    await promoteBoth();
    expect(mlflow.run('netwarden.run', 'run-1').tags).toMatchObject({
      'netwarden.registered_name': 'netwarden-tiny',
      'netwarden.version': '1',
    });
    expect(tagged('netwarden.alias.champion')).toEqual(['run-2']);
    expect(mlflow.files.has('1/r2/artifacts/model/tiny.bundle')).toBe(true);
    expect(mirrored.warnings).toEqual([
      'the tracking server has no model registry: versions and aliases become tags of runs',
    ]);
    await mirrored.promote(null);
    expect(tagged('netwarden.alias.champion')).toEqual([]);
  });

  it('a version of which it takes no files is registered where the server says that its files would be', async () => {
    mlflow.artifactRoot = 's3://bucket/';
    await promoteBoth();
    expect(mlflow.versions.map(({ source }) => source)).toEqual([
      's3://bucket/1/r1/artifacts/model',
      's3://bucket/1/r2/artifacts/model',
    ]);
    expect(tagged('netwarden.files')).toEqual(['run-1', 'run-2']);
    expect(mirrored.warnings).toEqual([
      'the tracking server leaves it to its clients to store artifacts: files stay here',
    ]);
  });

  it('a version whose source it refuses becomes tags of its run', async () => {
    mlflow.artifactRoot = '/srv/';
    mlflow.refusedSources = ['/srv/', 'runs:/'];
    await promoteBoth();
    expect(mlflow.versions).toEqual([]);
    expect(tagged('netwarden.alias.champion')).toEqual(['run-2']);
    mlflow.refusedSources = ['/srv/'];
    await mirrored.promote(2);
    expect(mlflow.versions.map(({ source }) => source)).toEqual(['runs:/r2/model']);
    expect(tagged('netwarden.alias.champion')).toEqual([]);
  });
});
