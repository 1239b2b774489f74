import { createHash } from 'node:crypto';
import request from 'supertest';
import { hasMlflow, MlflowServer } from './support/mlflow.js';
import { cli, type Env, eventually, Sandbox, Server } from './support/program.js';
import { type Body, endOf, order, runOf, stageReached, TinyQueue } from './support/queue.js';
import { UnsteadyProxy } from './support/unsteady-proxy.js';

const name = 'netwarden-tiny';
const byKey = (pairs: readonly { key: string; value: string }[]): Record<string, string> =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const onServer = hasMlflow('current') ? describe : describe.skip;

onServer('a mirror on an MLflow server that comes and goes', () => {
  const queue = new TinyQueue();
  const ids: string[] = [];
  let mlflow: MlflowServer;
  let proxy: UnsteadyProxy;
  let server: Server;

  const env = (): Env => ({ ...queue.env, MLFLOW_TRACKING_URI: proxy.url });
  const startServer = async (): Promise<void> => void (server = await queue.start('all', env()));
  /** Orders a run and says its id. */
  const begin = async (): Promise<string> => {
    const { id } = await order(server, { promote: 'force', seed: ids.length });
    ids.push(id as string);
    return id as string;
  };
  const succeeded = async (id: string): Promise<void> =>
    expect(await endOf(server, id)).toMatchObject({ status: 'succeeded', promoted: true });
  /** Delivers what waits, whoever does it, and sees that nothing is left. */
  const synced = (): Promise<unknown> =>
    eventually(async () => (await cli(['tracking', 'sync', '--json'], env())).code === 0, 120_000);

  const search = async (filter: string): Promise<Body[]> => {
    const { experiment } = await mlflow.ask(`mlflow/experiments/get-by-name?experiment_name=${name}`);
    const asked = { experiment_ids: [experiment.experiment_id], filter, max_results: 1000 };
    return (await mlflow.ask('mlflow/runs/search', asked)).runs ?? [];
  };
  const runsOf = (id: string): Promise<Body[]> => search(`tags.\`netwarden.run\` = '${id}'`);
  const versions = async (): Promise<Body[]> => {
    const filter = encodeURIComponent(`name='${name}'`);
    return (await mlflow.ask(`mlflow/model-versions/search?filter=${filter}&max_results=1000`))
      .model_versions;
  };

  beforeAll(async () => {
    mlflow = await MlflowServer.stopped({ line: 'current' });
    proxy = await UnsteadyProxy.start(mlflow.url);
    await queue.prepare();
    await startServer();
  });

  afterAll(async () => {
    await queue.remove();
    await proxy?.stop();
    await mlflow?.remove();
  });

  it('waits, and says why, when it was away before the training', async () => {
    const id = await begin();
    await succeeded(id);
    const mirror = await eventually(async () => {
      const { mirror: shown } = await runOf(server, id);
      return shown?.error ? shown : null;
    });
    expect(mirror).toMatchObject({ state: 'pending', url: null });
    expect(mirror.error).toContain('did not reach the server');
    await eventually(async () => {
      const { code, stdout } = await cli(['tracking', 'sync'], env());
      expect(code).toBe(1);
      // The server may be trying itself just then.
      return /left: 2 waiting, because .*did not reach the server/.test(stdout);
    });

    await mlflow.start();
    await synced();
    const { mirror: reported } = await runOf(server, id);
    expect(reported).toMatchObject({ state: 'delivered', error: null });
    expect(reported.url).toContain((await runsOf(id))[0].info.run_id);
  });

  it('misses nothing when it is killed while a run trains', async () => {
    const id = await begin();
    await queue.withDatabase((db) => stageReached(db, id, 'training'));
    await mlflow.stop('SIGKILL');
    await succeeded(id);
    await mlflow.start();
    await synced();
    expect(await runsOf(id)).toHaveLength(1);
  });

  it('completes a file that it was killed in the middle of', async () => {
    const killed = proxy.mishap('cut body', 'PUT', /tiny\.bundle$/, () => mlflow.stop('SIGKILL'));
    const id = await begin();
    await succeeded(id);
    await killed;
    await mlflow.start();
    await synced();
    const [{ info, data }] = await runsOf(id);
    const bundle = await mlflow.file(info.artifact_uri, 'model/tiny.bundle');
    expect(sha256(bundle)).toBe(byKey(data.tags)['netwarden.bundle_sha256']);
  });

  it('finds what was made by a call whose answer was lost, or whose caller was killed', async () => {
    const lost = proxy.mishap('lost answer', 'POST', /runs\/create$/);
    const killed = proxy.mishap('lost answer', 'POST', /model-versions\/create$/, async () => {
      await server.stop('SIGKILL');
    });
    const id = await begin();
    await Promise.all([lost, killed]);
    await startServer();
    await succeeded(id);
    await synced();
    expect(await runsOf(id)).toHaveLength(1);
  }, 180_000);

  it('has every run, candidate, version and figure once in the end', async () => {
    const parents = (await Promise.all(ids.map(runsOf))).flat();
    expect(parents).toHaveLength(ids.length);
    const all = await search('');
    expect(all.map(({ info }) => info.status as string)).toEqual(all.map(() => 'FINISHED'));
    for (const { info, data } of parents) {
      const children = all.filter((run) => byKey(run.data.tags)['mlflow.parentRunId'] === info.run_id);
      expect(children.map(({ info: child }) => child.run_name as string)).toEqual(['quick']);
      const path = `mlflow/metrics/get-history?run_id=${info.run_id}&metric_key=test.f1`;
      expect((await mlflow.ask(path)).metrics).toHaveLength(1);
      expect(sha256(await mlflow.file(info.artifact_uri, 'model/tiny.bundle'))).toBe(
        byKey(data.tags)['netwarden.bundle_sha256'],
      );
    }
    const registered = await versions();
    expect(registered.map(({ tags }) => byKey(tags)['netwarden.made_by']).sort()).toEqual([...ids].sort());
    const models = await mlflow.ask('mlflow/logged-models/search', {
      experiment_ids: [parents[0].info.experiment_id],
    });
    expect(models.models.map(({ info }: Body) => info.source_run_id).sort()).toEqual(
      parents.map(({ info }) => info.run_id as string).sort(),
    );
    const { model_version: champion } = await mlflow.ask(
      `mlflow/registered-models/alias?name=${name}&alias=champion`,
    );
    expect(byKey(champion.tags)['netwarden.version']).toBe(String(ids.length));
  });

  it('lists what the server refuses, and sends it again when the cause is mended', async () => {
    proxy.goDown(true);
    const id = await begin();
    await succeeded(id);
    const { experiment } = await mlflow.ask(`mlflow/experiments/get-by-name?experiment_name=${name}`);
    const { run: rival } = await mlflow.ask('mlflow/runs/create', {
      experiment_id: experiment.experiment_id,
      tags: [{ key: 'netwarden.run', value: id }],
    });
    const { run_id } = rival.info;
    await mlflow.ask('mlflow/runs/log-parameter', { run_id, key: 'seed', value: 'another one' });
    proxy.goDown(false);
    const entry = `run/${id}`;
    const status = await eventually(async () => {
      await cli(['tracking', 'sync'], env());
      const { body } = await request(server.url).get('/v1/admin/tracking').expect(200);
      return body.dead.length > 0 && body.counts.pending === 0 ? body : null;
    });
    expect(status).toMatchObject({ enabled: true, problem: null, counts: { dead: 1 } });
    expect(status.dead[0]).toMatchObject({ id: entry, error: expect.stringContaining('runs/log-batch') });
    expect((await runOf(server, id)).mirror).toMatchObject({ state: 'dead' });
    const { stdout } = await cli(['tracking', 'status'], env());
    expect(stdout).toContain('1 given up');
    expect(stdout).toContain(entry);

    const retry = (body: object): request.Test =>
      request(server.url).post('/v1/admin/tracking/retry').send(body);
    expect((await retry({ ids: ['run/nobody'] }).expect(400)).text).toContain('run/nobody');
    await mlflow.ask('mlflow/runs/delete', { run_id });
    expect((await retry({ ids: [entry] }).expect(200)).body).toEqual({ retried: 1 });
    await synced();
    expect((await runOf(server, id)).mirror).toMatchObject({ state: 'delivered', error: null });
    expect(await runsOf(id)).toHaveLength(1);
  });

  it('gives a version back to an installation that has lost everything', async () => {
    const other = new Sandbox();
    const uri = `models:/${name}@champion`;
    const otherEnv = { ...other.env, SCHEMA_DIR: queue.env.SCHEMA_DIR, MLFLOW_TRACKING_URI: mlflow.url };
    try {
      const nobody = await cli(['models', 'import', '--from-mlflow', `models:/${name}@nobody`], otherEnv);
      expect(nobody).toMatchObject({ code: 2, stderr: expect.stringContaining(`no models:/${name}@nobody`) });
      const first = await cli(['models', 'import', '--from-mlflow', uri, '--json'], otherEnv);
      expect(first.stderr).toBe('');
      expect(JSON.parse(first.stdout)).toMatchObject({ detector: 'tiny', version: 1, created: true });
      const again = await cli(['models', 'import', '--from-mlflow', uri], otherEnv);
      expect(again.stdout).toContain('version 1 of tiny has this bundle already');
      expect((await cli(['models', 'promote', 'tiny', '1'], otherEnv)).code).toBe(0);
      const record = { record: { having_IP: 1, duration: 47.5, protocol: 'udp' } };
      const score = async (of: Server): Promise<number> =>
        (await request(of.url).post('/v1/score/tiny').send(record).expect(200)).body.probability;
      const there = await Server.start(otherEnv);
      try {
        expect(await score(there)).toBe(await score(server));
        const { body } = await request(there.url).get('/v1/admin/models/tiny/versions/1').expect(200);
        expect(body.lineage.imported).toMatchObject({
          source: expect.stringMatching(`^models:/${name}/\\d+ on ${mlflow.url}$`),
          version: ids.length,
        });
      } finally {
        await there.stop();
      }

      const [{ info }] = await runsOf(ids[0]);
      await mlflow.overwrite(info.artifact_uri, 'model/tiny.bundle', Buffer.from('something else'));
      const altered = (await versions()).find(({ run_id }) => run_id === info.run_id)!;
      const refused = await cli(
        ['models', 'import', '--from-mlflow', `models:/${name}/${altered.version}`],
        otherEnv,
      );
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('altered or damaged') });
      const files = await other.withDatabase((db) => db.collection('bundles.files').countDocuments());
      expect(files).toBe(1);
    } finally {
      await other.remove();
    }
  });
});

