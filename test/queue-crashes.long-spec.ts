import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { mongo } from 'mongoose';
import request from 'supertest';
import { tinySource } from '../src/detector/fixtures/tiny-contract.js';
import { eventually, Server } from './support/program.js';
import { type Body, endOf, order, runOf, stageReached, TinyQueue } from './support/queue.js';

const stages = ['ingestion', 'validation', 'transformation', 'training', 'evaluation', 'registration'];

/** Every document but the leases and the watches over promotions, which workers bring up to date all the time. */
async function everything(db: mongo.Db): Promise<Record<string, unknown[]>> {
  const names = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
  const entries = names
    .filter((name) => !['leases', 'watches'].includes(name))
    .sort()
    .map(async (name) => [name, await db.collection(name).find().sort({ _id: 1 }).toArray()] as const);
  return Object.fromEntries(await Promise.all(entries));
}

describe('training runs whose worker dies', () => {
  // Soon, so that the test is short: a machine that is too busy for a sign of life in that time fails it.
  const queue = new TinyQueue({ RUN_LEASE_MS: '2000', ORPHAN_BUNDLE_AGE_S: '6' });
  let api: Server;
  let workers: Server[];
  let seed = 0;

  /** Starts a run and waits for it to come so far. */
  const reach = async (
    stage: string,
    body: object = {},
  ): Promise<{ run: string; at: string; by: Server }> => {
    const { id } = await order(api, { seed: ++seed, ...body });
    const { at, pid } = await queue.withDatabase((db) => stageReached(db, id, stage));
    return { run: id as string, at, by: workers.find((worker) => worker.pid === pid)! };
  };
  /** Kills a worker; another one is there already, and a third takes the place of the dead. */
  const kill = async (worker: Server): Promise<void> => {
    await worker.stop('SIGKILL');
    workers = workers.filter((other) => other !== worker);
    workers.push(await queue.start('worker'));
  };

  beforeAll(async () => {
    await queue.prepare();
    [api, ...workers] = await Promise.all([queue.start('api'), queue.start('worker'), queue.start('worker')]);
  });
  afterAll(() => queue.remove());

  it.each(stages)('with kill -9 in %s are taken up again and succeed', async (stage) => {
    const { run, at, by } = await reach(stage);
    const [ended] = await Promise.all([endOf(api, run), kill(by)]);
    expect(stages.indexOf(at)).toBeGreaterThanOrEqual(stages.indexOf(stage));
    expect(ended).toMatchObject({ status: 'succeeded', failure: null });
    expect(ended.attempts).toBeGreaterThan(1);
    expect(ended.worker).not.toContain(`/${by.pid}/`);
  });

  it('have made one version each', async () => {
    const { training_runs: runs, model_versions: versions } = (await queue.withDatabase(
      everything,
    )) as Record<string, Body[]>;
    expect(runs.map(({ _id }) => _id as string).sort()).toEqual(
      versions.map(({ lineage }) => lineage.run as string).sort(),
    );
    for (const { _id, version } of runs) {
      expect(versions.find(({ lineage }) => lineage.run === _id)!.version).toBe(version);
    }
  });

  it('leave no bundle behind that no version names', async () => {
    const longAgo = new Date(Date.now() - 60_000);
    await queue.withDatabase(async (db) => {
      const upload = new mongo.GridFSBucket(db, { bucketName: 'bundles' }).openUploadStream('orphan');
      await new Promise((done) => upload.end(Buffer.from('never registered'), () => done(null)));
      await db.collection('bundles.files').updateOne({ _id: upload.id }, { $set: { uploadDate: longAgo } });
      const unfinished = mongo.ObjectId.createFromTime(longAgo.getTime() / 1000);
      await db
        .collection('bundles.chunks')
        .insertOne({ files_id: unfinished, n: 0, data: Buffer.from('half') });
    });
    const stored = await eventually(async () => {
      const found = (await queue.withDatabase(everything)) as Record<string, Body[]>;
      const files = new Set(found['bundles.files'].map(({ _id }) => String(_id)));
      const chunks = new Set(found['bundles.chunks'].map(({ files_id }) => String(files_id)));
      const named = new Set(found.model_versions.map(({ sha256 }) => sha256 as string));
      const clean = files.size === named.size && [...chunks].every((id) => files.has(id));
      return clean ? found : null;
    });
    const names = stored['bundles.files'].map(({ filename }) => filename as string);
    expect(stored.model_versions.every(({ sha256 }) => names.includes(sha256 as string))).toBe(true);
  });

  it('fail with the reason when three workers died over them', async () => {
    const { run, by } = await reach('training', { candidates: ['endless'] });
    await queue.withDatabase((db) =>
      db
        .collection<Body & { _id: string }>('training_runs')
        .updateOne({ _id: run }, { $set: { attempts: 3 } }),
    );
    const [ended] = await Promise.all([endOf(api, run), kill(by)]);
    expect(ended).toMatchObject({
      status: 'failed',
      version: null,
      failure: { code: 'INTERRUPTED', stage: 'training' },
    });
    expect(ended.failure.message).toContain('3 times');
  });

  it('are not written to by a worker that slept past its lease', async () => {
    const { run, by } = await reach('training', { candidates: ['endless'] });
    process.kill(by.pid, 'SIGSTOP');
    const asleep = new Date();
    await eventually(async () => (await runOf(api, run)).attempts === 2);
    await request(api.url).post(`/v1/training-runs/${run}/cancel`).expect(202);
    const ended = await endOf(api, run);
    expect(ended).toMatchObject({ status: 'cancelled', attempts: 2 });
    expect(ended.worker).not.toContain(`/${by.pid}/`);

    /** But for what it had sent before it slept, which the database may hear of only now. */
    const written = async (): Promise<object> => {
      const { run_events: events, ...others } = await queue.withDatabase(everything);
      return { ...others, events: (events as { at: Date }[]).filter(({ at }) => at >= asleep) };
    };
    const before = await written();
    process.kill(by.pid, 'SIGCONT');
    await eventually(() => Promise.resolve(by.log.includes('is left to another worker')));
    await new Promise((wait) => setTimeout(wait, 1000));
    expect(await written()).toEqual(before);
  });
});

