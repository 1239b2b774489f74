import request from 'supertest';
import { cli, eventually, type Server } from './support/program.js';
import { begunStages, type Body, endOf, order, runOf, stageReached, TinyQueue } from './support/queue.js';

describe('the queue of training runs', () => {
  const queue = new TinyQueue();
  let api: Server;
  let other: Server;
  let worker: Server;

  const atStage = (id: string, stage: string): ReturnType<typeof stageReached> =>
    queue.withDatabase((db) => stageReached(db, id, stage));
  const train = (...args: string[]): ReturnType<typeof cli> =>
    cli(['train', 'tiny', '--json', ...args], queue.env);

  beforeAll(async () => {
    await queue.prepare();
    [api, other] = await Promise.all([queue.start('api'), queue.start('api')]);
  });
  afterAll(() => queue.remove());

  describe('where no process is a worker', () => {
    let waiting: Body;

    it('runs wait', async () => {
      waiting = await order(api);
      await new Promise((wait) => setTimeout(wait, 1200));
      expect(await runOf(other, waiting.id)).toMatchObject({ status: 'queued', attempts: 0, worker: null });
    });

    it('the command line works on its own run', async () => {
      const { code, stdout } = await train('--promote', 'never');
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ status: 'succeeded', version: 1 });
      expect(await runOf(api, waiting.id)).toMatchObject({ status: 'queued' });
    });

    it('a run that waits is cancelled at once', async () => {
      const { body } = await request(other.url).post(`/v1/training-runs/${waiting.id}/cancel`).expect(202);
      expect(body).toMatchObject({ status: 'cancelled', startedAt: null });
      await request(api.url).post(`/v1/training-runs/${waiting.id}/cancel`).expect(409);
    });
  });

  describe('with a worker', () => {
    beforeAll(async () => {
      worker = await queue.start('worker');
    });

    it('the worker takes what is asked of another process, and answers nothing but its health', async () => {
      const run = await endOf(api, (await order(api)).id);
      expect(run).toMatchObject({ status: 'succeeded', version: 2, attempts: 1 });
      expect(run.worker).toContain(`/${worker.pid}/`);
      await request(worker.url).get('/health/live').expect(200);
      const refused = await request(worker.url).get('/v1/training-runs').expect(404);
      expect(refused.headers['content-type']).toMatch(/problem\+json/);
      expect(refused.body.detail).toContain('ROLE=worker');
    });

    it('makes one run of many requests with the same key, in whatever process they arrive', async () => {
      const send = (server: Server, body: object): request.Test =>
        request(server.url)
          .post('/v1/training-runs')
          .set('idempotency-key', 'nightly-1')
          .send({ detector: 'tiny', promote: 'never', ...body });
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, i) => send(i % 2 ? api : other, { seed: 5 })),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(202));
      expect(new Set(answers.map(({ body }) => (body as Body).id as string)).size).toBe(1);
      const refused = await send(other, { seed: 6 });
      expect(refused).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
      const faulty = await send(api, {}).set('idempotency-key', 'with blanks');
      expect(faulty).toMatchObject({ status: 400, body: { errors: [{ path: 'Idempotency-Key' }] } });

      const { id } = answers[0].body as Body;
      expect(await endOf(api, id)).toMatchObject({ status: 'succeeded', version: 3 });
      expect((await send(api, { seed: 5 })).body).toMatchObject({ id, status: 'succeeded' });
    });

    it('skips a run that would find nothing new, before its first stage', async () => {
      const { id } = await order(api, { unlessUnchanged: true });
      const run = await endOf(api, id);
      expect(run).toMatchObject({ status: 'skipped', version: null, failure: null });
      expect(run.reason).toMatch(/version \d was made from the same data, contract and code/);
      expect(await begunStages(api, id)).toEqual([]);
    });

    it('cancels within two seconds from another process, in the middle of a fit', async () => {
      const { id } = await order(api, { candidates: ['endless'] });
      expect(await atStage(id, 'training')).toMatchObject({ at: 'training' });
      await eventually(async () => (await runOf(api, id)).stages[3].progress > 0);
      const asked = Date.now();
      await request(other.url).post(`/v1/training-runs/${id}/cancel`).expect(202);
      const run = await endOf(api, id);
      expect(Date.now() - asked).toBeLessThan(2000);
      expect(run).toMatchObject({ status: 'cancelled', failure: { stage: 'training' }, version: null });
    });

    it('lets the command line wait for a run that the worker has taken', async () => {
      const endless = await order(api, { candidates: ['endless'] });
      await atStage(endless.id, 'training');
      const trained = train('--promote', 'never', '--seed', '8');
      await eventually(async () => {
        const { body } = await request(api.url).get('/v1/training-runs?pageSize=1');
        return body.items[0].actor.startsWith('cli ');
      });
      await request(api.url).post(`/v1/training-runs/${endless.id}/cancel`).expect(202);
      const { code, stdout } = await trained;
      const { run, status } = JSON.parse(stdout) as Body;
      expect([code, status]).toEqual([0, 'succeeded']);
      expect((await runOf(api, run)).worker).toContain(`/${worker.pid}/`);
    });

    it('gives a run back when the worker is stopped, and its successor goes on at once', async () => {
      const { id } = await order(api, { candidates: ['endless'] });
      await atStage(id, 'training');
      await worker.stop();
      expect(await runOf(api, id)).toMatchObject({
        status: 'queued',
        attempts: 0,
        reason: 'its worker was shut down',
      });
      worker = await queue.start('all');
      await eventually(async () => (await runOf(api, id)).status === 'running');
      expect(await runOf(api, id)).toMatchObject({ attempts: 1, reason: null });
      await request(worker.url).post(`/v1/training-runs/${id}/cancel`).expect(202);
      expect(await endOf(worker, id)).toMatchObject({ status: 'cancelled' });
    });
  });
});
