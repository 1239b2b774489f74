import { readFileSync } from 'node:fs';
import request from 'supertest';
import { eventually, Sandbox, Server, someData, someRows } from './support/program.js';

type Body = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- the assertions say what answers have

describe('training runs', () => {
  const sandbox = new Sandbox();
  // A worker that dies is noticed soon.
  const env = { ...sandbox.env, RUN_LEASE_MS: '5000' };
  let server: Server;

  const startRun = async (order: object): Promise<Body> =>
    (
      await request(server.url)
        .post('/v1/training-runs')
        .send({ detector: 'phishing-website', ...order })
        .expect(202)
    ).body;
  const runOf = async (id: string): Promise<Body> =>
    (await request(server.url).get(`/v1/training-runs/${id}`).expect(200)).body;
  const endOf = (id: string): Promise<Body> =>
    eventually(async () => {
      const run = await runOf(id);
      return ['queued', 'running'].includes(run.status) ? null : run;
    }, 200_000);
  const versions = async (): Promise<Body[]> =>
    (await request(server.url).get('/v1/admin/models/phishing-website/versions').expect(200)).body.items;

  beforeAll(async () => {
    server = await Server.start(env);
  });

  afterAll(async () => {
    await server?.stop();
    await sandbox.remove();
  });

  it('fails with the reason when there is no data', async () => {
    const { id } = await startRun({});
    const run = await endOf(id);
    expect(run).toMatchObject({ status: 'failed', failure: { code: 'NOT_ENOUGH_DATA', stage: 'ingestion' } });
    expect(run.failure.message).toContain('data push');
    await request(server.url).get(`/v1/training-runs/${id}/report`).expect(409);
  });

  it('fails on data that its validation rejects, and keeps the report', async () => {
    const lines = readFileSync(someData, 'utf8').split(/\r?\n/).slice(0, 101).join('\n');
    await request(server.url)
      .post('/v1/data/phishing-website')
      .set('content-type', 'text/csv')
      .send(lines)
      .expect(200);
    const run = await endOf((await startRun({})).id);
    expect(run).toMatchObject({
      status: 'failed',
      version: null,
      failure: { code: 'VALIDATION_FAILED', stage: 'validation' },
    });
    expect(run.failure.message).toContain('at least 500 are needed');
    expect(run.validation.status).toBe('failed');
    expect(await versions()).toEqual([]);
  });

  it('trains, registers and promotes, watched all the while', async () => {
    await request(server.url).post('/v1/data/phishing-website').attach('file', someData).expect(200);
    const started = await startRun({});
    expect(started).toMatchObject({ status: 'queued', options: { seed: 42, promote: 'gate' } });

    const seen = new Set<string>();
    const run = await eventually(async () => {
      await request(server.url).get('/health/live').expect(200);
      const now = await runOf(started.id);
      now.stages
        .filter((stage: Body) => stage.status === 'running')
        .forEach((stage: Body) => seen.add(stage.name));
      return now.status === 'queued' || now.status === 'running' ? null : now;
    }, 200_000);

    expect(run).toMatchObject({ status: 'succeeded', version: 1, promoted: true, failure: null });
    expect(seen.has('training')).toBe(true);
    expect(
      run.stages.every(
        (stage: Body) => stage.status === 'succeeded' && stage.progress === 1 && stage.durationMs >= 0,
      ),
    ).toBe(true);
    expect(run.validation).toMatchObject({ rows: someRows, duplicates: 2128, status: 'warned' });
    expect(run.candidates.map(({ name, folds }: Body) => [name, folds.length])).toEqual([
      ['random-forest', 5],
      ['gradient-boosting', 5],
      ['logistic-regression', 5],
    ]);
    const { validation, test } = run.evaluation;
    expect(validation.metrics.rows + test.metrics.rows).toBe(someRows);
    expect(test.metrics.rocAuc).toBeGreaterThan(0.97);
    expect(test.metrics.accuracy).toBeGreaterThan(0.92);
    for (const [low, high] of Object.values<[number, number]>(test.intervals))
      expect(low).toBeLessThanOrEqual(high);
    expect(test.intervals.rocAuc[0]).toBeLessThan(test.metrics.rocAuc);
    expect(test.metrics.recallAtFpr01).toBeGreaterThan(test.intervals.recallAtFpr01[0]);
    expect(test.intervals.tp[1]).toBeGreaterThan(test.metrics.confusion.tp);
    const { curves, importance } = run.evaluation;
    expect(curves.roc.length).toBeLessThanOrEqual(100);
    expect(curves.roc[0].band).toEqual({ falsePositiveRate: [0, 0], truePositiveRate: [0, 0] });
    for (const { band } of curves.reliability) expect(band.observed[0]).toBeLessThanOrEqual(band.observed[1]);
    expect(importance).toHaveLength(30);
    expect(importance.slice(0, 2).map(({ feature }: Body) => feature)).toEqual(
      expect.arrayContaining(['SSLfinal_State', 'URL_of_Anchor']),
    );
    expect(importance[1].mean).toBeGreaterThan(5 * importance[1].std);
    expect(importance[0].mean).toBeGreaterThanOrEqual(importance[1].mean);
    expect(run.gate.passed).toBe(true);
  });

  it('gives the same model to the last digit for the same seed, and another for another', async () => {
    const again = await endOf((await startRun({ promote: 'never' })).id);
    const other = await endOf(
      (await startRun({ promote: 'never', seed: 7, candidates: ['random-forest'] })).id,
    );
    const [third, second, first] = await versions();
    expect(second.sha256).toBe(first.sha256);
    expect(second.metrics).toEqual(first.metrics);
    expect(third.sha256).not.toBe(first.sha256);
    expect(third.lineage).toMatchObject({ seed: 7, fingerprint: first.lineage.fingerprint, rows: someRows });
    expect([again.promoted, other.promoted]).toEqual([false, false]);
    expect(again.validation.drift).toMatchObject({ numberOfColumns: 30, numberOfDriftedColumns: 0 });
    expect(again.gate.comparison).toMatchObject({ difference: 0 });
    const { body } = await request(server.url).get('/v1/admin/models');
    expect(body).toContainEqual(
      expect.objectContaining({
        detector: 'phishing-website',
        champion: 1,
        challenger: 3,
        challengerMode: 'none',
        lastVersion: 3,
      }),
    );
  });

  it('writes the validation report as JSON, YAML and a page', async () => {
    const { items } = (
      await request(server.url).get('/v1/training-runs?detector=phishing-website&pageSize=1')
    ).body;
    const report = `/v1/training-runs/${items[0].id}/report`;
    const json = await request(server.url).get(report).expect(200).expect('content-type', /json/);
    expect(json.body).toMatchObject({ rows: someRows, drift: { numberOfColumns: 30 } });
    const yaml = await request(server.url)
      .get(`${report}?format=yaml`)
      .expect(200)
      .expect('content-type', /yaml/);
    expect(yaml.text).toMatch(/^detector: phishing-website$/m);
    const html = await request(server.url)
      .get(`${report}?format=html`)
      .expect(200)
      .expect('content-type', /html/);
    expect(html.text).toContain('<td>SSLfinal_State');
    await request(server.url).get(`${report}?format=pdf`).expect(400);
  });

  it('cancels a run in the middle of its work, and one that waits', async () => {
    const slow = await startRun({ candidates: ['k-nearest-neighbors'] });
    const waiting = await startRun({});
    await eventually(async () => (await runOf(slow.id)).stages[3].status === 'running');
    await request(server.url).post(`/v1/training-runs/${waiting.id}/cancel`).expect(202);
    const asked = Date.now();
    await request(server.url).post(`/v1/training-runs/${slow.id}/cancel`).expect(202);
    const ended = await endOf(slow.id);
    expect(Date.now() - asked).toBeLessThan(2000);
    expect(ended).toMatchObject({
      status: 'cancelled',
      version: null,
      failure: { code: 'RUN_CANCELLED', stage: 'training' },
    });
    expect(await endOf(waiting.id)).toMatchObject({ status: 'cancelled', startedAt: null });
    const refused = await request(server.url).post(`/v1/training-runs/${slow.id}/cancel`).expect(409);
    expect(refused.body.code).toBe('RUN_FINISHED');
  });

  it('answers wrong orders with the field that is wrong', async () => {
    const bad = await request(server.url)
      .post('/v1/training-runs')
      .send({ detector: 'phishing-website', seed: -1, promote: 'maybe', speed: 'fast' })
      .expect(400);
    expect(bad.body.errors.map(({ path }: Body) => path).sort()).toEqual(['promote', 'seed', 'speed']);
    const candidate = await request(server.url)
      .post('/v1/training-runs')
      .send({ detector: 'phishing-website', candidates: ['perceptron'] })
      .expect(400);
    expect(candidate.body).toMatchObject({ code: 'CANDIDATE_UNKNOWN' });
    expect(candidate.body.detail).toContain('random-forest');
    await request(server.url).post('/v1/training-runs').send({ detector: 'nothing' }).expect(404);
    await request(server.url).get('/v1/training-runs/none').expect(404);
  });

  it('takes a run up again whose process died', async () => {
    const run = await startRun({ candidates: ['k-nearest-neighbors'] });
    await eventually(async () => (await runOf(run.id)).status === 'running');
    await server.stop('SIGKILL');
    server = await Server.start(env);
    const again = await eventually(async () => {
      const now = await runOf(run.id);
      return now.attempts === 2 && now.status === 'running' ? now : null;
    });
    expect(again.worker).toContain(`/${server.pid}/`);
    await request(server.url).post(`/v1/training-runs/${run.id}/cancel`).expect(202);
    await endOf(run.id);
  });
});
