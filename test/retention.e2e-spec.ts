import { mongo } from 'mongoose';
import request from 'supertest';
import { cli, type Sandbox, Server } from './support/program.js';
import { trainedSandbox } from './support/trained.js';

const detector = 'phishing-website';
const models = `/v1/admin/models/${detector}`;
const dayMs = 86_400_000;
const ago = (days: number): Date => new Date(Date.now() - days * dayMs);

interface Row {
  readonly _id: string;
  readonly [name: string]: unknown;
}

interface Freed {
  readonly count: number;
  readonly bytes: number;
}

interface Decision {
  readonly version: number;
  readonly kept: boolean;
  readonly reasons: readonly string[];
  readonly bytes: number;
}

interface Outcome {
  readonly detector: string;
  readonly decisions: readonly Decision[];
  readonly versions: Freed;
  readonly runs: Freed;
  readonly predictions: Freed;
}

function ofDetector({ detectors }: { readonly detectors: readonly Outcome[] }): Outcome {
  return detectors.find((outcome) => outcome.detector === detector)!;
}

/** Versions 1 to 8, of which 4 and 5 are not needed; 5 has the champion's bundle, 4 one of its own. */
async function grow(db: mongo.Db): Promise<void> {
  const [versions, cards, runs] = ['model_versions', 'model_cards', 'training_runs'].map((name) =>
    db.collection<Row>(name),
  );
  const original = (await versions.findOne({ version: 1 }))!;
  const card = (await cards.findOne({}))!;
  const [file] = await db.collection('bundles.files').find().toArray();
  const bytes = await db.collection('bundles.chunks').find({ files_id: file._id }).toArray();
  for (let version = 2; version <= 8; version++) {
    const _id = `${detector}/${version}`;
    const own = version === 4 && { sha256: '4'.repeat(64), size: 4444 };
    const tags = version === 6 ? [{ key: 'keep', value: 'audit', by: 'ann', at: new Date() }] : [];
    await versions.insertOne({
      ...original,
      ...own,
      _id,
      version,
      tags,
      lineage: { run: `copy ${version}` },
    });
    await cards.insertOne({ ...card, _id });
  }
  const id = new mongo.ObjectId();
  const old = { uploadDate: ago(1) };
  await db.collection('bundles.files').updateMany({}, { $set: old });
  await db.collection('bundles.files').insertOne({ ...file, ...old, _id: id, filename: '4'.repeat(64) });
  await db
    .collection('bundles.chunks')
    .insertMany(bytes.map((chunk) => ({ ...chunk, _id: new mongo.ObjectId(), files_id: id })));
  await db.collection<Row>('model_aliases').updateOne({ _id: detector }, { $set: { lastVersion: 8 } });

  const run = (await runs.findOne({}))!;
  const ended = { createdAt: ago(100), finishedAt: ago(99) };
  await runs.updateMany({}, { $set: ended });
  await runs.insertMany([
    { ...run, ...ended, _id: 'copy 4' },
    { ...run, ...ended, _id: 'copy 7' },
    { ...run, ...ended, _id: 'long ago', status: 'failed' },
    {
      ...run,
      ...ended,
      _id: 'untold',
      status: 'failed',
      mirror: { state: 'pending', url: null, error: null },
    },
    { ...run, _id: 'lately', status: 'failed', createdAt: ago(5), finishedAt: ago(5) },
    { ...run, _id: 'waiting', status: 'queued', reserved: null, createdAt: ago(100), finishedAt: null },
  ]);
  await db
    .collection('run_events')
    .insertMany(
      ['long ago', 'lately'].map((of) => ({ run: of, seq: 1, type: 'status', data: {}, at: new Date() })),
    );
  const prediction = { detector, version: 1, probability: 0.5, verdict: 'benign', values: [1], shadow: null };
  await db.collection<Row>('predictions').insertMany([
    { ...prediction, _id: 'old', at: ago(31), feedback: null },
    { ...prediction, _id: 'known', at: ago(31), feedback: { label: 1, at: ago(30), by: 'ann', note: null } },
    { ...prediction, _id: 'new', at: ago(29), feedback: null },
  ]);
}

