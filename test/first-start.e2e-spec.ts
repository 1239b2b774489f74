import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { phishingExample } from '../src/common/examples.js';
import { type Env, eventually, freshCli, Server } from './support/program.js';

describe('the first start on a machine with nothing configured', () => {
  const folder = mkdtempSync(join(tmpdir(), 'netwarden-first-'));
  // No MONGODB_URI: the embedded server has to be found or started. Only its program is shared with other tests.
  const env: Env = { DATA_DIR: folder, ENGINE_DIR: process.env.TEST_ENGINE_DIR!, PORT: '0' };
  const keyFile = join(folder, 'admin.key');
  const key = (): string => readFileSync(keyFile, 'utf8').trim();
  const note = join(folder, 'mongodb', 'server.json');

  afterAll(async () => {
    await eventually(() => Promise.resolve(!existsSync(note)));
    rmSync(folder, { recursive: true, force: true });
  });

  it('starts a database, leaves an admin key, pushes, trains, promotes and serves, a line a stage; the second start reuses it all', async () => {
    const first = await Server.start(env, 'fresh');
    try {
      for (const stage of [
        'ingestion',
        'validation',
        'transformation',
        'training',
        'evaluation',
        'registration',
      ]) {
        expect(first.log.match(new RegExp(`"${stage}: `, 'g'))).toHaveLength(1);
      }
      expect(first.log).toContain('11055 records stored');
      expect(first.log).toMatch(/version 1, promoted to champion/);
      expect(first.log).toMatch(/"context":"DatabaseModule","msg":"[^"]*(mongod|SecantusDB)/);
      expect(first.log).toContain(`the admin API key is in ${keyFile}`);
      expect(first.log).not.toContain(key());
      if (process.platform !== 'win32') expect(statSync(keyFile).mode & 0o777).toBe(0o600);
      await request(first.url)
        .post('/v1/score/phishing-website')
        .send({ record: phishingExample })
        .expect(401);
      const { body } = await request(first.url)
        .post('/v1/score/phishing-website')
        .set('x-api-key', key())
        .send({ record: phishingExample })
        .expect(200);
      expect(body.model.version).toBe(1);

      const { body: runs } = await request(first.url).get('/v1/training-runs').set('x-api-key', key());
      const run = await request(first.url)
        .get(`/v1/training-runs/${runs.items[0].id}`)
        .set('x-api-key', key());
      const { validation, evaluation } = run.body;
      expect(validation).toMatchObject({ rows: 11055, duplicates: 5206, status: 'warned' });
      expect(evaluation.validation.metrics.rows + evaluation.test.metrics.rows).toBe(11055);
      expect(evaluation.test.metrics.rocAuc).toBeGreaterThan(0.985);
      expect(evaluation.test.metrics.accuracy).toBeGreaterThan(0.94);

      const { body: addresses } = await request(first.url)
        .post('/v1/score/url')
        .set('x-api-key', key())
        .send({ urls: ['https://en.wikipedia.org/wiki/Zeek', 'http://paypal.com.secure-login.tk/webscr'] })
        .expect(200);
      expect(addresses.verdicts.map(({ verdict }: { verdict: string }) => verdict)).toEqual([
        'benign',
        'malicious',
      ]);
      expect(addresses.verdicts[1].reasons.map(({ text }: { text: string }) => text).join()).toMatch(
        /imitates paypal\.com/,
      );

      const shared = await freshCli(['data', 'list', 'phishing-website', '--json'], env);
      expect(JSON.parse(shared.stdout)).toMatchObject({ records: 11055 });
      expect(JSON.parse(readFileSync(note, 'utf8'))).toMatchObject({ pid: expect.any(Number) });
    } finally {
      expect(await first.stop()).toBe(0);
    }

    const start = performance.now();
    const second = await Server.start(env, 'fresh');
    try {
      expect(performance.now() - start).toBeLessThan(30_000);
      expect(second.log).not.toContain('training');
      await request(second.url).get('/health/ready').expect(200);
      const { body } = await request(second.url).get('/v1/admin/models').set('x-api-key', key());
      const model = { detector: 'phishing-website', champion: 1, challenger: null, lastVersion: 1 };
      expect(body).toContainEqual(expect.objectContaining(model));
    } finally {
      await second.stop();
    }
  });
});