(hasMlflow('old') ? describe : describe.skip)(
  'a server of the 2.7 line without a registry, as DagsHub is',
  () => {
    const queue = new TinyQueue();
    let mlflow: MlflowServer;
    let proxy: UnsteadyProxy;

    beforeAll(async () => {
      mlflow = await MlflowServer.start({ line: 'old' });
      proxy = await UnsteadyProxy.start(mlflow.url, /registered-models|model-versions/);
      await queue.prepare();
    }, 180_000);

    afterAll(async () => {
      await queue.remove();
      await proxy?.stop();
      await mlflow?.remove();
    });

    it('has versions and aliases as tags of runs, with one warning', async () => {
      const env = { ...queue.env, MLFLOW_TRACKING_URI: proxy.url };
      const server = await queue.start('all', env);
      const counts = async (): Promise<Body> =>
        (await request(server.url).get('/v1/admin/tracking').expect(200)).body.counts;
      const runs: string[] = [];
      for (const seed of [1, 2]) {
        const { id } = await order(server, { promote: 'force', seed });
        runs.push(id as string);
        expect(await endOf(server, id as string)).toMatchObject({ status: 'succeeded', promoted: true });
        await eventually(async () => (await counts()).delivered === 2 * runs.length);
      }
      expect(await counts()).toMatchObject({ pending: 0, dead: 0 });

      const { experiment } = await mlflow.ask(`mlflow/experiments/get-by-name?experiment_name=${name}`);
      const search = { experiment_ids: [experiment.experiment_id], filter: "tags.`netwarden.run` != ''" };
      const found: Body[] = (await mlflow.ask('mlflow/runs/search', search)).runs;
      const aliases = found.map(({ data }) => [
        byKey(data.tags)['netwarden.run'],
        byKey(data.tags)['netwarden.alias.champion'],
      ]);
      expect(Object.fromEntries(aliases)).toEqual({ [runs[0]]: undefined, [runs[1]]: 'true' });
      for (const { info, data } of found) {
        const bundle = await mlflow.file(info.artifact_uri, 'model/tiny.bundle');
        expect(sha256(bundle)).toBe(byKey(data.tags)['netwarden.bundle_sha256']);
      }
      expect(server.log.match(/has no model registry/g)).toHaveLength(1);
      const status = JSON.parse((await cli(['tracking', 'status', '--json'], env)).stdout);
      expect(status).toMatchObject({ problem: null, capabilities: { registry: false, artifacts: true } });
    });

    it('gives back what its alias stands for', async () => {
      const other = new Sandbox();
      const env = { ...other.env, SCHEMA_DIR: queue.env.SCHEMA_DIR, MLFLOW_TRACKING_URI: proxy.url };
      try {
        const imported = await cli(
          ['models', 'import', '--from-mlflow', `models:/${name}@champion`, '--json'],
          env,
        );
        expect(imported.code).toBe(0);
        const stored = await queue.withDatabase((db) =>
          db.collection<Body>('model_versions').findOne({ version: 2 }),
        );
        expect(JSON.parse(imported.stdout)).toMatchObject({ created: true, sha256: stored!.sha256 });
      } finally {
        await other.remove();
      }
    });
  },
);