describe('retention', () => {
  let sandbox: Sandbox;
  let server: Server;
  let env: Sandbox['env'];

  const get = (path: string): request.Test => request(server.url).get(path);
  const post = (path: string, body: object = {}): request.Test => request(server.url).post(path).send(body);
  const apply = (dryRun: boolean): request.Test => post('/v1/admin/retention', { dryRun });
  /** All that retention may delete. */
  const everything = (): Promise<Record<string, string[]>> =>
    sandbox.withDatabase(async (db) => {
      const names = [
        'bundles.files',
        'bundles.chunks',
        'model_cards',
        'training_runs',
        'run_events',
        'predictions',
      ];
      const idsOf = async (name: string): Promise<string[]> =>
        (await db.collection(name).distinct(name === 'run_events' ? 'run' : '_id')).map(String).sort();
      return Object.fromEntries(
        await Promise.all(names.map(async (name) => [name, await idsOf(name)] as const)),
      );
    });

  beforeAll(async () => {
    sandbox = await trainedSandbox({ without: ['records', 'run_events'] });
    env = { ...sandbox.env, RETAIN_VERSIONS: '2', ROLE: 'api' };
    await sandbox.withDatabase(grow);
    server = await Server.start(env);
    await post(`${models}/promote`, { version: 2 }).expect(200);
    await post(`${models}/promote`, { version: 3 }).expect(200);
  });

  afterAll(async () => {
    await server?.stop();
    await sandbox.remove();
  });

  it('tells first what would go and why the rest stays, and deletes nothing', async () => {
    const before = await everything();
    const { body } = await apply(true).expect(200);
    expect(body).toMatchObject({
      dryRun: true,
      by: 'anonymous',
      policy: { versions: 2, runsDays: 90, predictionsDays: 30 },
    });
    const outcome = ofDetector(body);
    expect(
      outcome.decisions.map(({ version, kept, reasons, bytes }) => [
        version,
        kept,
        reasons.join(),
        bytes > 0,
      ]),
    ).toEqual([
      [8, true, 'newest', false],
      [7, true, 'newest', false],
      [6, true, 'tag keep', false],
      [5, false, 'not among the newest 2', false],
      [4, false, 'not among the newest 2', true],
      [3, true, 'champion', false],
      [2, true, 'champion before', false],
      [1, true, 'champion before', false],
    ]);
    expect(outcome).toMatchObject({
      detector,
      versions: { count: 2, bytes: 4444 },
      runs: { count: 2, bytes: expect.any(Number) },
      predictions: { count: 1, bytes: expect.any(Number) },
    });
    expect(outcome.runs.bytes).toBeGreaterThan(1000);
    expect(outcome.predictions.bytes).toBeGreaterThan(100);
    expect(await everything()).toEqual(before);
    expect((await get('/v1/admin/retention').expect(200)).body).toMatchObject({ nightly: true, last: null });
    expect((await get(`${models}/versions/4`)).body.pruned).toBeNull();
  });

  it('waits for another process that is at it', async () => {
    await sandbox.withDatabase((db) =>
      db.collection<Row>('leases').insertOne({
        ...{ _id: 'retention', owner: 'someone', token: 1 },
        expiresAt: new Date(Date.now() + 60_000),
      }),
    );
    expect((await apply(false).expect(409)).body.code).toBe('RETENTION_RUNNING');
    await sandbox.withDatabase((db) => db.collection<Row>('leases').deleteOne({ _id: 'retention' }));
  });

  it('deletes just that', async () => {
    const before = await everything();
    const plan = (await apply(true)).body;
    const { body } = await apply(false).expect(200);
    expect(body).toMatchObject({ ...plan, dryRun: false, at: expect.any(String) });
    const after = await everything();
    expect(after['bundles.files']).toHaveLength(before['bundles.files'].length - 1);
    expect(after['bundles.chunks'].length).toBeLessThan(before['bundles.chunks'].length);
    expect(after.model_cards).toEqual([1, 2, 3, 6, 7, 8].map((version) => `${detector}/${version}`));
    const gone = (name: string): string[] => before[name].filter((id) => !after[name].includes(id));
    // The runs of versions 1 and 7 stay as long as these do.
    expect(gone('training_runs')).toEqual(['copy 4', 'long ago']);
    expect(gone('run_events')).toEqual(['long ago']);
    expect(gone('predictions')).toEqual(['old']);

    const again = ofDetector((await apply(false).expect(200)).body);
    expect([again.versions.count, again.runs.count, again.predictions.count]).toEqual([0, 0, 0]);
    expect(await everything()).toEqual(after);
    const { last } = (await get('/v1/admin/retention')).body;
    expect(last).toMatchObject({ dryRun: false, by: 'anonymous' });
    expect(ofDetector(last)).toEqual(again);
  });

  it('leaves a row of what it has pruned, which says so wherever it is needed', async () => {
    const tombstone = (await get(`${models}/versions/4`).expect(200)).body;
    expect(tombstone).toMatchObject({
      version: 4,
      metrics: { rocAuc: expect.any(Number) },
      lineage: { run: 'copy 4' },
      pruned: { at: expect.any(String), by: 'anonymous', reason: 'not among the newest 2' },
    });
    expect(tombstone).not.toHaveProperty('pruning');
    expect((await get(`${models}/versions`)).body.total).toBe(8);
    for (const asked of [
      post(`${models}/promote`, { version: 4 }),
      post(`${models}/promote`, { version: 4, dryRun: true }),
      post(`${models}/rollback`, { version: 5 }),
      post(`${models}/challenge`, { version: 5, mode: 'shadow' }),
      get(`${models}/versions/4/bundle`),
      get(`${models}/versions/4/card`),
      get(`${models}/versions/compare?versions=3,4`),
      post(`${models}/versions/4/preview`),
    ]) {
      const { body } = await asked.expect(410);
      expect(body).toMatchObject({
        code: 'VERSION_PRUNED',
        detail: expect.stringMatching(/was pruned at .* by/),
      });
    }
    await get(`${models}/versions/5/bundle`).expect(410);
    await get(`${models}/versions/3/bundle`).expect(200);
    expect((await post(`${models}/rollback`).expect(200)).body).toMatchObject({ from: 3, to: 2 });
  });

  it('refuses orders that are not clear', async () => {
    expect((await post('/v1/admin/retention').expect(400)).body.errors[0].path).toBe('dryRun');
    await post('/v1/admin/retention', { dryRun: true, detector: 'nothing' }).expect(404);
    const none = await post('/v1/admin/retention', { dryRun: true, detector: null }).expect(400);
    expect(none.body.errors[0].path).toBe('detector');
    const bad = await cli(['prune', '--dry-run'], { ...env, RETAIN_VERSIONS: '0' });
    expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining('RETAIN_VERSIONS') });
  });

  it('is had from the command line, and stands in the audit', async () => {
    const wider = { ...env, RETAIN_VERSIONS: '1' };
    const dry = await cli(['prune', '--dry-run', '--detector', detector], wider);
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout).toMatch(/The newest 1 versions, 90 days of runs/);
    expect(dry.stdout).toMatch(/versions +1 +0\n/);
    expect(dry.stdout).toMatch(/8 +\S+ +stays +newest[\s\S]*7 +\S+ +goes +not among the newest 1/);
    const done = JSON.parse((await cli(['prune', '--json'], wider)).stdout);
    expect(done).toMatchObject({ dryRun: false, by: expect.stringMatching(/^cli /) });
    const shown = await cli(['models', 'show', detector, '7'], env);
    expect(shown.stdout).toMatch(/pruned by cli .*: not among the newest 1/);
    const refused = await cli(['models', 'promote', detector, '7'], env);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('Version 7 of') });
    const { items } = (await get(`/v1/admin/audit?actor=${encodeURIComponent(done.by)}`)).body;
    expect(items).toMatchObject([{ method: 'POST', path: '/v1/admin/retention', status: 200 }]);
  });
});