describe('a training run that cannot come to its end', () => {
  const queue = new TinyQueue();
  const { folder } = queue.sandbox;
  const [wish, death] = [join(folder, 'end-members'), join(folder, 'death')];
  let server: Server;

  beforeAll(async () => {
    // Folds enough that the endless candidate is not done in time on a fast machine either.
    await queue.prepare({ training: { maxMinutes: 0.15 }, split: { ...tinySource.split, folds: 50 } });
    // Every thread of the server loads this first. A member of a team is the only one that is started with a port; where
    // the order lies there it ends as if it had been killed, at the first tree that it would take.
    const preload = join(folder, 'preload.mjs');
    writeFileSync(
      preload,
      `import { existsSync, writeFileSync } from 'node:fs';
      import { MessagePort, workerData } from 'node:worker_threads';
      if (workerData instanceof MessagePort && existsSync(${JSON.stringify(wish)}))
        Atomics.add = () => {
          writeFileSync(${JSON.stringify(death)}, String(Date.now()));
          process.exit(137);
        };`,
    );
    const NODE_OPTIONS = `--import=${pathToFileURL(preload).href}`;
    server = await Server.start({ ...queue.env, COMPUTE_THREADS: '2', NODE_OPTIONS }, 'fresh');
  });
  afterAll(async () => {
    await server?.stop();
    await queue.remove();
  });

  it('fails within ten seconds, with the reason, where a thread of its fit dies; the next one succeeds', async () => {
    writeFileSync(wish, '');
    const ended = await endOf(server, (await order(server)).id as string);
    expect(ended).toMatchObject({
      status: 'failed',
      version: null,
      failure: { code: 'THREAD_LOST', stage: 'training', message: expect.stringContaining('exit code 137') },
    });
    const seconds = (Date.parse(ended.finishedAt as string) - Number(readFileSync(death, 'utf8'))) / 1000;
    expect(seconds).toBeLessThan(10);

    rmSync(wish);
    const next = await endOf(server, (await order(server)).id as string);
    expect(next).toMatchObject({ status: 'succeeded', version: 1, attempts: 1 });
  });

  it('fails once it has taken as long as its contract allows; the next one succeeds', async () => {
    const ended = await endOf(server, (await order(server, { candidates: ['endless'] })).id as string);
    expect(ended).toMatchObject({
      status: 'failed',
      failure: {
        code: 'RUN_OUT_OF_TIME',
        stage: 'training',
        message: expect.stringContaining('not done within 0.15 minutes'),
      },
    });
    const next = await endOf(server, (await order(server, { seed: 7 })).id as string);
    expect(next).toMatchObject({ status: 'succeeded', version: 2 });
  });
});
