import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { parse, stringify } from 'yaml';
import { decodeBundle, encodeBundle } from '../src/registry/bundle/bundle-codec.js';
import { DatabaseLine } from './support/database-line.js';
import { cli, eventually, type Server } from './support/program.js';
import { type Body, endOf, order, TinyQueue } from './support/queue.js';

const models = '/v1/admin/models/tiny';
const monitoring = '/v1/monitoring/tiny';

/** Records of which half are threats. */
const records = Array.from({ length: 100 }, (_, i) => ({
  having_IP: (i % 3) - 1,
  duration: i + 0.25,
  protocol: ['tcp', 'udp', 'icmp'][i % 3],
}));

describe('a detector in service', () => {
  const queue = new TinyQueue();
  let server: Server;
  let replica: Server;
  let line: DatabaseLine;

  const get = async (path: string): Promise<Body> =>
    (await request(server.url).get(path).expect(200)).body as Body;
  const score = async (at = server): Promise<Body[]> =>
    (await request(at.url).post('/v1/score/tiny').send({ records }).expect(200)).body.verdicts as Body[];
  const feedback = (id: string, body: object, at = server): request.Test =>
    request(at.url).post(`/v1/predictions/${id}/feedback`).send(body);
  const train = async (body: object): Promise<Body> =>
    endOf(server, (await order(server, body)).id as string);
  const servedBy = (version: number): Promise<Body[]> =>
    eventually(async () => {
      const verdicts = await score();
      return verdicts.every(({ model }) => model.version === version) && verdicts;
    });
  const watchOf = (version: number, status: string): Promise<Body> =>
    eventually(async () => {
      const { watch } = await get(monitoring);
      return watch?.version === version && watch.status === status && watch;
    });

  beforeAll(async () => {
    await queue.prepare();
    const contract = join(queue.env.SCHEMA_DIR, 'tiny.yaml');
    const watch = { minutes: 0.25, minPredictions: 50 };
    writeFileSync(contract, stringify({ ...parse(readFileSync(contract, 'utf8')), watch }));
    line = await DatabaseLine.open(queue.env.MONGODB_URI);
    [server, replica] = await Promise.all([
      queue.start('all', { WATCH_EVERY_S: '1' }),
      queue.start('api', { WATCH_EVERY_S: '1', MONGODB_URI: line.uri }),
    ]);
    expect(await train({})).toMatchObject({ status: 'succeeded', version: 1, failure: null });
    await servedBy(1);
    expect(await train({ seed: 7, promote: 'force' })).toMatchObject({
      status: 'succeeded',
      version: 2,
      failure: null,
    });
    await servedBy(2);
  });

  afterAll(async () => {
    await queue.remove();
    await line.close();
  });

  it('remembers what it answered, and what people say of it', async () => {
    const [{ id, verdict, probability }] = await score();
    // At once: what is not written yet is written for it.
    const first = await feedback(id, { label: 'threat', note: 'seen by hand' }).expect(200);
    expect(first.body).toMatchObject({
      id,
      detector: 'tiny',
      version: 2,
      servedBy: 'champion',
      verdict,
      probability,
      record: records[0],
      shadow: null,
      feedback: { label: 'threat', by: 'anonymous', note: 'seen by hand' },
      earlierFeedback: [],
    });
    const again = await cli(['feedback', id, 'benign', '--note', 'a partner'], queue.env);
    expect(again).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('it is benign, not threat as anonymous'),
    });
    expect(await get(`/v1/predictions/${id}`)).toMatchObject({
      feedback: { label: 'benign', by: expect.stringMatching(/^cli \w/), note: 'a partner' },
      earlierFeedback: [{ label: 'threat', by: 'anonymous', note: 'seen by hand' }],
    });
    const { items } = await get('/v1/admin/audit');
    const paths = items.map(({ actor, path }: Body) => `${actor.split(' ')[0]} ${path}`);
    for (const who of ['anonymous', 'cli']) expect(paths).toContain(`${who} /v1/predictions/${id}/feedback`);

    const unknown = await feedback('nothing', { label: 'threat' }).expect(404);
    expect(unknown.body).toMatchObject({
      code: 'PREDICTION_UNKNOWN',
      detail: expect.stringMatching(/within a second/),
    });
    expect((await feedback(id, { label: 'maybe' }).expect(400)).body.errors[0].path).toBe('label');
  });

  it('tells what its versions answered, how right they were, and drift', async () => {
    const verdicts = await score();
    for (const [i, { id }] of verdicts.entries()) {
      if (i % 10 === 5) await feedback(id, { label: i > 50 ? 'threat' : 'benign' }).expect(200);
    }
    const report = await get(`${monitoring}?since=${new Date(Date.now() - 600_000).toISOString()}`);
    expect(report).toMatchObject({ detector: 'tiny', champion: 2, shadows: [], canary: null });
    const [newest, oldest] = report.versions;
    expect([newest.version, oldest.version]).toEqual([2, 1]);
    expect(report.predictions).toBe(newest.predictions + oldest.predictions);
    expect(newest.threatRate).toMatchObject({ value: expect.closeTo(0.5, 1), of: newest.predictions });
    // And the one that is benign after all.
    expect(newest.feedback).toMatchObject({ tp: 5, fp: 0, tn: 6, fn: 0, precision: { value: 1, of: 5 } });
    expect(report.drift).toMatchObject({ version: 2, numberOfColumns: 3, enough: true });
    expect(report.log).toMatchObject({ enabled: true, dropped: 0, failedWrites: 0 });
    expect((await get(`${monitoring}?since=${new Date().toISOString()}`)).predictions).toBe(0);
    await request(server.url).get(`${monitoring}?since=yesterday`).expect(400);
    await request(server.url).get('/v1/monitoring/nothing').expect(404);

    const { code, stdout } = await cli(['monitor', 'tiny'], queue.env);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/threat rate[\s\S]*Watch over version 2/)]);
  });

  it('goes on answering as fast while the database is away, and logs it when it is back', async () => {
    const stateOf = async (): Promise<Body | null> => {
      const { status, body } = await request(replica.url).get(monitoring);
      return status === 200 ? body.log : null;
    };
    await score(replica);
    await eventually(async () => (await stateOf())?.waiting === 0);
    const { written } = (await stateOf())!;
    line.cut();
    for (let i = 0; i < 3; i++) {
      const start = performance.now();
      await score(replica);
      expect(performance.now() - start).toBeLessThan(1500);
    }
    await line.mend();
    const state = await eventually(async () => {
      const now = await stateOf();
      return now?.waiting === 0 && now;
    });
    expect(state).toMatchObject({ written: written + 300, dropped: 0 });
  });

  it('writes down the last answers of a process that is stopped', async () => {
    const verdicts = await score(replica);
    await replica.stop();
    expect(await get(`/v1/predictions/${verdicts.at(-1)!.id}`)).toMatchObject({ record: records.at(-1) });
  });

  it('keeps a promoted version that does as the one before', async () => {
    const watch = await watchOf(2, 'passed');
    expect(watch).toMatchObject({
      previous: 1,
      reason: expect.stringMatching(/stayed in the band of version 1/),
    });
    expect(watch.seen.threats.trials).toBeGreaterThanOrEqual(100);
    expect(watch.seen.previousThreats.trials).toBeGreaterThanOrEqual(100);
    expect(watch.checks.map(({ name, left }: Body) => [name, left])).toEqual([
      ['threat-rate', false],
      ['flip-rate', false],
      ['precision', false],
    ]);
    expect((await get(`${models}/deployments?pageSize=1`)).items[0]).toMatchObject({ kind: 'force', to: 2 });
  });

  it('goes back by itself from a version that calls everything a threat', async () => {
    const { body } = await request(server.url).get(`${models}/versions/2/bundle`).responseType('blob');
    const nervous = { ...decodeBundle(body as Buffer), thresholds: { suspicious: 0, malicious: 0.9 } };
    const imported = await request(server.url)
      .post(`${models}/versions`)
      .type('application/octet-stream')
      .send(encodeBundle(nervous))
      .expect(201);
    expect(imported.body.version).toBe(3);
    await score();
    // The band is that of what version 2 is known to have said when the next one is promoted.
    await eventually(async () => (await get(monitoring)).log.waiting === 0);
    await request(server.url).post(`${models}/promote`).send({ version: 3, expectedChampion: 2 }).expect(200);
    await servedBy(3);

    const watch = await watchOf(3, 'rolled-back');
    expect(watch.reason).toMatch(
      /^left the band of version 2 after \d+ predictions: threat-rate 1\.000 against 0\.\d+/,
    );
    expect(watch.checks.map(({ name, left }: Body) => [name, left])).toEqual([
      ['threat-rate', true],
      ['flip-rate', true],
      ['precision', false],
    ]);
    const { items } = await get(`${models}/deployments?pageSize=2`);
    expect(items).toMatchObject([
      { kind: 'rollback', actor: 'watch', from: 3, to: 2, reason: expect.stringContaining(watch.reason) },
      { kind: 'promote', from: 2, to: 3 },
    ]);
    const verdicts = await servedBy(2);
    expect(verdicts.some(({ verdict }) => verdict === 'benign')).toBe(true);
  });
});
