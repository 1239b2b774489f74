import { statSync } from 'node:fs';
import request from 'supertest';
import { phishingExample } from '../src/common/examples.js';
import { DatabaseLine } from './support/database-line.js';
import { Guarded, idOf, type Role, secretOf } from './support/guarded.js';
import { cli, eventually, freshCli, Server } from './support/program.js';

describe('an API key', () => {
  let guarded: Guarded;
  let server: Server;
  let keys: Record<Role, string>;

  beforeAll(async () => {
    guarded = await Guarded.open();
    ({ server, keys } = guarded);
  });
  afterAll(() => guarded?.close());

  it('shows a key once, and stores no more than its digest', async () => {
    const { body, headers } = await request(server.url)
      .post('/v1/admin/keys')
      .set('x-api-key', keys.admin)
      .send({ name: 'siem', role: 'scorer', detectors: ['phishing-website'] })
      .expect(201);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toMatchObject({ name: 'siem', role: 'scorer', createdBy: 'key a admin' });
    expect(await guarded.statusOf(body.key, '/v1/admin/models')).toBe(200);
    const listed = await request(server.url).get('/v1/admin/keys').set('x-api-key', keys.admin).expect(200);
    const stored = await guarded.sandbox.withDatabase((db) => db.collection('api_keys').find().toArray());
    for (const text of [listed.text, JSON.stringify(stored)]) {
      for (const key of [body.key, ...Object.values(keys)]) {
        expect(text).toContain(idOf(key));
        expect(text).not.toContain(secretOf(key));
      }
    }
    expect(listed.text).not.toContain('digest');
    expect(listed.body.items[0]).toMatchObject({ id: idOf(body.key), lastUsedAt: expect.any(String) });
  });

  it.each([
    [{ name: '', role: 'viewer' }, 'name'],
    [{ name: 'a\nb', role: 'viewer' }, 'name'],
    [{ name: 'a', role: 'root' }, 'role'],
    [{ name: 'a', role: 'viewer', detectors: [] }, 'detectors'],
    // Null is not what is left out: it would be a key for all detectors, without an end.
    [{ name: 'a', role: 'viewer', detectors: null }, 'detectors'],
    [{ name: 'a', role: 'viewer', expiresAt: null }, 'expiresAt'],
    [{ name: 'a', role: 'viewer', expiresAt: '2001-01-01' }, 'expiresAt'],
    [{ name: 'a', role: 'viewer', expiresAt: 4e12 }, 'expiresAt'],
    [{ name: 'a', role: 'viewer', expiresAt: { toString: 1 } }, 'expiresAt'],
    [{ name: { constructor: 1 }, role: 'viewer' }, 'name'],
  ])('refuses to make a key of %j', async (order, path) => {
    const { body } = await request(server.url)
      .post('/v1/admin/keys')
      .set('x-api-key', keys.admin)
      .send(order)
      .expect(400);
    expect(body.errors[0].path).toBe(path);
  });

  it('ends with the date of the key', async () => {
    const { body } = await request(server.url)
      .post('/v1/admin/keys')
      .set('x-api-key', keys.admin)
      .send({ name: 'short', role: 'viewer', expiresAt: new Date(Date.now() + 4000) })
      .expect(201);
    expect(await guarded.statusOf(body.key, '/v1/admin/models')).toBe(200);
    await eventually(async () => (await guarded.statusOf(body.key, '/v1/admin/models')) === 401, 10_000);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(body.expiresAt));
  });

  it('ends on every replica within two seconds of revoking the key', async () => {
    const replica = await Server.start(guarded.env);
    const key = await guarded.netwarden('keys', 'create', 'leaver', '--role', 'viewer');
    expect(await guarded.statusOf(key, '/v1/admin/models', replica)).toBe(200);
    const revoked = await request(server.url)
      .delete(`/v1/admin/keys/${idOf(key)}`)
      .set('x-api-key', keys.admin)
      .expect(200);
    const at = Date.now();
    expect(revoked.body).toMatchObject({ name: 'leaver', revokedAt: expect.any(String) });
    expect(await guarded.statusOf(key, '/v1/admin/models')).toBe(401);
    await eventually(async () => (await guarded.statusOf(key, '/v1/admin/models', replica)) === 401);
    // Two seconds, and one for a machine that does other things besides.
    expect(Date.now() - at).toBeLessThan(3000);
    await replica.stop();
  });

  it('goes on with the keys that were seen before while the database is away', async () => {
    const line = await DatabaseLine.open(guarded.env.MONGODB_URI);
    const cut = await Server.start({ ...guarded.env, MONGODB_URI: line.uri });
    const score = (key: string): request.Test =>
      request(cut.url)
        .post('/v1/score/phishing-website')
        .set('x-api-key', key)
        .send({ record: phishingExample });
    try {
      await score(keys.scorer).expect(200);
      line.cut();
      await new Promise((wait) => setTimeout(wait, 1500));
      for (let i = 0; i < 5; i++) {
        const start = performance.now();
        await score(keys.scorer).expect(200);
        expect(performance.now() - start).toBeLessThan(3000); // To look for the database takes 4 s.
      }
      // A balancer leaves it in its place: it can score.
      const ready = await request(cut.url).get('/health/ready').expect(200);
      expect(ready.body).toMatchObject({ status: 'degraded', database: { status: 'down' } });
      expect((await score(keys.trainer)).status).toBe(503);
      expect((await score('nonsense')).status).toBe(401);
    } finally {
      await cut.stop('SIGKILL');
      await line.close();
    }
  });

  it('is not needed for the documentation', async () => {
    await request(server.url).get('/').expect(302).expect('location', '/docs');
    await request(server.url).get('/docs').expect(200);
  });

  it('has to be an admin’s to promote whatever a run makes', async () => {
    const order = { detector: 'phishing-website', candidates: ['nothing'], promote: 'force' };
    const asked = (key: string): request.Test =>
      request(server.url).post('/v1/training-runs').set('x-api-key', key).send(order);
    expect((await asked(keys.trainer).expect(403)).body.detail).toMatch(
      /whatever comes out needs the role admin/,
    );
    await asked(keys.admin).expect(400);
  });

  it('sees and changes nothing of detectors that it is not for', async () => {
    const scoped = await guarded.netwarden(
      'keys',
      'create',
      'scoped',
      '--role',
      'admin',
      '--detectors',
      'phishing-website',
    );
    expect(await guarded.statusOf(scoped, '/v1/data/phishing-website/batches')).toBe(200);
    expect((await request(server.url).get('/v1/training-runs').set('x-api-key', scoped)).body.total).toBe(1);

    const [run] = (await request(server.url).get('/v1/training-runs').set('x-api-key', keys.viewer)).body
      .items;
    await guarded.sandbox.withDatabase((db) =>
      db
        .collection<{ _id: string }>('api_keys')
        .updateOne({ _id: idOf(scoped) }, { $set: { detectors: ['other'] } }),
    );
    await eventually(
      async () => (await guarded.statusOf(scoped, '/v1/data/phishing-website/batches')) === 403,
    );
    // Nor does it learn whether a run of another detector exists.
    for (const path of ['', '/report', '/events']) {
      for (const id of [run.id, 'nothing']) {
        const { status, body } = await request(server.url)
          .get(`/v1/training-runs/${id}${path}`)
          .set('x-api-key', scoped);
        expect({ path, status, code: body.code, detail: body.detail }).toEqual({
          path,
          status: 404,
          code: 'RUN_UNKNOWN',
          detail: `There is no training run '${id}'. GET /v1/training-runs lists them.`,
        });
      }
    }
    for (const path of [
      '/v1/training-runs?detector=phishing-website',
      '/v1/admin/models/phishing-website/versions',
      '/v1/admin/keys',
      '/v1/admin/audit',
    ]) {
      const { status, body } = await request(server.url).get(path).set('x-api-key', scoped);
      expect({ path, status, code: body.code }).toEqual({ path, status: 403, code: 'DETECTOR_OUT_OF_SCOPE' });
    }
    const score = request(server.url).post('/v1/score/phishing-website').set('x-api-key', scoped);
    await score.send({ record: phishingExample }).expect(403);
    const train = request(server.url).post('/v1/training-runs').set('x-api-key', scoped);
    await train.send({ detector: 'phishing-website' }).expect(403);
    await request(server.url).post(`/v1/training-runs/${run.id}/cancel`).set('x-api-key', scoped).expect(404);
    const lists = ['/v1/training-runs', '/v1/admin/models'].map((path) =>
      request(server.url).get(path).set('x-api-key', scoped).expect(200),
    );
    const [runs, models] = await Promise.all(lists);
    expect(runs.body).toMatchObject({ items: [], total: 0 });
    expect(models.body).toEqual([]);
  });

  it('stands in the audit with what it changed and what it was refused', async () => {
    await request(server.url)
      .post('/v1/admin/models/phishing-website/promote')
      .set('x-api-key', keys.admin)
      .send({ version: 1, reason: 'to see the name' })
      .expect(200);
    const before = new Date();
    await request(server.url)
      .post('/v1/admin/models/phishing-website/rollback')
      .set('x-api-key', keys.viewer)
      .send({ version: 1 })
      .expect(403);
    const ledger = await request(server.url)
      .get('/v1/admin/models/phishing-website/deployments')
      .set('x-api-key', keys.viewer);
    expect(ledger.body.items[0]).toMatchObject({ actor: 'key a admin', reason: 'to see the name' });
    const audit = (query = ''): request.Test =>
      request(server.url).get(`/v1/admin/audit${query}`).set('x-api-key', keys.admin).expect(200);
    // Refusals at one route within a minute are one event, whose path is that of the first.
    const refused = await eventually(async () => {
      const { items } = (await audit('?actor=key a viewer&pageSize=200')).body;
      return items.find(
        ({ path, lastAt }: { path: string; lastAt: string }) =>
          path.endsWith('/rollback') && new Date(lastAt) >= before,
      );
    });
    expect(refused).toMatchObject({
      actor: 'key a viewer',
      key: idOf(keys.viewer),
      method: 'POST',
      status: 403,
      count: expect.any(Number),
    });
    const { items } = (await audit()).body;
    expect(items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          actor: 'key a admin',
          path: '/v1/admin/models/phishing-website/promote',
          status: 200,
        }),
      ]),
    );
    const scored = items.filter(({ path }: { path: string }) => path.startsWith('/v1/score'));
    for (const { status } of scored) expect([401, 403]).toContain(status);
  });

  it('is written to no file where the database is that of MONGODB_URI', () => {
    expect(() => statSync(`${guarded.sandbox.folder}/admin.key`)).toThrow('ENOENT');
    expect(server.log).not.toContain('admin API key');
  });

  it('leaves no key in any log line', async () => {
    await request(server.url).get(`/v1/admin/models?key=${keys.admin}`).set('x-api-key', keys.admin);
    await request(server.url).get(`/nowhere/${keys.admin}`).set('authorization', `Bearer ${keys.admin}`);
    await eventually(() => Promise.resolve(server.log.includes('/nowhere/')));
    expect(server.log).toContain(`nw_${idOf(keys.admin)}_***`);
    for (const key of Object.values(keys)) expect(server.log).not.toContain(secretOf(key));
  });

  describe('from the command line', () => {
    it('makes, lists and revokes keys', async () => {
      const made = await cli(
        ['keys', 'create', 'nightly job', '--role', 'trainer', '--expires', '90d'],
        guarded.env,
      );
      expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^nw_[0-9a-f]{12}_[\w-]{43}\n$/) });
      expect(made.stderr).toContain('nightly job, trainer until');
      const key = made.stdout.trim();
      expect(await guarded.statusOf(key, '/v1/training-runs')).toBe(200);

      const { items } = JSON.parse(await guarded.netwarden('keys', 'list', '--json'));
      expect(items[0]).toMatchObject({
        id: idOf(key),
        role: 'trainer',
        createdBy: expect.stringMatching(/^cli \w/),
      });
      expect(Date.parse(items[0].expiresAt) - Date.now()).toBeGreaterThan(89 * 86_400_000);
      expect(await guarded.netwarden('keys', 'list')).toContain('nightly job');

      expect(await guarded.netwarden('keys', 'revoke', idOf(key))).toContain('is revoked');
      await eventually(async () => (await guarded.statusOf(key, '/v1/training-runs')) === 401);
    });

    it.each([
      [['create', 'x'], /--role/],
      [['create', 'x', '--role', 'root'], /Allowed choices are viewer, scorer, trainer, admin/],
      [['create', 'x;y', '--role', 'viewer'], /1 to 80 letters/],
      [['create', 'x', '--role', 'viewer', '--expires', 'soon'], /a time from now/],
      [['create', 'x', '--role', 'viewer', '--detectors', 'phishing-sites'], /phishing-website/],
      [['revoke', 'nothing'], /no API key 'nothing'/],
    ])('says what is wrong with keys %j', async (args, reason) => {
      const { code, stdout, stderr } = await cli(['keys', ...args], guarded.env);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(reason);
    });

    it('refuses to start without keys where others could reach it', async () => {
      const { code, stderr } = await freshCli(['serve'], { ...guarded.env, AUTH: 'off', HOST: '0.0.0.0' });
      expect(code).toBe(2);
      expect(stderr).toMatch(/AUTH: off is for HOST=127\.0\.0\.1 only/);
    });
  });
});
